#!/bin/sh
# Writes the man pages and the completion for bash from what the command says about itself, so that
# an option stands in one table only.
# Usage: tools/pages.sh PASO FOLDER
set -eu

paso=$1
out=$2
mkdir -p "$out"
rm -f "$out"/*.1 "$out"/paso
version=$("$paso" --version | cut -d' ' -f2)
commands=$("$paso" --help | awk '/^  paso /{exit} /^  [a-z]/{print $1}')

# Help on stdin; "name" is the page. Options are lines such as "  -n, --members N   doc".
page() {
    awk -v name="$1" -v version="$version" '
    function safe(text) {
        gsub(/\\/, "\\e", text); gsub(/-/, "\\-", text)
        return text ~ /^[.\x27]/ ? "\\&" text : text
    }
    function option(line,    words, rest) {
        sub(/^ +/, "", line)
        match(line, /--[a-z-]+( [^ ]+)?/)
        words = substr(line, 1, RSTART + RLENGTH - 1)
        rest = substr(line, RSTART + RLENGTH)
        sub(/^ +/, "", rest)
        printf ".TP\n.B %s\n%s\n", safe(words), safe(rest)
    }
    BEGIN { printf ".TH \"%s\" 1 \"\" \"paso %s\" \"Paso\"\n.SH NAME\n", toupper(name), version }
    NR == 1 { usage = $0; next }
    NR == 2 && name != "paso" { sub(/^ +/, ""); printf "%s \\- %s\n.SH SYNOPSIS\n.B %s\n", safe(name), safe($0), safe(usage); next }
    NR == 2 { printf "paso \\- a policy laboratory for migration corridors\n.SH SYNOPSIS\n.B %s\n.SH COMMANDS\n", safe(usage); next }
    /^ +(-., )?--[a-z]/ { if (!options++) print ".SH OPTIONS"; option($0); next }
    /^$/ { blank = 1; next }
    name == "paso" && /^  [a-z]/ && !/^  paso / {
        sub(/^  /, ""); at = match($0, /  +[^ ]/)
        printf ".TP\n.B paso %s\n%s\n", safe(substr($0, 1, at - 1)), safe(substr($0, at + RLENGTH - 1))
        next
    }
    name != "paso" && /^  / { sub(/^  /, ""); printf ".SH EXAMPLE\n.nf\n%s\n.fi\n", safe($0); next }
    { sub(/^  /, ""); if (blank) print ".PP"; else if (/^paso|^PASO_/) print ".br"; blank = 0; print safe($0) }
    END { if (name != "paso") print ".SH SEE ALSO\n.BR paso (1)" }'
}

"$paso" --help | page paso >"$out/paso.1"
for command in $commands; do
    "$paso" "$command" --help | page "paso-$command" >"$out/paso-$command.1"
done

# A case for each command: its options, and which of them take what.
{
    echo "# bash completion for paso $version; made by tools/pages.sh"
    echo '_paso() {'
    echo '    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} options= values= kind=file'
    echo '    COMPREPLY=()'
    echo '    if [ "$COMP_CWORD" -eq 1 ]; then'
    echo "        COMPREPLY=(\$(compgen -W '$(echo $commands) --help --version' -- \"\$word\"))"
    echo '        return'
    echo '    fi'
    echo '    case ${COMP_WORDS[1]}:$before in'
    for command in $commands; do
        "$paso" "$command" --help | awk -v command="$command" '
        /^ +(-., )?--[a-z]/ {
            match($0, /--[a-z-]+/); long = substr($0, RSTART, RLENGTH)
            rest = substr($0, RSTART + RLENGTH)
            letter = match($0, /^ +-[a-zA-Z],/) ? "|" command ":" substr($0, RLENGTH - 2, 2) : ""
            if (rest !~ /^ [^ ]/) next
            split(rest, part, " ")
            if (part[1] ~ /\|/) { gsub(/\|/, " ", part[1]); act = "values=\x27" part[1] "\x27" }
            else if (part[1] == "FILE") act = "kind=file"
            else act = "kind=none"
            printf "    %s:%s%s) %s ;;\n", command, long, letter, act
        }'
    done
    echo '    *)'
    echo '        case ${COMP_WORDS[1]} in'
    for command in $commands; do
        "$paso" "$command" --help | awk -v command="$command" '
        NR == 1 && / DIR /{ kind = "; kind=folder" }
        /^ +(-., )?--[a-z]/ { match($0, /--[a-z-]+/); all = all " " substr($0, RSTART, RLENGTH) }
        END { printf "        %s) options=\x27%s\x27%s ;;\n", command, substr(all, 2), kind }'
    done
    echo '        esac ;;'
    echo '    esac'
    echo '    if [ -n "$values" ]; then'
    echo '        COMPREPLY=($(compgen -W "$values" -- "$word"))'
    echo '    elif [ "${word#-}" != "$word" ]; then'
    echo '        COMPREPLY=($(compgen -W "$options" -- "$word"))'
    echo '    elif [ "$kind" = folder ]; then'
    echo '        COMPREPLY=($(compgen -d -- "$word"))'
    echo '    elif [ "$kind" = file ]; then'
    echo '        COMPREPLY=($(compgen -f -- "$word"))'
    echo '    fi'
    echo '}'
    echo 'complete -o filenames -F _paso paso'
} >"$out/paso"
