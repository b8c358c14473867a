/* corridor.json: everything the page shows of a corridor, in the units that the corridor wrote.
 * `scale` is one of an item's unit in the engine's units. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "page/page_internal.h"

/* ---- small pieces ---- */

json_t *paso_page_text(const char *text) {
    return json_string(text ? text : "");
}

json_t *paso_page_label(const char *en, const char *es, const char *name) {
    const char *first = en ? en : name;
    return json_pack("{s:o, s:o}", "en", paso_page_text(first), "es",
                     paso_page_text(es ? es : first));
}

/* JSON has no infinity and nothing that is no number. */
static json_t *number_of(double x) {
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *day_of(int day) {
    char text[16];
    paso_date_write(day, text);
    return json_string(text);
}

/* What all items have. */
static json_t *item_of(const paso_item *item) {
    json_t *o = json_object();
    paso_json_set(&o, "name", paso_page_text(item->name));
    paso_json_set(&o, "label", paso_page_label(item->en, item->es, item->name));
    paso_json_set(&o, "doc", paso_page_label(item->doc, item->doc_es, ""));
    paso_json_set(&o, "unit", paso_page_text(item->unit_text ? item->unit_text : "1"));
    paso_json_set(&o, "scale", json_real(item->unit.factor));
    paso_json_set(&o, "layer", paso_page_text(paso_layer_name(item->layer)));
    paso_json_set(&o, "source", paso_page_text(item->source));
    return o;
}

static json_t *tags_of(const paso_model *m, uint64_t tags) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_mechanisms; i++) {
        if (tags >> i & 1) paso_json_append(&list, paso_page_text(m->mechanism[i].item.name));
    }
    return list;
}

static const char *member_label(const paso_set *set, int member, bool spanish) {
    if (spanish && set->es && set->es[member]) return set->es[member];
    return set->en && set->en[member] ? set->en[member] : set->member[member];
}

json_t *paso_page_member_label(const paso_set *set, int member) {
    return paso_page_label(member_label(set, member, false), member_label(set, member, true), "");
}

/* Takes over `text`; of any length, for a cut label could end within a character. */
static json_t *joined(json_t *text, const char *word) {
    const char *first = text ? json_string_value(text) : NULL;
    json_t *all = first ? json_sprintf("%s%s%s", first, *first ? ", " : "", word) : NULL;
    json_decref(text);
    return all;
}

static json_t *cell_label(const paso_model *m, paso_shape shape, int cell) {
    json_t *text[2] = {json_string(""), json_string("")};
    int left = paso_shape_cells(m, shape);
    for (int i = 0; i < shape.n; i++) {
        const paso_set *set = &m->set[shape.set[i]];
        left /= set->n_members;
        int member = cell / left % set->n_members;
        for (int spanish = 0; spanish < 2; spanish++)
            text[spanish] = joined(text[spanish], member_label(set, member, spanish == 1));
    }
    return json_pack("{s:o, s:o}", "en", text[0], "es", text[1]);
}

json_t *paso_page_cell_name(const paso_model *m, paso_shape shape, int cell) {
    char text[256];
    return json_string(paso_cell_write(m, shape, cell, text, sizeof text));
}

/* "region=north" if a set of the shape is on the map. */
static json_t *cell_place(const paso_model *m, paso_shape shape, int cell) {
    char text[256] = "";
    int left = paso_shape_cells(m, shape);
    for (int i = 0; i < shape.n; i++) {
        const paso_set *set = &m->set[shape.set[i]];
        left /= set->n_members;
        int member = cell / left % set->n_members;
        if (set->lat && !isnan(set->lat[member]))
            snprintf(text, sizeof text, "%s=%s", set->item.name, set->member[member]);
    }
    return json_string(text);
}

static json_t *cell_of(const paso_model *m, paso_shape shape, int cell) {
    return json_pack("{s:o, s:o}", "cell", paso_page_cell_name(m, shape, cell), "label",
                     cell_label(m, shape, cell));
}

/* ---- sources, mechanisms ---- */

/* How Spanish says it; NULL where the corridor does not tell. */
static const char *word_of(const paso_model *m, const char *text) {
    for (int i = 0; text && i < m->n_words; i++)
        if (strcmp(m->word[i].en, text) == 0) return m->word[i].es;
    return NULL;
}

static json_t *sources_of(const paso_model *m) {
    json_t *all = json_object();
    for (int i = 0; i < m->n_sources; i++) {
        const paso_source *s = &m->source[i];
        paso_json_set(&all, s->key,
                      json_pack("{s:o, s:o, s:o}", "title", paso_page_text(s->title), "by",
                                paso_page_label(s->by, word_of(m, s->by), ""), "url",
                                paso_page_text(s->url)));
    }
    return all;
}

static json_t *mechanism_of(const paso_mechanism *x) {
    json_t *sources = json_array();
    for (int i = 0; i < x->n_sources; i++) paso_json_append(&sources, paso_page_text(x->source[i]));
    return json_pack("{s:s, s:o, s:o, s:i, s:b, s:o}", "name", x->item.name, "label",
                     paso_page_label(x->item.en, x->item.es, x->item.name), "doc",
                     paso_page_label(x->item.doc, x->item.doc_es, ""), "number", x->number,
                     "scenario", (int)x->scenario, "sources", sources);
}

/* ---- units and words ---- */

static json_t *units_of(const paso_model *m) {
    json_t *all = json_object();
    for (size_t i = 0; i < m->units.n; i++)
        if (m->unit_es[i])
            paso_json_set(&all, m->units.name[i],
                          paso_page_label(m->units.name[i], m->unit_es[i], ""));
    return all;
}

/* ---- levers and policies ---- */

/* A hundredth of the range, rounded down to 1, 2 or 5 times a power of ten. */
static double step_of(double low, double high, double value) {
    double range = isfinite(low) && isfinite(high) ? high - low : fabs(value) * 2;
    double step = 1;
    if (!(range > 1e-300 && isfinite(range))) return 1;
    while (step > range / 100) step /= 10;
    while (step * 10 <= range / 100) step *= 10;
    return step * 5 <= range / 100 ? step * 5 : step * 2 <= range / 100 ? step * 2 : step;
}

static json_t *lever_of(const paso_session *s, int number) {
    const paso_model *m = s->model;
    const paso_lever *lever = &m->lever[number];
    double factor = lever->item.unit.factor;
    double low = lever->bound[0] / factor, high = lever->bound[1] / factor;
    json_t *o = item_of(&lever->item), *cells = json_array();
    paso_json_set(&o, "who", paso_page_label(lever->who, word_of(m, lever->who), ""));
    paso_json_set(&o, "group", paso_page_label(lever->group, word_of(m, lever->group), ""));
    paso_json_set(&o, "tags", tags_of(m, lever->item.tags));
    if (lever->item.layer == PASO_POLITICS)
        paso_json_set(&o, "reaches", paso_page_reach(s, number));
    for (int k = 0; k < paso_shape_cells(m, lever->item.shape); k++) {
        json_t *cell = cell_of(m, lever->item.shape, k);
        double value = lever->value[k] / factor;
        paso_json_set(&cell, "value", number_of(value));
        paso_json_set(&cell, "min", number_of(low));
        paso_json_set(&cell, "max", number_of(high));
        paso_json_set(&cell, "step", json_real(step_of(low, high, value)));
        paso_json_append(&cells, cell);
    }
    paso_json_set(&o, "cells", cells);
    return o;
}

static void add_dated(const paso_model *m, const paso_setting *s, json_t **list) {
    const paso_lever *lever = &m->lever[s->lever];
    for (int i = 0; i < s->n_dates; i++) {
        for (int k = 0; k < s->n_cells; k++) {
            paso_json_append(list,
                             json_pack("{s:s, s:o, s:o, s:o}", "lever", lever->item.name, "cell",
                                       paso_page_cell_name(m, lever->item.shape, s->cell[k]),
                                       "from", day_of((int)floor(s->time[i])), "value",
                                       number_of(s->number[i] / lever->item.unit.factor)));
        }
    }
}

/* A plain number from the policy's first day on; false for a formula. */
static bool add_number(const paso_model *m, const paso_policy *p, const paso_setting *s,
                       json_t **list) {
    const paso_lever *lever = &m->lever[s->lever];
    if (s->value->kind != PASO_EX_NUMBER) return false;
    int day = isfinite(p->from) ? (int)floor(p->from) : m->clock_start;
    for (int k = 0; k < s->n_cells; k++) {
        paso_json_append(list, json_pack("{s:s, s:o, s:o, s:o}", "lever", lever->item.name, "cell",
                                         paso_page_cell_name(m, lever->item.shape, s->cell[k]),
                                         "from", day_of(day), "value",
                                         number_of(s->value->number / lever->item.unit.factor)));
    }
    return true;
}

static json_t *policy_of(const paso_model *m, const paso_policy *p) {
    json_t *changes = json_array(), *formulas = json_array();
    for (int i = 0; i < p->n_settings; i++) {
        const paso_setting *s = &p->setting[i];
        if (!s->value)
            add_dated(m, s, &changes);
        else if (!add_number(m, p, s, &changes))
            paso_json_append(&formulas, paso_page_text(m->lever[s->lever].item.name));
    }
    json_t *o = json_pack("{s:s, s:o, s:o, s:s, s:o, s:o}", "name", p->item.name, "label",
                          paso_page_label(p->item.en, p->item.es, p->item.name), "doc",
                          paso_page_label(p->item.doc, p->item.doc_es, ""), "base",
                          p->base >= 0 ? m->policy[p->base].item.name : "", "changes", changes,
                          "formulas", formulas);
    if (isfinite(p->from)) paso_json_set(&o, "from", day_of((int)floor(p->from)));
    if (isfinite(p->until)) paso_json_set(&o, "until", day_of((int)floor(p->until)));
    return o;
}

/* ---- observables ---- */

static json_t *observed_of(const paso_model *m, const paso_observable *o) {
    json_t *list = json_array();
    if (o->data < 0) return list;
    const paso_data *data = &m->data[o->data];
    int n = paso_shape_cells(m, o->item.shape), n_data = paso_shape_cells(m, data->item.shape);
    int *map = calloc((size_t)n + 1, sizeof *map);
    bool fits = map && paso_shape_map(m, o->item.shape, data->item.shape, map) == 0;
    for (int k = 0; fits && k < data->n_periods; k++) {
        for (int cell = 0; cell < n; cell++) {
            double x = data->value[(size_t)k * (size_t)n_data + (size_t)map[cell]];
            if (isnan(x)) continue;
            paso_json_append(&list, json_pack("{s:o, s:o, s:f}", "date", day_of(data->first_day[k]),
                                              "cell", paso_page_cell_name(m, o->item.shape, cell),
                                              "value", x / o->item.unit.factor));
        }
    }
    if (!map) paso_json_append(&list, NULL);
    free(map);
    return list;
}

static json_t *claim_of(const paso_observable *o, const paso_claim *claim, int number) {
    char name[256];
    snprintf(name, sizeof name, "%s/%d", o->item.name, number + 1);
    const paso_words *label = claim->said.en ? &claim->said : &claim->doc;
    return json_pack("{s:s, s:o, s:s, s:s, s:o, s:o, s:f, s:s, s:o, s:b, s:n, s:o, s:o, s:o, s:o}",
                     "name", name, "label", paso_page_label(label->en, label->es, o->item.name),
                     "observable", o->item.name, "cell", "", "from", day_of(claim->when), "until",
                     day_of(claim->when_end - 1), "says", claim->says / o->item.unit.factor, "by",
                     claim->by.en ? claim->by.en : "", "doc",
                     paso_page_label(claim->doc.en, claim->doc.es, ""), "total", (int)claim->total,
                     "holds", "said", paso_page_label(claim->said.en, claim->said.es, ""), "seen",
                     paso_page_label(claim->seen.en, claim->seen.es, ""), "why",
                     paso_page_label(claim->why.en, claim->why.es, ""), "who",
                     paso_page_label(claim->by.en, claim->by.es, ""));
}

static json_t *claims_of(const paso_model *m) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_observables; i++) {
        const paso_observable *o = &m->observable[i];
        for (int k = 0; k < o->n_claims; k++) paso_json_append(&list, claim_of(o, &o->claim[k], k));
    }
    return list;
}

static bool is_of_people(const paso_item *item) {
    return item->unit_text && strncmp(item->unit_text, "people", 6) == 0;
}

static json_t *observable_of(const paso_model *m, const paso_observable *x) {
    json_t *o = item_of(&x->item), *over = json_array(), *cells = json_array();
    json_t *claims = json_array();
    for (int i = 0; i < x->item.shape.n; i++)
        paso_json_append(&over, paso_page_text(m->set[x->item.shape.set[i]].item.name));
    for (int k = 0; k < paso_shape_cells(m, x->item.shape); k++) {
        json_t *cell = cell_of(m, x->item.shape, k);
        paso_json_set(&cell, "place", cell_place(m, x->item.shape, k));
        paso_json_append(&cells, cell);
    }
    for (int k = 0; k < x->n_claims; k++) {
        char name[256];
        snprintf(name, sizeof name, "%s/%d", x->item.name, k + 1);
        paso_json_append(&claims, json_string(name));
    }
    paso_layer calm = x->rests_on & 2 ? PASO_BEHAVIOUR : PASO_ACCOUNTING;
    paso_layer layer = x->rests_on & 4 ? PASO_POLITICS : calm;
    paso_json_set(&o, "layer", paso_page_text(paso_layer_name(layer)));
    paso_json_set(&o, "calm", paso_page_text(paso_layer_name(calm)));
    paso_json_set(&o, "every", paso_page_text(paso_period_name(x->every)));
    paso_json_set(&o, "take", paso_page_text(paso_take_name(x->take)));
    paso_json_set(&o, "tags", tags_of(m, x->item.tags));
    paso_json_set(&o, "headline", json_boolean(x->headline));
    paso_json_set(&o, "total", json_boolean(paso_observable_adds_up(m, x)));
    paso_json_set(&o, "human", json_boolean(is_of_people(&x->item)));
    paso_json_set(&o, "good", json_null());
    paso_json_set(&o, "over", over);
    paso_json_set(&o, "cells", cells);
    paso_json_set(&o, "observed", observed_of(m, x));
    paso_json_set(&o, "claims", claims);
    return o;
}

/* ---- assumptions ---- */

static json_t *assumption_of(const paso_model *m, const paso_parameter *p) {
    double factor = p->item.unit.factor;
    json_t *o = item_of(&p->item), *cells = json_array();
    for (int k = 0; k < paso_shape_cells(m, p->item.shape); k++) {
        json_t *range = p->low[k] == p->high[k] ? json_null()
                                                : json_pack("[o, o]", number_of(p->low[k] / factor),
                                                            number_of(p->high[k] / factor));
        paso_json_append(&cells, json_pack("{s:o, s:o, s:o}", "cell",
                                           paso_page_cell_name(m, p->item.shape, k), "value",
                                           number_of(p->value[k] / factor), "range", range));
    }
    paso_json_set(&o, "cells", cells);
    paso_json_set(&o, "tags", tags_of(m, p->item.tags));
    return o;
}

/* ---- the whole ---- */

static json_t *clock_of(const paso_model *m) {
    return json_pack("{s:o, s:o, s:o, s:o}", "start", day_of(m->clock_start), "now",
                     day_of(m->clock_now), "facts", day_of(m->clock_facts), "end",
                     day_of(m->clock_end));
}

#define ALL_OF(list, n, one)                                                                       \
    json_t *list = json_array();                                                                   \
    for (int i = 0; i < (n); i++) paso_json_append(&(list), one)

static json_t *whole(const paso_session *s, const paso_page_options *options, int32_t from,
                     int32_t until) {
    const paso_model *m = s->model;
    ALL_OF(levers, m->n_levers, lever_of(s, i));
    ALL_OF(policies, m->n_policies, policy_of(m, &m->policy[i]));
    ALL_OF(observables, m->n_observables, observable_of(m, &m->observable[i]));
    ALL_OF(assumptions, m->n_parameters, assumption_of(m, &m->parameter[i]));
    ALL_OF(mechanisms, m->n_mechanisms, mechanism_of(&m->mechanism[i]));
    json_t *o = json_object();
    paso_json_set(&o, "format", json_integer(PASO_PAGE_FORMAT));
    paso_json_set(&o, "name", paso_page_text(m->name));
    paso_json_set(&o, "hash", paso_page_text(m->hash));
    paso_json_set(&o, "version", paso_page_text(options->version));
    paso_json_set(&o, "git", paso_page_text(options->git));
    paso_json_set(&o, "title", paso_page_label(m->title_en, m->title_es, m->name));
    paso_json_set(&o, "clock", clock_of(m));
    paso_json_set(&o, "from", day_of(from));
    paso_json_set(&o, "until", day_of(until));
    paso_json_set(&o, "seed", json_integer((json_int_t)options->seed));
    paso_json_set(&o, "stored", json_integer(options->n_members));
    paso_json_set(&o, "places", paso_page_places(m));
    paso_json_set(&o, "levers", levers);
    paso_json_set(&o, "policies", policies);
    paso_json_set(&o, "observables", observables);
    paso_json_set(&o, "flows", paso_page_flows(m));
    paso_json_set(&o, "mechanisms", mechanisms);
    paso_json_set(&o, "assumptions", assumptions);
    paso_json_set(&o, "sources", sources_of(m));
    paso_json_set(&o, "claims", claims_of(m));
    paso_json_set(&o, "units", units_of(m));
    paso_json_set(&o, "politics", paso_page_politics(s));
    return o;
}

void paso_page_days(const paso_model *m, int32_t *from, int32_t *until) {
    enum { MONTHS = 18 };
    *from = m->clock_now < m->clock_end ? m->clock_now : m->clock_start;
    *until = *from;
    for (int i = 0; i < MONTHS; i++) *until += paso_month_length(*until);
    if (*until > m->clock_end) *until = m->clock_end;
}

paso_status paso_page_write(const paso_session *session, const paso_page_options *options,
                            char **text) {
    int32_t from, until;
    paso_page_days(session->model, &from, &until);
    if (options->from != PASO_PAGE_NO_DAY) from = options->from;
    if (options->until != PASO_PAGE_NO_DAY) until = options->until;
    json_t *o = whole(session, options, from, until);
    *text = paso_json_write(o, JSON_COMPACT | JSON_REAL_PRECISION(17));
    json_decref(o);
    return *text ? PASO_OK : PASO_ERR_MEMORY;
}
