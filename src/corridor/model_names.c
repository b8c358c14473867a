/* Names: one name space for all that an expression can name, another for members, the words that
 * are taken, and the 32-bit hashes that key the draws. */
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "random/random.h"

static const char *const taken[] = {
    "exp",   "ln",    "sqrt",  "abs",     "logistic", "min",     "max",
    "if",    "ratio", "lag",   "mean",    "older",    "total",   "toward",
    "today", "by",    "shock", "outside", "default",  "columns", "month_length"};

bool paso_name_good(const char *name) {
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return name[0] >= 'a' && name[0] <= 'z' && name[n] == '\0';
}

/* Names of policies are joined by + on the command line; those of observables stand in tables. */
static bool is_plain_word(const char *name) {
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return name[0] >= 'a' && name[0] <= 'z' && name[n] == '\0';
}

bool paso_name_reserved(const paso_model *model, const char *name) {
    paso_unit unit;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(taken[i], name) == 0) return true;
    }
    return paso_unit_word(&model->units, name, strlen(name), &unit) == 0;
}

static int find(const paso_model *model, paso_section section, int n, const char *word) {
    for (int i = 0; i < n; i++) {
        const paso_item *item = paso_item_of(model, section, i);
        if (item->name != NULL && strcmp(item->name, word) == 0) return i;
    }
    return -1;
}

int paso_set_find(const paso_model *model, const char *name) {
    return find(model, PASO_IN_SETS, model->n_sets, name);
}

const char *paso_layer_name(paso_layer layer) {
    static const char *const names[] = {"accounting", "behaviour", "politics"};
    return names[layer];
}

const char *paso_take_name(paso_take take) {
    static const char *const names[] = {"sum", "mean", "last", "any", "first"};
    return names[take];
}

int paso_policy_find(const paso_model *model, const char *name) {
    return find(model, PASO_IN_POLICIES, model->n_policies, name);
}

int paso_observable_find(const paso_model *model, const char *name) {
    return find(model, PASO_IN_OBSERVABLES, model->n_observables, name);
}

bool paso_observable_adds_up(const paso_model *model, const paso_observable *observable) {
    int n_counted = 0;
    for (int i = 1; i < PASO_MAX_UNITS; i++) {
        double power = observable->item.unit.power[i];
        if (power == 1) n_counted++;
        if (power != 0 && power != 1) return false;
    }
    return paso_shape_cells(model, observable->item.shape) > 1 && n_counted == 1;
}

bool paso_member_find(const paso_model *model, const char *name, int *set, int *member) {
    for (*set = 0; *set < model->n_sets; ++*set) {
        const paso_set *s = &model->set[*set];
        for (*member = 0; *member < s->n_members; ++*member) {
            if (strcmp(s->member[*member], name) == 0) return true;
        }
    }
    return false;
}

paso_item *paso_item_of(const paso_model *model, paso_section section, int index) {
    switch (section) {
    case PASO_IN_SETS:
        return &model->set[index].item;
    case PASO_IN_DATA:
        return &model->data[index].item;
    case PASO_IN_PARAMETERS:
        return &model->parameter[index].item;
    case PASO_IN_LEVERS:
        return &model->lever[index].item;
    case PASO_IN_SIGNALS:
        return &model->signal[index].item;
    case PASO_IN_EVENTS:
        return &model->event[index].item;
    case PASO_IN_STAGES:
        return &model->stage[index].item;
    case PASO_IN_POLICIES:
        return &model->policy[index].item;
    case PASO_IN_OBSERVABLES:
        return &model->observable[index].item;
    case PASO_IN_MECHANISMS:
        return &model->mechanism[index].item;
    case PASO_IN_SOURCES:
    case PASO_N_SECTIONS:
        break;
    }
    return NULL;
}

paso_section paso_section_of(paso_ref_kind ref) {
    static const paso_section section[] = {
        [PASO_REF_ATTRIBUTE] = PASO_IN_SETS,       [PASO_REF_DATA] = PASO_IN_DATA,
        [PASO_REF_PARAMETER] = PASO_IN_PARAMETERS, [PASO_REF_LEVER] = PASO_IN_LEVERS,
        [PASO_REF_SIGNAL] = PASO_IN_SIGNALS,       [PASO_REF_EVENT] = PASO_IN_EVENTS,
        [PASO_REF_STAGE] = PASO_IN_STAGES,         [PASO_REF_EXIT] = PASO_IN_STAGES};
    return ref < PASO_REF_ATTRIBUTE ? PASO_N_SECTIONS : section[ref];
}

paso_entry *paso_entry_of(paso_reader *r, paso_section section, int index) {
    size_t i = (size_t)index - (section == PASO_IN_SETS ? 2U : 0U);
    if (section == PASO_IN_SETS && index < 2) return NULL;
    return i < r->section[section].n ? &r->section[section].items[i] : NULL;
}

paso_found paso_model_lookup(const paso_model *model, const char *word) {
    const struct {
        paso_section section;
        int n;
        paso_ref_kind ref;
    } spaces[] = {{PASO_IN_SETS, model->n_sets, PASO_REF_NONE},
                  {PASO_IN_DATA, model->n_data, PASO_REF_DATA},
                  {PASO_IN_PARAMETERS, model->n_parameters, PASO_REF_PARAMETER},
                  {PASO_IN_LEVERS, model->n_levers, PASO_REF_LEVER},
                  {PASO_IN_SIGNALS, model->n_signals, PASO_REF_SIGNAL},
                  {PASO_IN_EVENTS, model->n_events, PASO_REF_EVENT},
                  {PASO_IN_STAGES, model->n_stages, PASO_REF_STAGE}};
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        int at = find(model, spaces[i].section, spaces[i].n, word);
        if (at >= 0) return (paso_found){spaces[i].ref, spaces[i].section == PASO_IN_SETS, at};
    }
    return (paso_found){PASO_REF_NONE, false, -1};
}

/* ---- collecting */

static bool name_is_free(paso_reader *r, const paso_entry *entry, paso_section section) {
    paso_place at = {entry->mark, entry->path};
    const char *name = entry->node->key;
    bool own_space = section >= PASO_IN_POLICIES || section <= PASO_IN_MECHANISMS;
    bool plain = section >= PASO_IN_POLICIES || section == PASO_IN_MECHANISMS;
    if (plain && !is_plain_word(name)) {
        paso_err(r, "name", at, NULL,
                 "expected a name in lower case with hyphens or underscores, found \"%s\"", name);
        return false;
    }
    if (!own_space && !paso_name_good(name)) {
        paso_err(r, "name", at, NULL,
                 "expected a name in lower case with underscores, found \"%s\"", name);
        return false;
    }
    if (!own_space && paso_name_reserved(r->model, name)) {
        paso_err(r, "name-reserved", at, NULL, "expected a free name, found the reserved word %s",
                 name);
        return false;
    }
    return true;
}

/* The earlier definition of the same name in the same name space. */
static const paso_entry *find_entry(const paso_reader *r, paso_section section, const char *name,
                                    const paso_entry *before) {
    int first = (int)section, last = (int)section;
    if (section >= PASO_IN_SETS && section <= PASO_IN_STAGES)
        first = PASO_IN_SETS, last = PASO_IN_STAGES;
    for (int s = first; s <= last; s++) {
        for (size_t i = 0; i < r->section[s].n; i++) {
            const paso_entry *e = &r->section[s].items[i];
            if (e == before) return NULL;
            if (strcmp(e->node->key, name) == 0) return e;
        }
    }
    return NULL;
}

static bool is_first(paso_reader *r, const paso_entry *entry, paso_section section) {
    const char *name = entry->node->key;
    const paso_entry *earlier = find_entry(r, section, name, entry);
    bool built_in = section >= PASO_IN_SETS && section <= PASO_IN_STAGES &&
                    (strcmp(name, "calendar_month") == 0 || strcmp(name, "weekday") == 0);
    paso_place at = {entry->mark, entry->path};
    if (built_in)
        paso_err(r, "name-twice", at, NULL, "%s is a built-in set", name);
    else if (earlier != NULL)
        paso_err(r, "name-twice", at, "every name is defined once, in any file",
                 "%s is defined already at %s:%d", name, earlier->mark.file, earlier->mark.line);
    return !built_in && earlier == NULL;
}

static void collect(paso_reader *r, paso_section section) {
    paso_entries *list = &r->section[section];
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        /* Not short-circuited: both mistakes are worth a line. A bad name stays known, so that
         * those who use it are not blamed too. */
        if (!is_first(r, &list->items[i], section)) continue;
        (void)name_is_free(r, &list->items[i], section);
        list->items[kept++] = list->items[i];
    }
    list->n = kept;
}

void paso_names_collect(paso_reader *r) {
    for (int s = 0; s < PASO_N_SECTIONS; s++) collect(r, (paso_section)s);
}

/* ---- hashes */

typedef struct hashed {
    uint32_t hash;
    const char *name;
    paso_place at;
} hashed;

static int compare_hashes(const void *a, const void *b) {
    const hashed *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static size_t add_section(paso_reader *r, paso_section section, hashed *list, size_t n) {
    for (size_t i = 0; i < r->section[section].n; i++) {
        const paso_entry *e = &r->section[section].items[i];
        list[n++] = (hashed){paso_name_hash(e->node->key), e->node->key, {e->mark, e->path}};
    }
    return n;
}

static size_t add_exits(paso_reader *r, hashed *list, size_t n) {
    for (int s = 0; s < r->model->n_stages; s++) {
        const paso_stage *stage = &r->model->stage[s];
        for (int i = 0; i < stage->n_exits; i++) {
            const paso_exit *e = &stage->exit[i];
            const char *path =
                paso_reader_format(r, "stages.%s.exits.%s", stage->item.name, e->name);
            list[n++] = (hashed){paso_name_hash(e->dotted), e->dotted, {e->mark, path}};
        }
    }
    return n;
}

static void report_equal(paso_reader *r, hashed *list, size_t n) {
    qsort(list, n, sizeof *list, compare_hashes);
    for (size_t i = 1; i < n; i++) {
        if (list[i].hash != list[i - 1].hash) continue;
        paso_err(r, "name-hash", list[i].at, "rename one of the two",
                 "the draws of %s and %s would be the same: their names have the same 32-bit hash",
                 list[i - 1].name, list[i].name);
    }
}

void paso_names_hash(paso_reader *r) {
    size_t n = 0, all = 0;
    for (int s = 0; s < PASO_N_SECTIONS; s++) all += r->section[s].n;
    for (int s = 0; s < r->model->n_stages; s++) all += (size_t)r->model->stage[s].n_exits;
    hashed *list = PASO_NEW(r, all, hashed);
    if (list == NULL) return;
    for (int s = PASO_IN_SETS; s <= PASO_IN_STAGES; s++)
        n = add_section(r, (paso_section)s, list, n);
    report_equal(r, list, add_exits(r, list, n));
    report_equal(r, list, add_section(r, PASO_IN_OBSERVABLES, list, 0));
}
