/* What the commands share: arguments from one option table each, talk on stderr, exit codes.
 * stdout is data, stderr is talk. A command returns a paso_status; main makes it an exit code. */
#ifndef PASO_CLI_CLI_H
#define PASO_CLI_CLI_H

#include "base/diag.h"

enum { CLI_MAX_LIST = 64, CLI_NO_DAY = INT32_MIN };

typedef struct cli_list {
    const char *item[CLI_MAX_LIST];
    size_t n;
} cli_list;

typedef struct cli_args {
    const char *place;  /* the positional argument */
    const char *place2; /* the second, of a command whose operand names two */
    cli_list policy, set, without;
    int from, until, known_until; /* CLI_NO_DAY: not given */
    uint64_t members, seed, threads, lanes;
    const char *out, *format, *program, *why, *range, *signal, *feeds;
    bool mechanisms, claims, split, schema, quick, force, quiet, no_color, strict, json, all, rows,
        help;
    const char *resume, *sweep, *target, *vary;
    cli_list settings; /* of paso flee, as the rest */
    const char *input, *data;
    uint64_t lag, rounds; /* of paso filter */
    bool around;
    cli_list by;
    uint64_t days, hasten;
    bool fixed, curves;
    const char *start, *save_state;
    const char *lang;
    uint64_t port; /* of paso serve */
    bool read_only;
} cli_args;

typedef enum cli_type { CLI_FLAG, CLI_TEXT, CLI_COUNT, CLI_DAY, CLI_LIST } cli_type;

/* One row of a command's table: it gives parsing, --help and suggestions. */
typedef struct cli_option {
    const char *name; /* "members" */
    char letter;      /* 'o', or 0 */
    cli_type type;
    const char *value;    /* shown: "N" */
    const char *fallback; /* default; NULL: none */
    const char *doc;
    size_t offset; /* in cli_args */
} cli_option;

typedef struct cli {
    const char *command; /* "run" */
    cli_args args;
    paso_diags diags;
    char line[2048]; /* as typed, for the store */
    int argc;
    char **argv;
    const cli_option *given[CLI_MAX_LIST]; /* options that were typed */
    size_t n_given;
} cli;

typedef struct cli_command {
    const char *name, *operand; /* "DIR", or NULL */
    const char *doc;
    const char *example;
    const cli_option *option;
    size_t n_options;
    paso_status (*run)(cli *c);
} cli_command;

extern const cli_command cli_demo, cli_init, cli_check, cli_explain, cli_run, cli_compare,
    cli_report, cli_export, cli_trace, cli_filter, cli_describe, cli_flee, cli_site, cli_serve;

/* ---- options ---- */

#define CLI_OPTION(field) offsetof(cli_args, field)
#define CLI_COUNT_OF(table) (sizeof(table) / sizeof(table)[0])
/* Rows that several commands share. */
#define CLI_FROM                                                                                   \
    {                                                                                              \
        "from", 0, CLI_DAY, "DATE", "the corridor's now", "first day that is reported",            \
            CLI_OPTION(from)                                                                       \
    }
#define CLI_UNTIL                                                                                  \
    { "until", 0, CLI_DAY, "DATE", "18 months later", "the day after the last", CLI_OPTION(until) }
#define CLI_POLICY                                                                                 \
    {                                                                                              \
        "policy", 'p', CLI_LIST, "P", "as-happened", "policy; repeat it; a+b puts b on a",         \
            CLI_OPTION(policy)                                                                     \
    }
#define CLI_SET                                                                                    \
    {                                                                                              \
        "set", 0, CLI_LIST, "NAME=VALUE", NULL,                                                    \
            "lever, lever[member] or parameter, over every policy; repeat it", CLI_OPTION(set)     \
    }
#define CLI_WITHOUT                                                                                \
    {                                                                                              \
        "without", 0, CLI_LIST, "NAME", NULL,                                                      \
            "switch off a layer, a signal or event, or every shock; repeat it",                    \
            CLI_OPTION(without)                                                                    \
    }
#define CLI_MEMBERS(n)                                                                             \
    {                                                                                              \
        "members", 'n', CLI_COUNT, "N", n, "size of the ensemble: the larger, the steadier",       \
            CLI_OPTION(members)                                                                    \
    }
#define CLI_SEED                                                                                   \
    { "seed", 0, CLI_COUNT, "S", "1", "the same seed gives the same numbers", CLI_OPTION(seed) }
#define CLI_KNOWN                                                                                  \
    {                                                                                              \
        "known-until", 0, CLI_DAY, "DATE", "the corridor's now",                                   \
            "series that signals know end here", CLI_OPTION(known_until)                           \
    }
#define CLI_THREADS                                                                                \
    {                                                                                              \
        "threads", 0, CLI_COUNT, "N", "0", "threads to run on; 0: one for each processor",         \
            CLI_OPTION(threads)                                                                    \
    }
#define CLI_LANES                                                                                  \
    {                                                                                              \
        "lanes", 0, CLI_COUNT, "N", "0", "members side by side; 0: as fits; changes no number",    \
            CLI_OPTION(lanes)                                                                      \
    }
#define CLI_STRICT                                                                                 \
    {                                                                                              \
        "strict", 0, CLI_FLAG, NULL, NULL,                                                         \
            "a share outside 0 to 1 ends the run, instead of being cut", CLI_OPTION(strict)        \
    }
#define CLI_QUICK                                                                                  \
    {                                                                                              \
        "quick", 0, CLI_FLAG, NULL, NULL, "one central path instead of members; it is not a mean", \
            CLI_OPTION(quick)                                                                      \
    }
#define CLI_OUT(doc)                                                                               \
    { "out", 'o', CLI_TEXT, "FILE", NULL, doc, CLI_OPTION(out) }
#define CLI_RESUME                                                                                 \
    {                                                                                              \
        "resume", 0, CLI_TEXT, "FILE", NULL,                                                       \
            "run what a run into FILE, cut off, did not finish; same options", CLI_OPTION(resume)  \
    }
#define CLI_FORMAT(formats, f)                                                                     \
    { "format", 'f', CLI_TEXT, formats, f, "form of what is printed", CLI_OPTION(format) }
#define CLI_FORCE                                                                                  \
    { "force", 0, CLI_FLAG, NULL, NULL, "overwrite files that are there", CLI_OPTION(force) }
#define CLI_QUIET                                                                                  \
    { "quiet", 'q', CLI_FLAG, NULL, NULL, "say nothing on stderr but errors", CLI_OPTION(quiet) }
#define CLI_COLOR                                                                                  \
    { "no-color", 0, CLI_FLAG, NULL, NULL, "plain text (also NO_COLOR)", CLI_OPTION(no_color) }
#define CLI_JSON                                                                                   \
    { "json", 0, CLI_FLAG, NULL, NULL, "the same as --format json", CLI_OPTION(json) }
#define CLI_START                                                                                  \
    {                                                                                              \
        "start", 0, CLI_TEXT, "FILE", NULL,                                                        \
            "go on from the members in FILE, which --save-state wrote", CLI_OPTION(start)          \
    }
#define CLI_SAVE_STATE                                                                             \
    {                                                                                              \
        "save-state", 0, CLI_TEXT, "FILE", NULL,                                                   \
            "write the members as they stand at --until, for --start", CLI_OPTION(save_state)      \
    }
#define CLI_LANG                                                                                   \
    { "lang", 0, CLI_TEXT, "en|es", "en", "language of what is written", CLI_OPTION(lang) }
#define CLI_HELP                                                                                   \
    { "help", 'h', CLI_FLAG, NULL, NULL, "this text", CLI_OPTION(help) }

/* Fills c->args. PASO_ERR_USAGE after saying what is wrong. */
paso_status cli_parse(cli *c, const cli_command *command, int argc, char **argv);
/* Whether an option was typed, not only its default. */
bool cli_given(const cli *c, const char *name);
void cli_help(const cli_command *command, FILE *out);

/* ---- talk ---- */

/* "paso run: what is wrong" and a hint (may be NULL) on stderr; returns PASO_ERR_USAGE. */
paso_status cli_usage(const cli *c, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* An unknown word: the nearest name, or all names, as the hint. */
paso_status cli_unknown(const cli *c, const char *what, const char *word, const char *const *names,
                        size_t n);
/* A word as a shell reads it back. NULL without memory. */
const char *cli_quote(paso_arena *arena, const char *word);
/* Talk that --quiet silences. */
void cli_say(const cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* --format (or --json) among `formats`, which are separated by |. Index, or -1 after saying so. */
int cli_format(const cli *c, const char *formats);
/* --lang: 0 English, 1 Spanish, as a paso_language; or -1 after saying so. */
int cli_language(const cli *c);
/* The corridor's path: as given, or the name of a shipped one. NULL after saying so. */
const char *cli_corridor(cli *c, const char *place);
/* Whether stdout may carry colours. */
bool cli_colours(const cli *c);
/* Whether data reached stdout; says so if not. */
paso_status cli_flush(const cli *c);

/* ---- numbers for people ---- */

/* "12,300", "4.27", "0.031": about three digits, thousands apart. "–" if not a number. */
const char *cli_number(double value, char text[40]);
/* Prints `text` in at least `width` columns, to the left (negative) or the right. */
void cli_pad(FILE *out, const char *text, int width);
/* On lines of 78 characters, broken at blanks. */
void cli_print_wrapped(const char *text);

#endif
