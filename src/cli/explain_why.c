/* paso explain --why: where a name is defined, and everything that changes it afterwards, each with
 * its place: overrides of its fields, policies that set it, --set. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "cli/explain.h"

/* Answers come one by one, as lines or as objects of a JSON array. */
typedef struct teller {
    const cli_explainer *e;
    const char *wanted;
    json_t *list; /* NULL: lines */
    size_t n;
    const char *other[1024]; /* names that are not the wanted one, for a hint */
    size_t n_others;
} teller;

static void tell(teller *t, paso_mark mark, const char *kind, const char *name, const char *says) {
    const char *file = mark.file ? mark.file : "(built in)";
    t->n++;
    if (t->list) {
        json_array_append_new(t->list, json_pack("{s:s, s:i, s:i, s:s, s:s, s:s}", "file", file,
                                                 "line", mark.line, "column", mark.column, "kind",
                                                 kind, "name", name, "says", says ? says : ""));
        return;
    }
    printf("%s:%d:%d: %s %s%s%s\n", file, mark.line, mark.column, kind, name,
           says && says[0] ? ": " : "", says ? says : "");
}

static const char *join(const teller *t, const char *a, const char *b) {
    if (!a || !b || !b[0]) return a;
    return paso_arena_format(t->e->c->diags.arena, "%s%s%s", a, a[0] ? "; " : "", b);
}

/* ---- items ---- */

static const char *source_of(const teller *t, const char *key) {
    const paso_model *m = t->e->m;
    for (int i = 0; key && i < m->n_sources; i++) {
        if (strcmp(m->source[i].key, key) != 0 || !m->source[i].title) continue;
        return paso_arena_format(t->e->c->diags.arena, "source %s (%s)", key, m->source[i].title);
    }
    return key ? paso_arena_format(t->e->c->diags.arena, "source %s", key) : "";
}

static bool tell_item(teller *t, const char *kind, const paso_item *item, const char *value) {
    if (strcmp(item->name, t->wanted) != 0) {
        if (t->n_others < CLI_COUNT_OF(t->other)) t->other[t->n_others++] = item->name;
        return false;
    }
    const char *says = join(t, "", item->en ? item->en : "");
    says = join(t, says, value);
    says = join(t, says, paso_layer_name(item->layer));
    says = join(t, says, source_of(t, item->source));
    says = join(t, says, item->doc ? item->doc : "");
    tell(t, item->mark, kind, item->name, says);
    return true;
}

/* "440 people/day", or "0 to 0.9 1/day" over its cells. */
static const char *write_values(const teller *t, const paso_item *item, const double *value) {
    double factor = item->unit.factor != 0 ? item->unit.factor : 1, low = value[0], high = low;
    char a[40], b[40];
    for (int i = 1; i < paso_shape_cells(t->e->m, item->shape); i++) {
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
    }
    cli_number(low / factor, a);
    cli_number(high / factor, b);
    const char *unit = item->unit_text ? item->unit_text : "1";
    if (high > low) return paso_arena_format(t->e->c->diags.arena, "%s to %s %s", a, b, unit);
    return paso_arena_format(t->e->c->diags.arena, "%s %s", a, unit);
}

static const char *unit_of(const paso_item *item) {
    return item->unit_text ? item->unit_text : "";
}

static const char *rule_of(const teller *t, const char *key, const paso_expr *rule) {
    return rule && rule->text ? paso_arena_format(t->e->c->diags.arena, "%s: %s", key, rule->text)
                              : "";
}

/* Signals and observables say their rule, parameters and levers their value. */
static void tell_items(teller *t) {
    const paso_model *m = t->e->m;
    for (int i = 0; i < m->n_sets; i++) tell_item(t, "set", &m->set[i].item, "");
    for (int i = 0; i < m->n_data; i++) {
        tell_item(t, "series", &m->data[i].item, unit_of(&m->data[i].item));
    }
    for (int i = 0; i < m->n_parameters; i++) {
        const paso_parameter *p = &m->parameter[i];
        tell_item(t, "parameter", &p->item, write_values(t, &p->item, p->value));
    }
    for (int i = 0; i < m->n_signals; i++) {
        const paso_signal *s = &m->signal[i];
        tell_item(t, "signal", &s->item,
                  s->is ? rule_of(t, "is", s->is) : rule_of(t, "next", s->next));
    }
    for (int i = 0; i < m->n_events; i++) tell_item(t, "event", &m->event[i].item, "");
    for (int i = 0; i < m->n_stages; i++) {
        tell_item(t, "stage", &m->stage[i].item, unit_of(&m->stage[i].item));
    }
    for (int i = 0; i < m->n_policies; i++) tell_item(t, "policy", &m->policy[i].item, "");
    for (int i = 0; i < m->n_observables; i++) {
        const paso_observable *o = &m->observable[i];
        tell_item(t, "observable", &o->item, rule_of(t, "is", o->is));
    }
}

/* A flow, and what of it stands under its stage. */
static void tell_exits(teller *t) {
    const paso_model *m = t->e->m;
    for (int i = 0; i < m->n_stages; i++) {
        for (int k = 0; k < m->stage[i].n_exits; k++) {
            const paso_exit *x = &m->stage[i].exit[k];
            if (strcmp(x->dotted, t->wanted) != 0) continue;
            const char *to = x->to < 0 ? "outside" : m->stage[x->to].item.name;
            const char *says =
                x->rest ? "the rest"
                        : rule_of(t, x->kind == PASO_EXIT_HAZARD ? "hazard" : "share", x->rate);
            says = join(t, says, rule_of(t, "at most", x->limit));
            says = join(t, says, paso_arena_format(t->e->c->diags.arena, "to %s", to));
            tell(t, x->mark, "exit", x->dotted, says);
        }
    }
}

/* ---- what changes it ---- */

/* An exit is changed with its stage. */
static bool is_about(const teller *t, const char *item) {
    size_t n = strlen(item);
    return strncmp(t->wanted, item, n) == 0 && (t->wanted[n] == '\0' || t->wanted[n] == '.');
}

static void tell_overrides(teller *t) {
    const paso_model *m = t->e->m;
    for (int i = 0; i < m->n_changed; i++) {
        const paso_changed *x = &m->changed[i];
        if (!is_about(t, x->item)) continue;
        const char *says = paso_arena_format(t->e->c->diags.arena, "%s%s%s", x->field,
                                             x->text ? ": " : "", x->text ? x->text : "");
        tell(t, x->mark, "override", x->item, says);
    }
}

static void tell_settings(teller *t, int lever) {
    const paso_model *m = t->e->m;
    for (int p = 0; p < m->n_policies; p++) {
        for (int i = 0; i < m->policy[p].n_settings; i++) {
            const paso_setting *s = &m->policy[p].setting[i];
            if (s->lever != lever) continue;
            tell(t, s->mark, "policy", m->policy[p].item.name, cli_setting_text(t->e, s));
        }
    }
}

static void tell_lever(teller *t) {
    const paso_model *m = t->e->m;
    for (int i = 0; i < m->n_levers; i++) {
        const paso_lever *l = &m->lever[i];
        if (!tell_item(t, "lever", &l->item, write_values(t, &l->item, l->value))) continue;
        tell_overrides(t);
        tell_settings(t, i);
    }
}

/* A --set has no place in a file: the command line is its place. */
static void tell_command(teller *t) {
    const cli_list *list = &t->e->c->args.set;
    size_t n = strlen(t->wanted);
    for (size_t i = 0; i < list->n; i++) {
        const char *text = list->item[i];
        if (strncmp(text, t->wanted, n) != 0 || (text[n] != '=' && text[n] != '[')) continue;
        tell(t, (paso_mark){.file = "command line", .line = 1, .column = 1}, "--set", t->wanted,
             text);
    }
}

paso_status cli_explain_why(const cli_explainer *e, const char *name) {
    teller t = {.e = e, .wanted = name};
    bool json = e->c->args.json || strcmp(e->c->args.format, "json") == 0;
    if (json && !(t.list = json_array())) return PASO_ERR_MEMORY;
    tell_exits(&t);
    tell_items(&t);
    size_t n_items = t.n;
    tell_lever(&t);
    if (n_items > 0) tell_overrides(&t);
    if (t.n > 0) tell_command(&t);
    if (t.n > 0 && json) {
        json_dumpf(t.list, stdout, JSON_INDENT(2));
        putchar('\n');
    }
    json_decref(t.list);
    if (t.n > 0) return PASO_OK;
    const char *nearest = paso_nearest(name, t.other, t.n_others);
    const char *hint = nearest ? paso_arena_format(e->c->diags.arena, "did you mean %s?", nearest)
                               : "names are those of the corridor's files, exits stage.exit";
    return cli_usage(e->c, hint, "--why: nothing is called \"%s\"", name);
}
