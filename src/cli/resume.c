/* The command that goes on with a run that was cut off, as it must be typed. How it goes on stands
 * in src/session/run.c. */
#include <string.h>

#include "cli/session.h"

static bool is_plain(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:=,+@%^";
    return word[0] != '\0' && word[strspn(word, plain)] == '\0';
}

/* As a shell reads it back. NULL without memory. */
const char *cli_quote(paso_arena *arena, const char *word) {
    if (is_plain(word)) return word;
    char *text = paso_arena_alloc(arena, 4 * strlen(word) + 3, 1), *at = text;
    if (!text) return NULL;
    *at++ = '\'';
    for (; *word; word++) {
        if (*word == '\'') {
            at = stpcpy(at, "'\\''");
        } else {
            *at++ = *word;
        }
    }
    *at = '\'';
    return text;
}

/* How many words of argv belong to --out, --resume or --force at i; 0: another word. */
static int skipped(const cli *c, int i) {
    const char *word = c->argv[i];
    if (strcmp(word, "--out") == 0 || strcmp(word, "-o") == 0 || strcmp(word, "--resume") == 0) {
        return 2;
    }
    bool own = strncmp(word, "--out=", 6) == 0 || strncmp(word, "--resume=", 9) == 0 ||
               strncmp(word, "-o", 2) == 0 || strcmp(word, "--force") == 0;
    return own ? 1 : 0;
}

const char *cli_resume_line(const cli *c, const char *out) {
    paso_arena *arena = c->diags.arena;
    const char *line = "paso", *quoted;
    for (int i = 1; i < c->argc && line; i++) {
        int skip = skipped(c, i);
        if (skip > 0) {
            i += skip - 1;
            continue;
        }
        quoted = cli_quote(arena, c->argv[i]);
        line = quoted ? paso_arena_format(arena, "%s %s", line, quoted) : NULL;
    }
    quoted = cli_quote(arena, out);
    line = line && quoted ? paso_arena_format(arena, "%s --resume %s", line, quoted) : NULL;
    return line ? line : "paso run --help";
}
