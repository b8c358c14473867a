# paso serve: its one line, its options, its end. What it answers is tested in tests/test_serve*.py.
. "$SOURCE/tests/support/cli.sh"

# start WORDS: starts a server and waits for its address in $url.
start() {
    rm -f url
    mkfifo url
    "$PASO" serve "$@" >url 2>err &
    server=$!
    read -r url <url
}
# stop SIGNAL: ends it; $code and err are kept.
stop() {
    kill -s "$1" "$server"
    wait "$server"
    code=$?
}

start tutorial --port 0 --members 1
case $url in http://127.0.0.1:[0-9]*/) ;; *) fail "expected an address, found $url" ;; esac
stop INT
expect_code 0
echo "Ctrl-C ends it" >expected
same err expected

start tutorial --port 0 --members 1 --quiet --threads 1 --seed 7 --read-only
stop TERM
expect_code 0
empty err

# Ended while the stored members are still being made.
start us-mexico --port 0 --quiet
stop INT
expect_code 0
empty err

run serve
expect_code 2
run serve nowhere
expect_code 3
has err "nowhere: no such corridor"
run serve "$SOURCE/tests/bad/data-read"
expect_code 3
empty out
has err "expected a series without gaps"
run serve tutorial --port 65536
expect_code 2
has err "--port: expected at most 65535"
run serve tutorial --members 0
expect_code 2
has err "--members: expected 1 to 1000"
run serve tutorial --members 1001
expect_code 2
run serve tutorial --threads 1025
expect_code 2
run serve tutorial --seed 9007199254740992
expect_code 2
has err "--seed: expected at most 9007199254740991 for a page"
run serve tutorial --port x
expect_code 2
run serve --help
expect_code 0
has out "--read-only"
finish
