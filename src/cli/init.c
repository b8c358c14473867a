/* paso init: a small corridor of invented numbers with comments, its table and a README, to be
 * changed. Asks nothing, and writes only into a folder that is new or empty. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

/* ---- the files, line by line; NAME and DIR are put in ---- */

/* clang-format off */
static const char *const corridor[] = {
    "# A small corridor to start from. Every number in it is INVENTED: put yours in their place.",
    "# One step is one day. People arrive at a town, wait for an appointment, and cross or give up.",
    "#",
    "#   paso check DIR      finds mistakes, with file, line and a hint",
    "#   paso explain DIR    shows what is here on one screen",
    "#   paso run DIR        runs it",
    "corridor: NAME",
    "title: {en: \"A town and its port (invented)\", es: \"Una ciudad y su puerto (inventado)\"}",
    "clock: {start: 2023-01-01, now: 2023-07-01, end: 2024-06-30}  # runs are reported from `now` on",
    "units: [people]                    # what is counted; day, week, month and year are built in",
    "layer: accounting                  # accounting, behaviour or politics: what an item rests on",
    "",
    "sources:                           # every number names a source, or says `assumed`",
    "  diary: {title: \"Notes at the door (invented)\", by: nobody}",
    "",
    "sets:                              # what numbers can differ by",
    "  kind: [adult, family]",
    "",
    "data:                              # what was observed; never changed by the model",
    "  seen: {table: arrivals.csv, over: [kind], every: month, unit: people, source: diary}",
    "",
    "parameters:                        # numbers that nobody sets: a median, and a range for doubt",
    "  arrivals: {over: [kind], value: {adult: 30, family: 12}, factor: 1.2, unit: people/day, source: diary}",
    "  patience: {value: 90, range: [60, 130], unit: days, source: assumed, doc: mean time until someone gives up}",
    "",
    "levers:                            # numbers that somebody sets; the bounds are the ends of a slider",
    "  slots: {value: 30, bounds: [0, 100], unit: people/day, who: the port, group: port, en: Appointments a day, es: Citas por día}",
    "",
    "stages:                            # where people spend the night, and the exits by which they leave",
    "  waiting:",
    "    over: [kind]",
    "    unit: people",
    "    start: arrivals * 7 days           # a number may carry its unit",
    "    enters: {rate: arrivals}",
    "    exits:",
    "      tire:   {hazard: 1 / patience, to: outside}           # a chance per day for everyone",
    "      called: {share: 1, limit: slots, to: outside}         # everyone else, as far as there are slots",
    "    en: Waiting for an appointment",
    "    es: En espera de cita",
    "",
    "policies:                          # dated settings of levers, and nothing else",
    "  as-happened: {en: As it happened, es: Como ocurrió, source: diary, set: {slots: {2023-01-01: 30, 2023-05-15: 34}}}",
    "  more-slots:  {en: A third more appointments, es: Un tercio más de citas, base: as-happened, from: 2023-08-01, set: {slots: slots * 4 / 3}}",
    "",
    "observables:                       # what is reported, and set beside what was observed",
    "  arrived: {is: arrivals, over: [kind], every: month, take: sum, unit: people, data: seen, noise: lognormal(0.1), headline: true, en: Arrivals, es: Llegadas}",
    "  queue:   {is: total(waiting), every: month, take: last, unit: people, headline: true, en: Waiting for an appointment, es: En espera de cita}",
    "  gave_up: {is: total(waiting.tire), every: month, take: sum, unit: people, headline: true, en: Gave up waiting, es: Dejaron de esperar}",
    NULL};

static const char *const arrivals[] = {
    "date,kind,value",
    "2023-01,adult,905",
    "2023-01,family,352",
    "2023-02,adult,861",
    "2023-02,family,318",
    "2023-03,adult,944",
    "2023-03,family,377",
    "2023-04,adult,",
    "2023-04,family,371",
    "2023-05,adult,972",
    "2023-05,family,390",
    "2023-06,adult,899",
    "2023-06,family,363",
    NULL};

static const char *const readme[] = {
    "# NAME",
    "",
    "A small corridor with invented numbers, to be changed.",
    "",
    "| file | holds |",
    "|---|---|",
    "| `corridor.yml` | everything but tables, with comments |",
    "| `arrivals.csv` | an observed series; empty means not reported |",
    "",
    "```",
    "paso check DIR",
    "paso explain DIR",
    "paso run DIR --out results.db",
    "paso report results.db",
    "paso compare DIR --policy as-happened --policy more-slots",
    "```",
    "",
    "Change a number, then `paso check DIR` again: it says what does not fit, and where.",
    NULL};

/* clang-format on */

typedef struct page {
    const char *file;
    const char *const *line;
} page;

static const page pages[] = {
    {"corridor.yml", corridor}, {"arrivals.csv", arrivals}, {"README.md", readme}};

/* ---- writing ---- */

static bool stands_at(const char *text, const char *word) {
    return strncmp(text, word, strlen(word)) == 0;
}

static void put_line(FILE *file, const char *line, const char *name, const char *folder) {
    for (const char *at = line; *at;) {
        if (stands_at(at, "NAME")) {
            fputs(name, file);
            at += 4;
        } else if (stands_at(at, "DIR")) {
            fputs(folder, file);
            at += 3;
        } else {
            fputc(*at++, file);
        }
    }
    fputc('\n', file);
}

static paso_status fail(const char *path) {
    fprintf(stderr, "error: %s: %s\n", path, strerror(errno));
    return PASO_ERR_IO;
}

static paso_status write_page(const cli *c, const page *p, const char *name, const char *folder) {
    const char *path = paso_arena_format(c->diags.arena, "%s/%s", c->args.place, p->file);
    if (!path) return PASO_ERR_MEMORY;
    FILE *file = fopen(path, "wx"); /* never over another file */
    if (!file) return fail(path);
    for (const char *const *line = p->line; *line; line++) put_line(file, *line, name, folder);
    bool written = fflush(file) == 0 && !ferror(file);
    if (!written) fail(path);
    if (fclose(file) == 0 && written) return PASO_OK;
    unlink(path);
    return PASO_ERR_IO;
}

/* A failure leaves nothing of ours behind. */
static void take_back(const cli *c, size_t n_written, bool made) {
    for (size_t i = 0; i < n_written; i++) {
        const char *path = paso_arena_format(c->diags.arena, "%s/%s", c->args.place, pages[i].file);
        if (path) unlink(path);
    }
    if (made) rmdir(c->args.place);
}

/* ---- the folder ---- */

static bool is_empty(const char *folder) {
    DIR *list = opendir(folder);
    const struct dirent *entry;
    bool empty = list != NULL;
    while (empty && (entry = readdir(list))) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    if (list) closedir(list);
    return empty;
}

static paso_status make_folder(const char *folder, bool *made) {
    struct stat about;
    *made = mkdir(folder, 0777) == 0;
    if (*made) return PASO_OK;
    if (errno != EEXIST) return fail(folder);
    if (stat(folder, &about) == 0 && S_ISDIR(about.st_mode) && is_empty(folder)) return PASO_OK;
    fprintf(stderr, "error: %s: exists and is not an empty folder\n  hint: name a new one\n",
            folder);
    return PASO_ERR_IO;
}

/* The folder's own name where a corridor may be called so. */
static const char *corridor_name(const char *folder, char name[64]) {
    const char *last = strrchr(folder, '/');
    last = last ? last + 1 : folder;
    size_t n = strspn(last, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    bool plain = last[0] >= 'a' && last[0] <= 'z' && last[n] == '\0' && n < 60;
    snprintf(name, 64, "%s", plain ? last : "mine");
    return name;
}

static paso_status init_folder(cli *c) {
    char name[64];
    bool made = false;
    size_t n = strlen(c->args.place);
    char *place = paso_arena_text(c->diags.arena, c->args.place);
    if (!place) return PASO_ERR_MEMORY;
    while (n > 1 && place[n - 1] == '/') place[--n] = '\0';
    c->args.place = place;
    const char *folder = cli_quote(c->diags.arena, place);
    if (!folder) return PASO_ERR_MEMORY;
    corridor_name(place, name);
    paso_status status = make_folder(place, &made);
    for (size_t i = 0; i < CLI_COUNT_OF(pages) && status == PASO_OK; i++) {
        status = write_page(c, &pages[i], name, folder);
        if (status != PASO_OK) take_back(c, i, made);
    }
    if (status != PASO_OK) return status;
    cli_say(c, "wrote corridor.yml, arrivals.csv and README.md into %s\n", place);
    cli_say(c, "next:  %s check %s\n       %s run %s\n", c->argv[0], folder, c->argv[0], folder);
    return PASO_OK;
}

static const cli_option init_options[] = {CLI_QUIET, CLI_HELP};

const cli_command cli_init = {
    .name = "init",
    .operand = "DIR",
    .doc = "writes a small commented corridor that runs, into a new folder",
    .example = "paso init mine",
    .option = init_options,
    .n_options = CLI_COUNT_OF(init_options),
    .run = init_folder,
};
