/* paso explain --feeds: what a lever can reach in the compiled program, and which observables it
 * cannot: those keep their bits whatever it does. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "program/compile.h"

/* Rows of a lever's cells, grown to all that they reach. NULL without memory. */
bool *cli_feeds_rows(const cli_explainer *e, int lever, const int *cell, int n_cells) {
    const paso_program *p = e->session->run.program[0];
    bool *row = calloc((size_t)p->n_rows + 1, sizeof *row);
    for (int i = 0; row && i < n_cells; i++) row[p->lever.items[lever].row + cell[i]] = true;
    if (row && paso_program_reach(p, row) == PASO_OK) return row;
    free(row);
    return NULL;
}

bool cli_feeds_any(const bool *row, int32_t first, int32_t n) {
    for (int32_t i = 0; i < n; i++)
        if (row[first + i]) return true;
    return false;
}

bool cli_policy_is_political(const cli_explainer *e, int policy) {
    const paso_program *p = e->session->run.program[0];
    bool *rests = calloc((size_t)e->m->n_observables + 1, sizeof *rests), any = false, calm;
    paso_schedule *schedule = NULL;
    paso_status status = rests ? paso_session_is_calm(&e->session->run, 0, &calm) : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = paso_schedule_compile(e->m, p, &policy, 1, NULL, 0, &schedule);
    if (status == PASO_OK)
        status = paso_program_politics(e->m, p, schedule, e->m->clock_end, calm, rests);
    for (int i = 0; i < e->m->n_observables && status == PASO_OK; i++) any |= rests[i];
    paso_schedule_free(schedule);
    free(rests);
    return any;
}

/* ---- names by kind ---- */

typedef struct feeds {
    const cli_explainer *e;
    const bool *row;
    json_t *all;
} feeds;

static void add(json_t *list, bool wanted, const char *name) {
    if (wanted) json_array_append_new(list, json_string(name));
}

static json_t *signals_of(const feeds *f) {
    const paso_program *p = f->e->session->run.program[0];
    json_t *list = json_array();
    for (size_t i = 0; i < p->signal.n; i++) {
        const paso_prog_signal *s = &p->signal.items[i];
        add(list, cli_feeds_any(f->row, s->row, s->n), paso_program_name(p, s->name));
    }
    return list;
}

static json_t *events_of(const feeds *f) {
    const paso_program *p = f->e->session->run.program[0];
    json_t *list = json_array();
    for (size_t i = 0; i < p->event.n; i++) {
        const paso_prog_event *x = &p->event.items[i];
        add(list, cli_feeds_any(f->row, x->row, x->n), paso_program_name(p, x->name));
    }
    return list;
}

static json_t *exits_of(const feeds *f) {
    const paso_program *p = f->e->session->run.program[0];
    json_t *list = json_array();
    for (size_t i = 0; i < p->stage.n; i++) {
        const paso_prog_stage *s = &p->stage.items[i];
        for (int32_t k = s->first_exit; k < s->first_exit + s->n_exits; k++) {
            const paso_prog_exit *x = &p->exit.items[k];
            add(list, cli_feeds_any(f->row, x->flow, s->n_cells), paso_program_name(p, x->name));
        }
    }
    return list;
}

static json_t *observables_of(const feeds *f, bool fed) {
    const paso_program *p = f->e->session->run.program[0];
    json_t *list = json_array();
    for (size_t i = 0; i < p->observable.n; i++) {
        const paso_prog_observable *o = &p->observable.items[i];
        add(list, cli_feeds_any(f->row, o->row, o->n) == fed, paso_program_name(p, o->name));
    }
    return list;
}

json_t *cli_feeds_json(const cli_explainer *e, int lever, const bool *row) {
    feeds f = {.e = e, .row = row};
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "lever", e->m->lever[lever].item.name,
                     "signals", signals_of(&f), "events", events_of(&f), "exits", exits_of(&f),
                     "observables", observables_of(&f, true), "not_fed", observables_of(&f, false));
}

/* ---- text ---- */

static void print_names(const char *head, const json_t *names) {
    printf("%s: %s", head, json_array_size(names) == 0 ? "none\n" : "");
    int at = (int)strlen(head) + 2;
    for (size_t i = 0; i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        int n = (int)strlen(name);
        bool wrap = i > 0 && at + n + 3 > 79;
        printf("%s%s%s", i == 0 ? "" : ",", wrap ? "\n  " : i == 0 ? "" : " ", name);
        at = wrap ? 2 + n : at + n + (i == 0 ? 0 : 2);
    }
    if (json_array_size(names) > 0) putchar('\n');
}

static void print_feeds(const cli_explainer *e, int lever, const json_t *all) {
    const paso_lever *l = &e->m->lever[lever];
    printf("%s: %s; %s\n", l->item.name, l->item.en, l->who);
    print_names("signals", json_object_get(all, "signals"));
    print_names("events", json_object_get(all, "events"));
    print_names("exits", json_object_get(all, "exits"));
    print_names("observables", json_object_get(all, "observables"));
    print_names("not fed, so the same to the last bit", json_object_get(all, "not_fed"));
}

static int find_lever(const paso_model *m, const char *name) {
    for (int i = 0; i < m->n_levers; i++)
        if (strcmp(m->lever[i].item.name, name) == 0) return i;
    return -1;
}

static paso_status refuse(const cli_explainer *e, const char *word) {
    const paso_model *m = e->m;
    const char **names =
        paso_arena_alloc(e->c->diags.arena, (size_t)m->n_levers + 1, sizeof *names);
    if (!names) return PASO_ERR_MEMORY;
    for (int i = 0; i < m->n_levers; i++) names[i] = m->lever[i].item.name;
    return cli_unknown(e->c, "lever", word, names, (size_t)m->n_levers);
}

paso_status cli_explain_feeds(const cli_explainer *e, const char *name, bool json) {
    int lever = find_lever(e->m, name);
    if (lever < 0) return refuse(e, name);
    int n = paso_shape_cells(e->m, e->m->lever[lever].item.shape);
    int *cell = paso_arena_alloc(e->c->diags.arena, (size_t)n + 1, sizeof *cell);
    for (int i = 0; cell && i < n; i++) cell[i] = i;
    bool *row = cell ? cli_feeds_rows(e, lever, cell, n) : NULL;
    json_t *all = row ? cli_feeds_json(e, lever, row) : NULL;
    if (all && json) {
        json_dumpf(all, stdout, JSON_INDENT(2));
        putchar('\n');
    } else if (all) {
        print_feeds(e, lever, all);
    }
    paso_status status = all ? PASO_OK : PASO_ERR_MEMORY;
    json_decref(all);
    free(row);
    return status;
}
