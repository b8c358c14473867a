# One hundred kills at random moments.
. "$SOURCE/tests/support/cli.sh"
. "$SOURCE/tests/support/kill.sh"
kill_runs 100 3000
finish
