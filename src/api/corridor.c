/* A corridor and what it says about itself: every kind of item through the same few functions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

paso_status paso_corridor_open(const char *path, paso_errors *errors, paso_corridor **corridor) {
    paso_corridor *c = calloc(1, sizeof *c);
    if (!c) return PASO_ERR_MEMORY;
    paso_status status = paso_model_read(path, &errors->diags, &c->model);
    if (status == PASO_OK) {
        *corridor = c;
    } else {
        free(c);
    }
    return status;
}

void paso_corridor_free(paso_corridor *corridor) {
    if (!corridor) return;
    paso_model_free(corridor->model);
    free(corridor);
}

const char *paso_corridor_name(const paso_corridor *corridor) {
    return corridor->model->name;
}

const char *paso_corridor_title(const paso_corridor *corridor, bool spanish) {
    const paso_model *m = corridor->model;
    if (spanish && m->title_es) return m->title_es;
    return m->title_en ? m->title_en : m->name;
}

const char *paso_corridor_hash(const paso_corridor *corridor) {
    return corridor->model->hash;
}

paso_clock paso_corridor_clock(const paso_corridor *corridor) {
    const paso_model *m = corridor->model;
    return (paso_clock){m->clock_start, m->clock_now, m->clock_end};
}

/* ---- items ---- */

size_t paso_corridor_count(const paso_corridor *corridor, paso_kind kind) {
    const paso_model *m = corridor->model;
    switch (kind) {
    case PASO_KIND_POLICY:
        return (size_t)m->n_policies;
    case PASO_KIND_LEVER:
        return (size_t)m->n_levers;
    case PASO_KIND_PARAMETER:
        return (size_t)m->n_parameters;
    case PASO_KIND_OBSERVABLE:
        return (size_t)m->n_observables;
    case PASO_KIND_STAGE:
        return (size_t)m->n_stages;
    case PASO_KIND_SIGNAL:
        return (size_t)m->n_signals;
    case PASO_KIND_EVENT:
        return (size_t)m->n_events;
    case PASO_KIND_SERIES:
        return (size_t)m->n_data;
    case PASO_KIND_SET:
        return (size_t)m->n_sets;
    case PASO_KIND_MECHANISM:
        return (size_t)m->n_mechanisms;
    }
    return 0;
}

/* What all kinds have; NULL if there is no such item. */
static const paso_item *item_of(const paso_corridor *corridor, paso_kind kind, size_t i) {
    const paso_model *m = corridor->model;
    if (i >= paso_corridor_count(corridor, kind)) return NULL;
    switch (kind) {
    case PASO_KIND_POLICY:
        return &m->policy[i].item;
    case PASO_KIND_LEVER:
        return &m->lever[i].item;
    case PASO_KIND_PARAMETER:
        return &m->parameter[i].item;
    case PASO_KIND_OBSERVABLE:
        return &m->observable[i].item;
    case PASO_KIND_STAGE:
        return &m->stage[i].item;
    case PASO_KIND_SIGNAL:
        return &m->signal[i].item;
    case PASO_KIND_EVENT:
        return &m->event[i].item;
    case PASO_KIND_SERIES:
        return &m->data[i].item;
    case PASO_KIND_SET:
        return &m->set[i].item;
    case PASO_KIND_MECHANISM:
        return &m->mechanism[i].item;
    }
    return NULL;
}

int paso_corridor_find(const paso_corridor *corridor, paso_kind kind, const char *name) {
    size_t n = paso_corridor_count(corridor, kind);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(item_of(corridor, kind, i)->name, name) == 0) return (int)i;
    }
    return -1;
}

static const char *base_of(const paso_model *m, size_t policy) {
    int base = m->policy[policy].base;
    return base < 0 ? NULL : m->policy[base].item.name;
}

static const char *every_of(const paso_model *m, paso_kind kind, size_t i) {
    if (kind == PASO_KIND_OBSERVABLE) return paso_period_name(m->observable[i].every);
    if (kind == PASO_KIND_SERIES) return paso_period_name(m->data[i].every);
    return NULL;
}

/* What only some kinds say. */
static const char *special_of(const paso_model *m, paso_kind kind, size_t i, paso_about about) {
    if (about == PASO_ABOUT_EVERY) return every_of(m, kind, i);
    if (about == PASO_ABOUT_TAKE && kind == PASO_KIND_OBSERVABLE) {
        return paso_take_name(m->observable[i].take);
    }
    if (about == PASO_ABOUT_BASE && kind == PASO_KIND_POLICY) return base_of(m, i);
    if (about == PASO_ABOUT_WHO && kind == PASO_KIND_LEVER) return m->lever[i].who;
    if (about == PASO_ABOUT_GROUP && kind == PASO_KIND_LEVER) return m->lever[i].group;
    return NULL;
}

static const char *common_of(const paso_item *item, paso_about about) {
    const char *label = item->en ? item->en : item->name;
    switch (about) {
    case PASO_ABOUT_NAME:
        return item->name;
    case PASO_ABOUT_LABEL:
        return label;
    case PASO_ABOUT_LABEL_SPANISH:
        return item->es ? item->es : label;
    case PASO_ABOUT_UNIT:
        return item->unit_text;
    case PASO_ABOUT_DOC:
        return item->doc;
    case PASO_ABOUT_SOURCE:
        return item->source;
    case PASO_ABOUT_LAYER:
        return paso_layer_name(item->layer);
    default:
        return NULL;
    }
}

const char *paso_corridor_text(const paso_corridor *corridor, paso_kind kind, size_t i,
                               paso_about about) {
    const paso_item *item = item_of(corridor, kind, i);
    if (!item) return NULL;
    const char *text = common_of(item, about);
    if (!text) text = special_of(corridor->model, kind, i, about);
    return text ? text : "";
}

bool paso_corridor_headline(const paso_corridor *corridor, size_t i) {
    const paso_model *m = corridor->model;
    return i < (size_t)m->n_observables && m->observable[i].headline;
}

/* ---- cells ---- */

size_t paso_corridor_cells(const paso_corridor *corridor, paso_kind kind, size_t i) {
    const paso_item *item = item_of(corridor, kind, i);
    if (!item) return 0;
    if (kind == PASO_KIND_SET) return (size_t)corridor->model->set[i].n_members;
    return (size_t)paso_shape_cells(corridor->model, item->shape);
}

int paso_corridor_cell(const paso_corridor *corridor, paso_kind kind, size_t i, size_t cell,
                       char *text, size_t size) {
    const paso_model *m = corridor->model;
    if (cell >= paso_corridor_cells(corridor, kind, i) || size == 0) return -1;
    if (kind == PASO_KIND_SET) {
        snprintf(text, size, "%s", m->set[i].member[cell]);
    } else {
        paso_cell_write(m, item_of(corridor, kind, i)->shape, (int)cell, text, size);
    }
    return 0;
}

static void copy_scaled(double *to, const double *from, size_t n, double factor) {
    for (size_t i = 0; to && i < n; i++) to[i] = from[i] / factor;
}

static void fill_scaled(double *to, double value, size_t n, double factor) {
    for (size_t i = 0; to && i < n; i++) to[i] = value / factor;
}

paso_status paso_corridor_values(const paso_corridor *corridor, paso_kind kind, size_t i,
                                 double *value, double *low, double *high) {
    const paso_model *m = corridor->model;
    const paso_item *item = item_of(corridor, kind, i);
    size_t n = paso_corridor_cells(corridor, kind, i);
    double factor = item && item->unit.factor != 0 ? item->unit.factor : 1;
    if (item && kind == PASO_KIND_LEVER) {
        copy_scaled(value, m->lever[i].value, n, factor);
        fill_scaled(low, m->lever[i].bound[0], n, factor);
        fill_scaled(high, m->lever[i].bound[1], n, factor);
        return PASO_OK;
    }
    if (item && kind == PASO_KIND_PARAMETER) {
        copy_scaled(value, m->parameter[i].value, n, factor);
        copy_scaled(low, m->parameter[i].low, n, factor);
        copy_scaled(high, m->parameter[i].high, n, factor);
        return PASO_OK;
    }
    return PASO_ERR_USAGE;
}

/* ---- what hangs together, and where it lies ---- */

bool paso_corridor_tagged(const paso_corridor *corridor, paso_kind kind, size_t i,
                          size_t mechanism) {
    const paso_item *item = item_of(corridor, kind, i);
    if (!item || mechanism >= (size_t)corridor->model->n_mechanisms) return false;
    return (item->tags >> mechanism & 1) != 0;
}

int paso_corridor_mechanism(const paso_corridor *corridor, size_t i) {
    const paso_model *m = corridor->model;
    return i < (size_t)m->n_mechanisms ? m->mechanism[i].number : 0;
}

int paso_corridor_place(const paso_corridor *corridor, size_t i, size_t member, double *latitude,
                        double *longitude) {
    const paso_model *m = corridor->model;
    if (member >= paso_corridor_cells(corridor, PASO_KIND_SET, i)) return -1;
    const paso_set *set = &m->set[i];
    if (!set->lat || !set->lon || isnan(set->lat[member])) return -1;
    *latitude = set->lat[member];
    *longitude = set->lon[member];
    return 0;
}
