/* Going on with a run that was cut off: which members are missing, whether the command asks for the
 * same run, and the command that goes on, as it must be typed. */
#include <stdlib.h>
#include <string.h>

#include "cli/session.h"

/* ---- the command that goes on ---- */

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

/* ---- what must be the same ---- */

static const char *add_list(paso_arena *arena, const char *text, const char *option,
                            const cli_list *list) {
    for (size_t i = 0; i < list->n && text; i++) {
        text = paso_arena_format(arena, "%s%s--%s %s", text, text[0] ? " " : "", option,
                                 list->item[i]);
    }
    return text;
}

/* Every option that changes numbers and is not told by dates, seed, members and policies. */
const char *cli_resume_options(const cli_session *s) {
    const cli_args *args = &s->c->args;
    paso_arena *arena = s->c->diags.arena;
    const char *text = add_list(arena, "", "set", &args->set);
    if (text) text = add_list(arena, text, "without", &args->without);
    if (text && args->sweep) {
        text = paso_arena_format(arena, "%s --sweep %s --policy %s", text, args->sweep,
                                 args->policy.n ? args->policy.item[0] : "as-happened");
    }
    if (text && args->strict) text = paso_arena_format(arena, "%s --strict", text);
    if (text && args->start) text = paso_arena_format(arena, "%s --start %s", text, args->start);
    if (text && args->known_until != CLI_NO_DAY) {
        char day[16];
        paso_date_write(args->known_until, day);
        text = paso_arena_format(arena, "%s --known-until %s", text, day);
    }
    return text;
}

/* ---- what is missing ---- */

/* Members of the plan that `done` [n_done], in order, does not have. */
static paso_status list_missing(cli_session *s, const uint32_t *done, size_t n_done) {
    const paso_plan *plan = &s->plan;
    s->missing = paso_arena_alloc(s->c->diags.arena, (size_t)plan->n_members + 1, sizeof(uint32_t));
    if (!s->missing) return PASO_ERR_MEMORY;
    size_t at = 0;
    for (uint32_t i = 0; i < plan->n_members; i++) {
        uint32_t member = plan->first_member + i;
        while (at < n_done && done[at] < member) at++;
        if (at == n_done || done[at] != member) s->missing[s->n_missing++] = member;
    }
    return PASO_OK;
}

paso_status cli_resume_begin(cli_session *s, const char *path, const paso_grid *grid,
                             const paso_store_run *run) {
    uint32_t *done = NULL;
    size_t n_done = 0;
    paso_status status = paso_store_resume(path, &s->c->diags, &s->store);
    if (status == PASO_OK) status = paso_store_same_run(s->store, s->model, run);
    if (status == PASO_OK) status = paso_store_finished(s->store, &done, &n_done);
    if (status == PASO_OK) status = list_missing(s, done, n_done);
    if (status == PASO_OK) status = paso_store_continue(s->store, s->model, grid, run);
    if (status == PASO_OK) {
        cli_say(s->c, "%zu of %u members are there, %zu to go\n", n_done, s->plan.n_members,
                s->n_missing);
    }
    free(done);
    return status;
}
