/* paso explain --claims: each published figure of a corridor, what the series say, what the model
 * says, and why they differ. The corridor is run through the days of all claims; of a store, its
 * own run is shown. */
#include <math.h>
#include <string.h>

#include "cli/explain.h"
#include "report/words.h"

/* ---- the run ---- */

/* The last day that a claim speaks of; the days before are watched on the way to it. */
static bool choose_days(cli_session *s) {
    int until = CLI_NO_DAY;
    for (int i = 0; i < s->model->n_observables; i++) {
        const paso_observable *o = &s->model->observable[i];
        for (int k = 0; k < o->n_claims; k++)
            if (o->claim[k].when_end > until) until = o->claim[k].when_end;
    }
    bool any = until != CLI_NO_DAY;
    if (until <= s->model->clock_start) until = s->model->clock_start + 1;
    if (until > s->model->clock_end) until = s->model->clock_end;
    s->c->args.from = until - 1;
    s->c->args.until = until;
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

/* ---- JSON, in both languages ---- */

static json_t *both(const char *en, const char *es) {
    return json_pack("{s:s, s:s}", "en", en, "es", es);
}

static json_t *number_of(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *claim_json(const paso_store_observable *o, const paso_store_claim *c,
                          bool political) {
    char first[16], last[16];
    paso_date_write(c->first_day, first);
    paso_date_write(c->last_day, last);
    json_t *all = json_pack("{s:s, s:o, s:s, s:s, s:s, s:b, s:f, s:o, s:o, s:o, s:o, s:o}",
                            "observable", o->name, "label", both(o->en, o->es), "unit", o->unit,
                            "first_day", first, "last_day", last, "total", (int)c->total, "says",
                            c->says, "by", both(c->by, c->by_es), "said", both(c->said, c->said_es),
                            "series", number_of(c->record), "seen", both(c->seen, c->seen_es),
                            "why", both(c->why, c->why_es));
    json_t *model = json_null();
    if (!isnan(c->model.band[2]))
        model = json_pack("{s:f, s:f, s:f, s:f}", "mean", c->model.mean, "q05", c->model.band[0],
                          "q50", c->model.band[2], "q95", c->model.band[4]);
    json_object_set_new(all, "model", model);
    json_object_set_new(all, "politics", json_boolean(political));
    return all;
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

static paso_status show(cli_session *s, int format, paso_language language) {
    const paso_store_contents *contents = paso_store_read(s->store);
    paso_arena *arena = s->c->diags.arena;
    json_t *all = json_array();
    size_t n = 0;
    if (format == CLI_EXPLAIN_MD) print_head(language);
    for (size_t i = 0; i < contents->n_observables; i++) {
        const paso_store_observable *o = &contents->observable[i];
        bool political = paso_store_rests(s->store, 0, 0, i);
        for (size_t k = 0; k < o->n_claims; k++) {
            paso_claim_words w;
            if (!paso_claim_tell(arena, language, contents, o, &o->claim[k], &w)) n = SIZE_MAX;
            if (n == SIZE_MAX) break;
            if (political) w.model = with_mark(arena, language, w.model);
            if (format == CLI_EXPLAIN_JSON)
                json_array_append_new(all, claim_json(o, &o->claim[k], political));
            if (format == CLI_EXPLAIN_MD) print_row(arena, &w);
            if (format == CLI_EXPLAIN_TEXT && n++ > 0) putchar('\n');
            if (format == CLI_EXPLAIN_TEXT) print_text(arena, language, &w);
        }
    }
    if (format == CLI_EXPLAIN_JSON) json_dumpf(all, stdout, JSON_INDENT(2)), putchar('\n');
    json_decref(all);
    if (n == SIZE_MAX) return PASO_ERR_MEMORY;
    cli_say(s->c, "%zu %s: %s\n", contents->n_members, paso_say(language, PASO_SAYS_CLAIMS_OF),
            language == PASO_ES ? contents->policy[0].es : contents->policy[0].en);
    return PASO_OK;
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
