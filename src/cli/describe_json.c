/* paso describe --format json: parameters, levers, mechanisms, places and sources of a corridor as
 * one object. Numbers are in the unit in which the corridor writes them, and a parameter says how
 * it is known. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "cli/describe.h"

static void set_text(json_t *object, const char *key, const char *text) {
    if (text) json_object_set_new(object, key, json_string(text));
}

static json_t *tags_of(const paso_model *m, const paso_item *item) {
    json_t *list = json_array();
    for (int i = 0; i < m->n_mechanisms; i++)
        if (item->tags >> i & 1U)
            json_array_append_new(list, json_string(m->mechanism[i].item.name));
    return list;
}

static json_t *cells_of(const cli_numbers *x) {
    json_t *list = json_array();
    for (int row = 0; row < x->n_rows; row++) {
        char cell[256] = "";
        double n[3];
        if (x->n_rows > 1) paso_cell_write(x->model, x->item->shape, row, cell, sizeof cell);
        cli_numbers_row(x, row, n);
        json_t *one = json_pack("{s:s, s:f}", "cell", cell, "value", n[0]);
        if (!isnan(n[1]))
            json_object_set_new(one, x->low ? "range" : "bounds", json_pack("[f, f]", n[1], n[2]));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *json_item(const cli_numbers *x) {
    const paso_item *item = x->item;
    json_t *object = json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", item->name, "unit",
                               item->unit_text, "layer", paso_layer_name(item->layer), "tags",
                               tags_of(x->model, item), "cells", cells_of(x));
    set_text(object, "en", item->en);
    set_text(object, "es", item->es);
    set_text(object, "source", item->source);
    set_text(object, "doc", item->doc);
    set_text(object, "known", x->known);
    set_text(object, "pinned", x->pinned);
    set_text(object, "who", x->who);
    set_text(object, "group", x->group);
    return object;
}

static json_t *json_places(const paso_model *m) {
    json_t *list = json_array();
    for (int s = 0; s < m->n_sets; s++) {
        const paso_set *set = &m->set[s];
        for (int i = 0; set->lat && i < set->n_members; i++) {
            if (isnan(set->lat[i])) continue;
            json_array_append_new(list, json_pack("{s:s, s:s, s:f, s:f}", "set", set->item.name,
                                                  "member", set->member[i], "lat", set->lat[i],
                                                  "lon", set->lon[i]));
        }
    }
    return list;
}

static json_t *json_moves(const paso_mechanism *x) {
    json_t *list = json_array();
    for (int i = 0; i < x->n_moves; i++) {
        json_t *then = json_object();
        for (int k = 0; k < x->move[i].n_effects; k++) {
            const paso_effect *effect = &x->move[i].effect[k];
            json_object_set_new(
                then, effect->text,
                json_pack("[s, s]", effect->sign > 0 ? "up" : "down", effect->delay_text));
        }
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "lever", x->move[i].text, "to",
                                              x->move[i].to_text, "then", then));
    }
    return list;
}

static json_t *json_mechanism(const paso_mechanism *x) {
    json_t *one = json_object();
    set_text(one, "en", x->item.en);
    set_text(one, "es", x->item.es);
    set_text(one, "doc", x->item.doc);
    if (x->number == 0) return one;
    json_t *rests = json_array(), *sources = json_array();
    for (int i = 0; i < x->n_rests; i++)
        json_array_append_new(rests, json_string(x->rests[i]->name));
    if (x->scenario) json_array_append_new(rests, json_string("scenario"));
    for (int i = 0; i < x->n_sources; i++)
        json_array_append_new(sources, json_string(x->source[i]));
    json_object_set_new(one, "number", json_integer(x->number));
    json_object_set_new(one, "moves", json_moves(x));
    json_object_set_new(one, "rests", rests);
    json_object_set_new(one, "sources", sources);
    return one;
}

static json_t *json_named(const paso_model *m) {
    json_t *object = json_object();
    for (int i = 0; i < m->n_mechanisms; i++)
        json_object_set_new(object, m->mechanism[i].item.name, json_mechanism(&m->mechanism[i]));
    return object;
}

static json_t *json_sources(const paso_model *m) {
    json_t *object = json_object();
    for (int i = 0; i < m->n_sources; i++) {
        json_t *one = json_object();
        set_text(one, "title", m->source[i].title);
        set_text(one, "by", m->source[i].by);
        set_text(one, "url", m->source[i].url);
        json_object_set_new(object, m->source[i].key, one);
    }
    return object;
}

void cli_describe_json(const cli_description *d) {
    const paso_model *m = d->m;
    json_t *parameters = json_array(), *levers = json_array();
    for (int i = 0; i < m->n_parameters; i++) {
        cli_numbers x = cli_numbers_of_parameter(d, i);
        json_array_append_new(parameters, json_item(&x));
    }
    for (int i = 0; i < m->n_levers; i++) {
        cli_numbers x = cli_numbers_of_lever(d, i);
        json_array_append_new(levers, json_item(&x));
    }
    json_t *all = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o}", "corridor", m->name, "hash",
                            m->hash, "parameters", parameters, "levers", levers, "mechanisms",
                            json_named(m), "places", json_places(m), "sources", json_sources(m));
    set_text(all, "title_en", m->title_en);
    set_text(all, "title_es", m->title_es);
    json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    putchar('\n');
    json_decref(all);
}
