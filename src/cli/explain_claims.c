/* paso explain --claims: each published figure of a corridor, what the series say, what the model
 * says, and why they differ. The corridor is run through the days of all claims; of a store, its
 * own run is shown. */
#include <string.h>

#include "cli/explain.h"
#include "report/words.h"
#include "store/claims.h"

/* ---- the run ---- */

static bool choose_days(cli_session *s) {
    bool any = paso_session_claim_days(&s->run);
    s->c->args.from = s->run.from;
    s->c->args.until = s->run.until;
    s->c->args.known_until = CLI_NO_DAY;
    return any;
}

static paso_status run_claims(cli_session *s, bool *any) {
    paso_status status = cli_session_read(s, s->c, s->c->args.place);
    if (status == PASO_OK) status = cli_session_compile(s);
    if (status != PASO_OK) return status;
    *any = choose_days(s);
    if (!*any) return PASO_OK;
    status = cli_session_plan(s);
    return status == PASO_OK ? cli_session_run(s, NULL) : status;
}

/* ---- text and Markdown ---- */

/* The sentence says the number too; without one the number stands alone. */
static const char *said_of(paso_arena *arena, const paso_claim_words *w) {
    const char *text = paso_arena_format(arena, "%s (%s%s%s)", w->said[0] ? w->said : w->says,
                                         w->by, w->doc[0] ? "; " : "", w->doc);
    return text ? text : w->says;
}

static const char *seen_of(paso_arena *arena, const paso_claim_words *w) {
    if (!w->recorded && w->seen[0]) return w->seen;
    const char *text =
        paso_arena_format(arena, "%s%s%s", w->record, w->seen[0] ? ". " : "", w->seen);
    return text ? text : w->record;
}

static void print_text(paso_arena *arena, paso_language language, const paso_claim_words *w) {
    printf("%s, %s\n", w->about, w->when);
    cli_print_entry(paso_say(language, PASO_SAYS_SAID), said_of(arena, w));
    cli_print_entry(paso_say(language, PASO_SAYS_SERIES), seen_of(arena, w));
    cli_print_entry(paso_say(language, PASO_SAYS_MODEL), w->model);
    if (w->why[0]) cli_print_entry(paso_say(language, PASO_SAYS_WHY_SHORT), w->why);
}

static void put(const char *text) {
    for (; *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text == '\n' ? ' ' : *text);
    }
}

static void put_all(const char *const *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        fputs(i == 0 ? "| " : " | ", stdout);
        put(text[i]);
    }
    puts(" |");
}

static void print_head(paso_language language) {
    const char *const head[] = {
        paso_say(language, PASO_SAYS_ABOUT), paso_say(language, PASO_SAYS_SAID),
        paso_say(language, PASO_SAYS_SERIES), paso_say(language, PASO_SAYS_MODEL),
        paso_say(language, PASO_SAYS_WHY)};
    put_all(head, 5);
    puts("|---|---|---|---|---|");
}

static void print_row(paso_arena *arena, const paso_claim_words *w) {
    const char *about = paso_arena_format(arena, "%s, %s", w->about, w->when);
    const char *const row[] = {about ? about : w->about, said_of(arena, w), seen_of(arena, w),
                               w->model, w->why};
    put_all(row, 5);
}

static const char *with_mark(paso_arena *arena, paso_language language, const char *model) {
    const char *text =
        paso_arena_format(arena, "%s [%s]", model, paso_say(language, PASO_MARK_WHY));
    return text ? text : model;
}

/* ---- all ---- */

static paso_status print_json(const paso_store *store) {
    json_t *all = paso_store_claims_json(store);
    bool good = all && json_dumpf(all, stdout, JSON_INDENT(2)) == 0;
    putchar('\n');
    json_decref(all);
    return good ? PASO_OK : PASO_ERR_MEMORY;
}

static paso_status print_words(cli_session *s, int format, paso_language language) {
    const paso_store_contents *contents = paso_store_read(s->store);
    paso_arena *arena = s->c->diags.arena;
    size_t n = 0;
    if (format == CLI_EXPLAIN_MD) print_head(language);
    for (size_t i = 0; i < contents->n_observables; i++) {
        const paso_store_observable *o = &contents->observable[i];
        bool political = paso_store_rests(s->store, 0, 0, i);
        for (size_t k = 0; k < o->n_claims; k++) {
            paso_claim_words w;
            if (!paso_claim_tell(arena, language, contents, o, &o->claim[k], &w))
                return PASO_ERR_MEMORY;
            if (political) w.model = with_mark(arena, language, w.model);
            if (format == CLI_EXPLAIN_MD) print_row(arena, &w);
            if (format == CLI_EXPLAIN_TEXT && n++ > 0) putchar('\n');
            if (format == CLI_EXPLAIN_TEXT) print_text(arena, language, &w);
        }
    }
    return PASO_OK;
}

static paso_status show(cli_session *s, int format, paso_language language) {
    const paso_store_contents *contents = paso_store_read(s->store);
    paso_status status =
        format == CLI_EXPLAIN_JSON ? print_json(s->store) : print_words(s, format, language);
    if (status == PASO_OK)
        cli_say(s->c, "%zu %s: %s\n", contents->n_members, paso_say(language, PASO_SAYS_CLAIMS_OF),
                language == PASO_ES ? contents->policy[0].es : contents->policy[0].en);
    return status;
}

static bool is_store(const char *place) {
    size_t n = strlen(place);
    return n > 3 && strcmp(place + n - 3, ".db") == 0;
}

paso_status cli_explain_claims(cli_session *s, int format) {
    paso_language language = (paso_language)cli_language(s->c);
    bool any = true;
    paso_status status = is_store(s->c->args.place)
                             ? paso_store_open(s->c->args.place, &s->c->diags, &s->store)
                             : run_claims(s, &any);
    if (is_store(s->c->args.place)) paso_diags_print(&s->c->diags, stderr, false);
    if (status == PASO_OK && any) return show(s, format, language);
    if (status == PASO_OK && format == CLI_EXPLAIN_JSON) puts("[]");
    if (status == PASO_OK && format != CLI_EXPLAIN_JSON)
        puts(paso_say(language, PASO_SAYS_NO_CLAIMS));
    return status;
}
