/* What the command says: usage mistakes with a hint, numbers for people, where corridors are. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli.h"

paso_status cli_usage(const cli *c, const char *hint, const char *format, ...) {
    va_list args;
    fprintf(stderr, "paso%s%s: ", c->command ? " " : "", c->command ? c->command : "");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    if (hint) fprintf(stderr, "  hint: %s\n", hint);
    return PASO_ERR_USAGE;
}

paso_status cli_unknown(const cli *c, const char *what, const char *word, const char *const *names,
                        size_t n) {
    char hint[512];
    paso_nearest_hint(word, names, n, hint, sizeof hint);
    return cli_usage(c, hint, "no %s \"%s\"", what, word);
}

void cli_say(const cli *c, const char *format, ...) {
    if (c->args.quiet) return;
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
}

int cli_format(const cli *c, const char *formats) {
    const char *names[8], *word = c->args.json ? "json" : c->args.format;
    char copy[64];
    size_t n = 0;
    snprintf(copy, sizeof copy, "%s", formats);
    for (char *rest = copy, *name; (name = strtok_r(rest, "|", &rest)) && n < 8;) names[n++] = name;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], word) == 0) return (int)i;
    }
    cli_unknown(c, "format", word, names, n);
    return -1;
}

int cli_language(const cli *c) {
    static const char *const names[] = {"en", "es"};
    for (int i = 0; i < 2; i++) {
        if (strcmp(names[i], c->args.lang) == 0) return i;
    }
    cli_unknown(c, "language", c->args.lang, names, 2);
    return -1;
}

/* ---- corridors ---- */

static bool exists(const char *path) {
    return access(path, F_OK) == 0;
}

/* "did you mean X?" of the folders in `folder`, or NULL. */
static const char *nearest_in(const cli *c, const char *folder, const char *word) {
    const char *names[64];
    size_t n = 0;
    DIR *list = opendir(folder);
    for (const struct dirent *one; list && n < CLI_COUNT_OF(names) && (one = readdir(list));) {
        names[n] = one->d_name[0] == '.' ? NULL : paso_arena_text(c->diags.arena, one->d_name);
        n += names[n] != NULL;
    }
    if (list) closedir(list);
    const char *nearest = paso_nearest(word, names, n);
    return nearest ? paso_arena_format(c->diags.arena, "did you mean %s?", nearest) : NULL;
}

const char *cli_corridor(cli *c, const char *place) {
    const char *folder = getenv("PASO_CORRIDORS");
    if (exists(place)) return place;
    if (!folder || !folder[0]) folder = PASO_CORRIDOR_DIR;
    if (!strchr(place, '/')) {
        const char *shipped = paso_arena_format(c->diags.arena, "%s/%s", folder, place);
        if (shipped && exists(shipped)) return shipped;
    }
    const char *hint = nearest_in(c, folder, place);
    if (!hint)
        hint = paso_arena_format(c->diags.arena, "expected a folder, or the name of one in %s",
                                 folder);
    cli_usage(c, hint, "%s: no such corridor", place);
    return NULL;
}

bool cli_colours(const cli *c) {
    const char *no = getenv("NO_COLOR");
    return !c->args.no_color && !(no && no[0]) && isatty(STDOUT_FILENO);
}

paso_status cli_flush(const cli *c) {
    if (fflush(stdout) == 0 && !ferror(stdout)) return PASO_OK;
    fprintf(stderr, "paso %s: stdout: %s\n", c->command, strerror(errno));
    return PASO_ERR_IO;
}

/* ---- numbers ---- */

static void group_thousands(char text[40]) {
    char plain[40];
    snprintf(plain, sizeof plain, "%s", text);
    size_t sign = plain[0] == '-', n = strlen(plain), at = 0;
    for (size_t i = 0; i < n && at < 38; i++) {
        if (i > sign && (n - i) % 3 == 0) text[at++] = ',';
        text[at++] = plain[i];
    }
    text[at] = '\0';
}

/* Large numbers to four digits, so that nobody reads a forecast to the last person. */
const char *cli_number(double value, char text[40]) {
    double size = fabs(value);
    if (isnan(value)) {
        snprintf(text, 40, "–");
    } else if (!isfinite(value) || size >= 1e15) {
        snprintf(text, 40, "%.3g", value);
    } else if (size >= 1000) {
        double unit = pow(10, floor(log10(size)) - 3);
        snprintf(text, 40, "%.0f", round(value / unit) * unit);
        group_thousands(text);
    } else {
        snprintf(text, 40, size >= 100 || value == round(value) ? "%.0f" : "%.3g", value);
    }
    if (strcmp(text, "-0") == 0) snprintf(text, 40, "0");
    return text;
}

void cli_pad(FILE *out, const char *text, int width) {
    int used = (int)paso_utf8_count(text, strlen(text));
    int blank = abs(width) - used;
    if (width > 0) fprintf(out, "%*s", blank > 0 ? blank : 0, "");
    fputs(text, out);
    if (width < 0) fprintf(out, "%*s", blank > 0 ? blank : 0, "");
}

void cli_print_wrapped(const char *text) {
    enum { line_width = 78 };
    size_t n = strlen(text);
    for (size_t at = 0; at < n;) {
        size_t end = at, used = 0, line = n;
        for (; end < n && used < line_width; used++) {
            if (text[end] == ' ') line = end;
            size_t step = paso_utf8_step(text + end, n - end);
            end += step ? step : 1;
        }
        if (end == n || line == n) line = end;
        printf("%.*s\n", (int)(line - at), text + at);
        at = line + (line < n);
    }
}
