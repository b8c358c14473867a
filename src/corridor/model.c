/* From a corridor's files to the checked model. The passes stand in paso_model_read in their order:
 * files, names, sets, data, values, expressions; then the checks of names, sets and units in every
 * expression, of stages, orders and layers. Each pass reports all it finds. */
#include "corridor/model.h"

#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"

#define PASO_ITEMS(field, n_field, section)                                                        \
    { (void **)&m->field, &m->n_field, sizeof *m->field, section }

/* Makes room for the items of every section and gives them name, mark and default layer. */
static void make_items(paso_reader *r) {
    paso_model *m = r->model;
    const struct {
        void **items;
        int *n;
        size_t size;
        paso_section section;
    } list[] = {PASO_ITEMS(data, n_data, PASO_IN_DATA),
                PASO_ITEMS(parameter, n_parameters, PASO_IN_PARAMETERS),
                PASO_ITEMS(lever, n_levers, PASO_IN_LEVERS),
                PASO_ITEMS(signal, n_signals, PASO_IN_SIGNALS),
                PASO_ITEMS(event, n_events, PASO_IN_EVENTS),
                PASO_ITEMS(stage, n_stages, PASO_IN_STAGES),
                PASO_ITEMS(policy, n_policies, PASO_IN_POLICIES),
                PASO_ITEMS(observable, n_observables, PASO_IN_OBSERVABLES)};
    for (size_t k = 0; k < sizeof list / sizeof list[0]; k++) {
        const paso_entries *entries = &r->section[list[k].section];
        *list[k].items = paso_reader_alloc(r, entries->n, list[k].size);
        if (*list[k].items == NULL) return;
        *list[k].n = (int)entries->n;
        for (size_t i = 0; i < entries->n; i++) {
            paso_item *item = paso_item_of(m, list[k].section, (int)i);
            item->name = entries->items[i].node->key;
            item->mark = entries->items[i].mark;
            item->layer = r->files.items[entries->items[i].file].layer;
            item->tags = r->files.items[entries->items[i].file].tags;
            item->unit = paso_unit_pure();
        }
    }
}

static void run_passes(paso_reader *r) {
    static void (*const passes[])(paso_reader *) = {
        paso_head_read,       paso_names_collect,   paso_sets_read,     make_items,
        paso_data_read,       paso_parameters_read, paso_levers_read,   paso_signals_read,
        paso_events_read,     paso_stages_read,     paso_policies_read, paso_observables_read,
        paso_mechanisms_read, paso_check_uses,      paso_check_stages,  paso_check_orders,
        paso_check_layers,    paso_names_hash,      paso_check_warnings};
    for (size_t i = 0; i < sizeof passes / sizeof passes[0] && !r->no_memory; i++) passes[i](r);
}

static void reader_clear(paso_reader *r) {
    free(r->files.items);
    free(r->overrides.items);
    free(r->uses.items);
    for (int i = 0; i < PASO_N_SECTIONS; i++) free(r->section[i].items);
}

paso_status paso_model_read(const char *path, paso_diags *diags, paso_model **model) {
    return paso_model_read_texts(path, NULL, diags, model);
}

paso_status paso_model_read_texts(const char *path, paso_texts *texts, paso_diags *diags,
                                  paso_model **model) {
    paso_reader r = {.diags = diags, .texts = texts, .arena = paso_arena_create()};
    paso_status status = PASO_ERR_MEMORY;
    *model = NULL;
    if (r.arena == NULL) return status;
    r.model = paso_arena_alloc(r.arena, 1, sizeof *r.model);
    if (r.model == NULL) goto out;
    r.model->arena = r.arena;
    paso_units_init(&r.model->units);
    paso_sha256_init(&r.hash);
    size_t before = diags->n_errors;
    status = paso_files_load(&r, path);
    if (r.no_memory) status = PASO_ERR_MEMORY;
    if (status != PASO_OK) goto out;
    run_passes(&r);
    paso_sha256_finish(&r.hash, r.model->hash);
    status = r.no_memory || paso_arena_failed(r.arena) ? PASO_ERR_MEMORY
             : diags->n_errors > before                ? PASO_ERR_INPUT
                                                       : PASO_OK;
    if (status != PASO_OK) goto out;
    *model = r.model;
    r.arena = NULL; /* now the model's */
out:
    reader_clear(&r);
    paso_arena_free(r.arena);
    return status;
}

void paso_model_free(paso_model *model) {
    if (model == NULL) return;
    paso_arena_free(model->arena);
}
