# What is installed works from where it is: the library through pkg-config, both ways; man pages; completion.
. "$SOURCE/tests/support/cli.sh"
unset PASO_CORRIDORS
build=$(dirname "$PASO")
cc=${TEST_CC:-cc}

cmake --install "$build" --prefix "$here/usr" >out 2>err || fail "cmake --install"
pc=$(find usr -name paso.pc)
[ -n "$pc" ] || fail "no paso.pc"
export PKG_CONFIG_PATH=$here/$(dirname "$pc")
libdir=$(pkg-config --variable=libdir paso)
includes=$(find usr/include -name '*.h' | wc -l)
[ "$includes" -eq "$(find "$SOURCE/include" -name '*.h' | wc -l)" ] || fail "$includes headers"

# A sanitized library needs the sanitizers' runtime in the program.
sanitize=
if nm -D "$libdir/libpaso.so" | grep -q __asan_init; then sanitize=-fsanitize=address,undefined; fi

build_example() { # NAME LIBRARIES
    "$cc" -std=c17 -Wall -Wextra -Werror $sanitize $(pkg-config --cflags paso) "$SOURCE/examples/fork.c" \
        -o "$1" $2 >out 2>err || fail "the example does not compile: $2"
}
corridor=usr/share/paso/corridors/tutorial
build_example shared "$(pkg-config --libs paso)"
LD_LIBRARY_PATH=$libdir ./shared "$corridor" 2023-09-10 more-slots waiting >out 2>err
code=$?
expect_code 0
has out "2023-10-01"
[ "$(wc -l <out)" -eq 9 ] || fail "expected nine months"
cp out kept
build_example static "$libdir/libpaso.a $(pkg-config --static --libs paso | sed 's/-lpaso//')"
./static "$corridor" 2023-09-10 more-slots waiting >out 2>err
same out kept
LD_LIBRARY_PATH=$libdir ./shared "$corridor" 2023-09-10 more-slot waiting >out 2>err
[ $? -eq 1 ] || fail "a wrong policy"
has err "did you mean more-slots?"

# the command says the same
usr/bin/paso run "$corridor" -n 50 --until 2023-09-10 --save-state s -q >out 2>err || fail "--save-state"
usr/bin/paso compare "$corridor" --start s -p as-happened -p more-slots --json -q >out 2>err || fail "--start"
py '
import json
rows = [r for r in json.load(open("out")) if r["observable"] == "waiting" and r["over"] == "last" and r["statistic"] == "mean"]
last = open("kept").read().splitlines()[-1].split()[1]
assert abs(rows[0]["value"] - float(last)) < 0.06, (rows, last)'

# every command has a page, and nothing in them upsets the formatter
"$PASO" --help | awk '/^  paso /{exit} /^  [a-z]/{print $1}' >commands
[ -s commands ] || fail "no commands"
while read -r command; do
    page=usr/share/man/man1/paso-$command.1
    [ -s "$page" ] || { fail "no page for $command"; continue; }
    "$PASO" "$command" --help | grep -oE -- '--[a-z-]+' | sort -u | sed 's/-/\\-/g' | while read -r option; do
        grep -qF -- "$option" "$page" || echo "$command $option"
    done >missing
    empty missing
    if command -v groff >/dev/null; then groff -man -Tutf8 -ww "$page" >/dev/null 2>err && empty err; fi
done <commands
if command -v man >/dev/null; then
    MANPATH=$here/usr/share/man man paso-run 2>err | col -b >out 2>/dev/null
    has out "--save-state FILE"
fi

# completion
complete_words() { # WORD...
    bash -c '. usr/share/bash-completion/completions/paso
             COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _paso; printf "%s\n" "${COMPREPLY[@]}"' - "$@" >out 2>err
    empty err
}
complete_words paso co
has out compare
complete_words paso run --sav
has out --save-state
complete_words paso run --format c
[ "$(cat out)" = csv ] || fail "formats"
complete_words paso run us
has out usr
complete_words paso run --start s
has out s
complete_words paso run --members ''
[ -z "$(cat out)" ] || fail "a number is not completed"
finish
