/* What the page draws on a map: places, and the moves between them that observables count. */
#include <math.h>
#include <stdlib.h>

#include "page/page_internal.h"

static bool is_end(const paso_end *end, int set, int member) {
    return end->set == set && (end->member < 0 || end->member == member);
}

/* People set out from an origin, pass a stop, come to a goal; elsewhere nothing moves. */
static const char *role_of(const paso_model *m, int set, int member) {
    bool from = false, to = false;
    for (int i = 0; i < m->n_observables; i++) {
        const paso_path *path = m->observable[i].path;
        from |= path && is_end(&path->from, set, member);
        to |= path && is_end(&path->to, set, member);
    }
    return from && to ? "stop" : from ? "origin" : to ? "goal" : "place";
}

json_t *paso_page_places(const paso_model *m) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_sets; i++) {
        const paso_set *set = &m->set[i];
        for (int k = 0; set->lat && k < set->n_members; k++) {
            if (isnan(set->lat[k])) continue;
            paso_json_append(&list, json_pack("{s:s, s:s, s:o, s:f, s:f, s:s}", "set",
                                              set->item.name, "member", set->member[k], "label",
                                              paso_page_member_label(set, k), "lat", set->lat[k],
                                              "lon", set->lon[k], "role", role_of(m, i, k)));
        }
    }
    return list;
}

/* For each cell the member at this end of its moves, -1 where that is nowhere. */
static int *members_at(const paso_model *m, const paso_end *end, paso_shape shape) {
    int n = paso_shape_cells(m, shape);
    int *member = calloc((size_t)n + 1, sizeof *member);
    paso_shape alone = {.n = 1, .set = {end->set}};
    if (!member || (end->member < 0 && paso_shape_map(m, shape, alone, member) != 0)) {
        free(member);
        return NULL;
    }
    for (int cell = 0; cell < n; cell++) {
        if (end->member >= 0) member[cell] = end->member;
        if (isnan(m->set[end->set].lat[member[cell]])) member[cell] = -1;
    }
    return member;
}

static json_t *place_of(const paso_model *m, const paso_end *end, int member) {
    const paso_set *set = &m->set[end->set];
    return json_sprintf("%s=%s", set->item.name, set->member[member]);
}

static json_t *flow_of(const paso_model *m, const paso_observable *o, int cell, int from, int to) {
    return json_pack("{s:s, s:o, s:o, s:o, s:s, s:o}", "name", o->item.name, "label",
                     paso_page_label(o->item.en, o->item.es, o->item.name), "from",
                     place_of(m, &o->path->from, from), "to", place_of(m, &o->path->to, to),
                     "observable", o->item.name, "cell",
                     paso_page_cell_name(m, o->item.shape, cell));
}

static void add_flows(const paso_model *m, const paso_observable *o, json_t **list) {
    int *from = members_at(m, &o->path->from, o->item.shape);
    int *to = members_at(m, &o->path->to, o->item.shape);
    for (int cell = 0; from && to && cell < paso_shape_cells(m, o->item.shape); cell++) {
        if (from[cell] < 0 || to[cell] < 0) continue;
        paso_json_append(list, flow_of(m, o, cell, from[cell], to[cell]));
    }
    if (!from || !to) paso_json_append(list, NULL);
    free(from);
    free(to);
}

json_t *paso_page_flows(const paso_model *m) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_observables; i++)
        if (m->observable[i].path) add_flows(m, &m->observable[i], &list);
    return list;
}
