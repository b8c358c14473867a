/* paso explain --mechanisms: for each mechanism with a number the levers, who holds them, which
 * outputs change, which way and when, what that rests on, and the sources. All of it is read from
 * the corridor; what a lever feeds is read from the compiled program. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "report/words.h"

#define SAY(id) paso_say(language_of(e), PASO_##id)

static paso_language language_of(const cli_explainer *e) {
    return (paso_language)cli_language(e->c);
}

static const paso_lever *lever_of(const cli_explainer *e, const paso_move *move) {
    return &e->m->lever[move->setting.lever];
}

/* By their numbers. NULL without memory; ends with a NULL. */
static const paso_mechanism **in_order(const cli_explainer *e) {
    const paso_model *m = e->m;
    const paso_mechanism **list =
        calloc((size_t)m->n_mechanisms + 1, sizeof(const paso_mechanism *));
    for (int n = 0, number = 1; list && number <= PASO_MAX_MECHANISMS; number++)
        for (int i = 0; i < m->n_mechanisms; i++)
            if (m->mechanism[i].number == number) list[n++] = &m->mechanism[i];
    return list;
}

/* "1" is no unit that people read. */
static const char *to_text(const cli_explainer *e, const paso_move *move) {
    const char *unit = lever_of(e, move)->item.unit_text, *to = move->to_text;
    bool bare = move->setting.value && move->setting.value->kind == PASO_EX_NUMBER &&
                strchr(to, ' ') == NULL && strcmp(unit, "1") != 0;
    const char *text = bare ? paso_arena_format(e->c->diags.arena, "%s %s", to, unit) : to;
    return text ? text : to;
}

/* ---- JSON, which the page and the tests read ---- */

static json_t *effect_json(const cli_explainer *e, const paso_effect *effect, const bool *row) {
    const paso_observable *o = &e->m->observable[effect->observable];
    int32_t row0 = e->session->run.program[0]->observable.items[effect->observable].row;
    json_t *cells = json_array();
    bool fed = false;
    for (int i = 0; i < effect->n_cells; i++) {
        char cell[256];
        paso_cell_write(e->m, o->item.shape, effect->cell[i], cell, sizeof cell);
        json_array_append_new(cells, json_string(cell));
        fed |= row[row0 + effect->cell[i]];
    }
    char first[16], until[16];
    paso_date_write(effect->first, first);
    paso_date_write(effect->until, until);
    return json_pack("{s:s, s:s, s:o, s:s, s:s, s:f, s:s, s:s, s:b}", "output", effect->text,
                     "observable", o->item.name, "cells", cells, "sign",
                     effect->sign > 0 ? "up" : "down", "delay", effect->delay_text, "days",
                     effect->delay, "first_day", first, "until", until, "fed", fed);
}

static json_t *move_json(const cli_explainer *e, const paso_move *move) {
    const paso_lever *lever = lever_of(e, move);
    const paso_setting *s = &move->setting;
    bool *row = cli_feeds_rows(e, s->lever, s->cell, s->n_cells);
    if (!row) return NULL;
    json_t *then = json_array();
    for (int i = 0; i < move->n_effects; i++)
        json_array_append_new(then, effect_json(e, &move->effect[i], row));
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:o}", "lever", lever->item.name,
                  "set", move->text, "to", move->to_text, "to_text", to_text(e, move), "who",
                  lever->who, "en", lever->item.en, "es", lever->item.es, "then", then, "feeds",
                  cli_feeds_json(e, s->lever, row));
    free(row);
    return all;
}

static json_t *mechanism_json(const cli_explainer *e, const paso_mechanism *x) {
    json_t *moves = json_array(), *rests = json_array(), *sources = json_array();
    for (int i = 0; i < x->n_moves; i++) json_array_append_new(moves, move_json(e, &x->move[i]));
    for (int i = 0; i < x->n_rests; i++)
        json_array_append_new(rests, json_string(x->rests[i]->name));
    if (x->scenario) json_array_append_new(rests, json_string("scenario"));
    for (int i = 0; i < x->n_sources; i++)
        json_array_append_new(sources, json_string(x->source[i]));
    return json_pack("{s:s, s:i, s:s?, s:s?, s:s?, s:s?, s:o, s:o, s:o}", "name", x->item.name,
                     "number", x->number, "en", x->item.en, "es", x->item.es, "doc", x->item.doc,
                     "doc_es", x->item.doc_es, "moves", moves, "rests", rests, "sources", sources);
}

/* ---- text ---- */

static const char *get(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* The label or the sentence in the language that is asked for, if there is one. */
static const char *label_of(const cli_explainer *e, const json_t *object) {
    const char *spanish = get(object, "es");
    return language_of(e) == PASO_ES && spanish[0] ? spanish : get(object, "en");
}

static const char *doc_of(const cli_explainer *e, const json_t *object) {
    const char *spanish = get(object, "doc_es");
    return language_of(e) == PASO_ES && spanish[0] ? spanish : get(object, "doc");
}

static const char *names_of(const cli_explainer *e, const json_t *list) {
    const char *text = "";
    for (size_t i = 0; text && i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (strcmp(name, "scenario") == 0) name = SAY(MECHANISM_SCENARIO);
        text = paso_arena_format(e->c->diags.arena, "%s%s%s", text, i ? ", " : "", name);
    }
    return text ? text : "";
}

/* "at once", "after 4 years" */
static const char *when(const cli_explainer *e, const json_t *effect) {
    static const paso_store_contents none;
    const char *delay = get(effect, "delay"), *unit = strchr(delay, ' ');
    bool now = json_number_value(json_object_get(effect, "days")) == 0;
    const char *words =
        unit ? paso_words_unit(e->c->diags.arena, language_of(e), &none, unit + 1) : "";
    const char *text =
        paso_arena_format(e->c->diags.arena, "%s%.*s%s%s", SAY(MECHANISM_AFTER),
                          (int)strcspn(delay, " "), delay, unit ? " " : "", words ? words : "");
    return now || !text ? SAY(MECHANISM_NOW) : text;
}

static const char *sign_of(const cli_explainer *e, const json_t *effect) {
    return strcmp(get(effect, "sign"), "up") == 0 ? SAY(MECHANISM_UP) : SAY(MECHANISM_DOWN);
}

static void print_move(const cli_explainer *e, const json_t *move) {
    paso_arena *arena = e->c->diags.arena;
    const char *head = paso_arena_format(arena, "%s%s%s: %s; %s%s", get(move, "set"),
                                         SAY(MECHANISM_TO), get(move, "to_text"), label_of(e, move),
                                         SAY(MECHANISM_HELD), get(move, "who"));
    cli_print_entry(SAY(MECHANISM_LEVER), head ? head : "");
    const json_t *then = json_object_get(move, "then");
    for (size_t i = 0; i < json_array_size(then); i++) {
        const json_t *x = json_array_get(then, i);
        const char *says = paso_arena_format(
            arena, "%s %s, %s%s", get(x, "output"), sign_of(e, x), when(e, x),
            json_is_true(json_object_get(x, "fed")) ? "" : SAY(MECHANISM_NOT_FED));
        cli_print_entry(i == 0 ? SAY(MECHANISM_THEN) : "", says ? says : "");
    }
}

static void print_mechanism(const cli_explainer *e, const json_t *x) {
    bool colour = cli_colours(e->c);
    printf("%s%2d  %s (%s)%s\n", colour ? "\033[1m" : "",
           (int)json_integer_value(json_object_get(x, "number")), label_of(e, x), get(x, "name"),
           colour ? "\033[0m" : "");
    cli_print_entry(SAY(MECHANISM_HOW), doc_of(e, x));
    const json_t *moves = json_object_get(x, "moves");
    for (size_t i = 0; i < json_array_size(moves); i++) print_move(e, json_array_get(moves, i));
    cli_print_entry(SAY(MECHANISM_RESTS), names_of(e, json_object_get(x, "rests")));
    cli_print_entry(SAY(MECHANISM_SOURCES), names_of(e, json_object_get(x, "sources")));
}

static void print_tags(const cli_explainer *e) {
    const char *text = NULL;
    for (int i = 0; i < e->m->n_mechanisms; i++) {
        const paso_mechanism *x = &e->m->mechanism[i];
        if (x->number == 0)
            text = paso_arena_format(e->c->diags.arena, "%s%s%s", text ? text : "",
                                     text ? ", " : "", x->item.name);
    }
    if (text) printf("%s%s\n", SAY(MECHANISM_TAGS), text);
}

/* ---- Markdown: a row for each output ---- */

static void put(const char *text) {
    for (; *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text == '\n' ? ' ' : *text);
    }
    fputs(" | ", stdout);
}

static void print_rows(const cli_explainer *e, const json_t *x) {
    paso_arena *arena = e->c->diags.arena;
    const json_t *moves = json_object_get(x, "moves");
    for (size_t i = 0; i < json_array_size(moves); i++) {
        const json_t *move = json_array_get(moves, i), *then = json_object_get(move, "then");
        for (size_t k = 0; k < json_array_size(then); k++) {
            const json_t *effect = json_array_get(then, k);
            const char *head = paso_arena_format(
                arena, "%d %s", (int)json_integer_value(json_object_get(x, "number")),
                label_of(e, x));
            const char *lever = paso_arena_format(arena, "`%s`%s%s", get(move, "set"),
                                                  SAY(MECHANISM_TO), get(move, "to_text"));
            fputs("| ", stdout);
            put(head ? head : ""), put(lever ? lever : ""), put(get(move, "who"));
            put(get(effect, "output")), put(sign_of(e, effect)), put(when(e, effect));
            put(names_of(e, json_object_get(x, "rests")));
            put(names_of(e, json_object_get(x, "sources")));
            putchar('\n');
        }
    }
}

static void print_head(const cli_explainer *e) {
    puts(SAY(MECHANISM_HEAD));
    puts("|---|---|---|---|---|---|---|---|");
}

paso_status cli_explain_mechanisms(const cli_explainer *e, int format) {
    const paso_mechanism **order = in_order(e);
    json_t *all = order ? json_array() : NULL;
    for (int i = 0; all && order[i]; i++) json_array_append_new(all, mechanism_json(e, order[i]));
    free(order);
    if (!all) return PASO_ERR_MEMORY;
    if (format == CLI_EXPLAIN_JSON) json_dumpf(all, stdout, JSON_INDENT(2)), putchar('\n');
    if (format == CLI_EXPLAIN_MD) print_head(e);
    for (size_t i = 0; format != CLI_EXPLAIN_JSON && i < json_array_size(all); i++) {
        if (format == CLI_EXPLAIN_TEXT && i > 0) putchar('\n');
        (format == CLI_EXPLAIN_MD ? print_rows : print_mechanism)(e, json_array_get(all, i));
    }
    if (format == CLI_EXPLAIN_TEXT && json_array_size(all) == 0) puts(SAY(MECHANISM_NONE));
    if (format == CLI_EXPLAIN_TEXT) print_tags(e);
    json_decref(all);
    return PASO_OK;
}
