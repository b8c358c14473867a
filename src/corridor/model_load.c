/* Files: the corridor's file, what it includes, the merging of their sections by name, `override:`,
 * and the head of the corridor (clock, units, words, sources). */
#define _XOPEN_SOURCE 700 /* realpath */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corridor/file.h"
#include "corridor/model_internal.h"

const char *const paso_section_names[PASO_N_SECTIONS] = {
    "sources", "mechanisms", "sets",   "data",     "parameters", "levers",
    "signals", "events",     "stages", "policies", "observables"};

const char *const paso_head_names[] = {"corridor", "title", "doc",  "clock",    "include", "units",
                                       "words",    "layer", "tags", "override", NULL};
enum { N_HEAD = sizeof paso_head_names / sizeof paso_head_names[0] - 1 };
/* A day's number must fit the key of a draw: 16 bits, with some left for forecasts. */
enum { MAX_DAYS = 65000 };

const char *paso_path_join(paso_reader *r, const char *folder, const char *name) {
    if (name[0] == '/' || folder[0] == '\0') return paso_reader_format(r, "%s", name);
    const char *slash = folder[strlen(folder) - 1] == '/' ? "" : "/";
    return paso_reader_format(r, "%s%s%s", folder, slash, name);
}

static const char *folder_of(paso_reader *r, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "" : paso_reader_format(r, "%.*s", (int)(slash - path), path);
}

/* ---- one file's text */

static bool is_closed(const paso_reader *r) {
    return r->texts != NULL && r->texts->closed;
}

static char *real_of(paso_reader *r, const char *path) {
    const paso_source_text *known = is_closed(r) ? paso_texts_find(r->texts, path) : NULL;
    char *real = is_closed(r) ? NULL : realpath(path, NULL);
    char *copy = known != NULL  ? paso_arena_text(r->arena, known->real)
                 : real != NULL ? paso_arena_text(r->arena, real)
                                : NULL;
    if ((known != NULL || real != NULL) && copy == NULL) r->no_memory = true;
    free(real);
    return copy;
}

bool paso_source_is_there(paso_reader *r, const char *path) {
    if (is_closed(r)) return paso_texts_find(r->texts, path) != NULL;
    FILE *in = fopen(path, "rb");
    if (in != NULL) fclose(in);
    return in != NULL;
}

const char *paso_source_missing(const paso_reader *r, const char *hint) {
    return is_closed(r) ? "only files that the corridor was read from: save, and start again"
                        : hint;
}

static void add_hash(paso_reader *r, const char *text, size_t length) {
    uint64_t total = length;
    paso_sha256_add(&r->hash, text, length);
    /* The length ends a file, so that text moved from one file to the next changes the hash. */
    paso_sha256_add(&r->hash, &total, sizeof total);
}

static paso_status read_source(paso_reader *r, const char *path, char **text, size_t *length) {
    if (is_closed(r)) {
        const paso_source_text *known = paso_texts_find(r->texts, path);
        if (known == NULL) return PASO_ERR_IO; /* who asks has looked whether it is there */
        *text = paso_arena_text_n(r->arena, known->text, known->length);
        *length = known->length;
        return *text == NULL ? PASO_ERR_MEMORY : PASO_OK;
    }
    paso_status status = paso_file_read(r->arena, r->diags, path, text, length);
    bool keep = status == PASO_OK && r->texts != NULL && paso_texts_find(r->texts, path) == NULL;
    const char *real = keep ? real_of(r, path) : NULL;
    if (real != NULL) status = paso_texts_add(r->texts, path, real, *text, *length);
    return status;
}

paso_status paso_source_read(paso_reader *r, const char *path, char **text, size_t *length) {
    paso_status status = read_source(r, path, text, length);
    r->no_memory |= status == PASO_ERR_MEMORY;
    if (status == PASO_OK) add_hash(r, *text, *length);
    return status;
}

/* ---- loading */

static int find_file(const paso_reader *r, const char *real) {
    for (size_t i = 0; i < r->files.n; i++) {
        if (strcmp(r->files.items[i].real, real) == 0) return (int)i;
    }
    return -1;
}

static int add_file(paso_reader *r, const char *path, int parent) {
    const char *real = real_of(r, path);
    paso_file file = {.path = path, .folder = folder_of(r, path), .parent = parent, .open = true};
    file.real = real == NULL ? path : real;
    if (PASO_PUSH(&r->files, file) == 0) return (int)r->files.n - 1;
    r->no_memory = true;
    return -1;
}

static void load_file(paso_reader *r, int file);

static void load_include(paso_reader *r, int parent, const paso_node *node) {
    paso_place at = {node->mark, "include"};
    const char *name = paso_text_read(r, node, at);
    if (name == NULL) return;
    const char *path = paso_path_join(r, r->files.items[parent].folder, name);
    const char *real = real_of(r, path);
    int known = real == NULL ? -1 : find_file(r, real);
    if (real == NULL)
        paso_err(r, "include", at, paso_source_missing(r, "paths are relative to this file"),
                 "expected a file, found no %s", path);
    else if (known >= 0 && r->files.items[known].open)
        paso_err(r, "include", at, NULL, "%s includes itself, directly or through others", path);
    else if (known < 0) {
        known = add_file(r, path, parent);
        if (known >= 0) load_file(r, known);
    }
}

static void load_includes(paso_reader *r, int file, const paso_node *root) {
    const paso_node *list = paso_node_get(root, "include");
    if (list == NULL || !paso_node_is(r, list, paso_place_child(r, "", list), PASO_LIST)) return;
    for (const paso_node *n = list->child; n != NULL; n = n->next) load_include(r, file, n);
}

static void read_file_layer(paso_reader *r, paso_file *file) {
    paso_item item = {.layer = PASO_ACCOUNTING};
    paso_context c = {.item = &item};
    const paso_node *node = paso_node_get(file->root, "layer");
    if (node != NULL) paso_read_layer(r, &c, node, paso_place_child(r, "", node));
    file->layer = item.layer;
}

static void add_entry(paso_reader *r, int section, int file, paso_node *node) {
    const char *path = paso_reader_format(r, "%s.%s", paso_section_names[section], node->key);
    paso_entry entry = {.node = node, .file = file, .mark = node->key_mark, .path = path};
    if (PASO_PUSH(&r->section[section], entry) != 0) r->no_memory = true;
}

static void merge_section(paso_reader *r, int section, int file, const paso_node *map) {
    if (map->kind == PASO_SCALAR && map->text[0] == '\0') return;
    if (!paso_node_is(r, map, paso_place_child(r, "", map), PASO_MAP)) return;
    for (paso_node *n = map->child; n != NULL; n = n->next) add_entry(r, section, file, n);
}

static int index_of(const char *const *names, int n, const char *word) {
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], word) == 0) return i;
    }
    return -1;
}

static void refuse_section(paso_reader *r, const paso_node *node) {
    const char *names[PASO_N_SECTIONS + N_HEAD];
    memcpy(names, paso_section_names, sizeof paso_section_names);
    memcpy(names + PASO_N_SECTIONS, paso_head_names, N_HEAD * sizeof paso_head_names[0]);
    paso_err_unknown(r, (paso_place){node->key_mark, ""}, "a section", node->key, names,
                     PASO_N_SECTIONS + N_HEAD);
}

static void merge_file(paso_reader *r, int file) {
    for (paso_node *n = r->files.items[file].root->child; n != NULL; n = n->next) {
        int section = index_of(paso_section_names, PASO_N_SECTIONS, n->key);
        if (section >= 0)
            merge_section(r, section, file, n);
        else if (index_of(paso_head_names, N_HEAD, n->key) < 0)
            refuse_section(r, n);
        if (strcmp(n->key, "override") != 0) continue;
        paso_entry entry = {.node = n, .file = file, .mark = n->key_mark, .path = "override"};
        if (PASO_PUSH(&r->overrides, entry) != 0) r->no_memory = true;
    }
}

/* What a file includes is merged before the file, so that its own overrides come last. */
static void load_file(paso_reader *r, int file) {
    const char *path = r->files.items[file].path;
    paso_node *root = NULL;
    char *text;
    size_t length;
    paso_status status = paso_source_read(r, path, &text, &length);
    if (status == PASO_OK) status = paso_tree_parse(r->arena, r->diags, path, text, length, &root);
    r->no_memory |= status == PASO_ERR_MEMORY;
    if (status != PASO_OK) return;
    if (paso_node_is(r, root, (paso_place){root->mark, ""}, PASO_MAP)) {
        r->files.items[file].root = root;
        read_file_layer(r, &r->files.items[file]);
        load_includes(r, file, root);
        merge_file(r, file);
    }
    r->files.items[file].open = false;
}

/* ---- overrides */

static paso_entry *find_in(paso_reader *r, paso_section s, const char *name) {
    for (size_t i = 0; i < r->section[s].n; i++) {
        if (strcmp(r->section[s].items[i].node->key, name) == 0) return &r->section[s].items[i];
    }
    return NULL;
}

/* Mechanisms last: they may share a name with what they are about, which goes first. */
static paso_entry *find_item(paso_reader *r, const char *name) {
    for (int s = PASO_IN_SETS; s < PASO_N_SECTIONS; s++) {
        paso_entry *entry = find_in(r, (paso_section)s, name);
        if (entry != NULL) return entry;
    }
    return find_in(r, PASO_IN_MECHANISMS, name);
}

static paso_node *copy_node(paso_reader *r, const paso_node *node) {
    paso_node *copy = PASO_NEW(r, 1, paso_node);
    if (copy != NULL) *copy = *node;
    if (copy != NULL) copy->next = NULL;
    return copy;
}

/* Puts a copy of `field` in the place of the item's field of that key, or at its end. */
static void set_field(paso_reader *r, paso_node *item, const paso_node *field) {
    paso_node *copy = copy_node(r, field);
    paso_node **link = &item->child;
    if (copy == NULL) return;
    while (*link != NULL && strcmp((*link)->key, field->key) != 0) link = &(*link)->next;
    if (*link == NULL) item->n_children++;
    if (*link != NULL) copy->next = (*link)->next;
    *link = copy;
}

static bool includes(const paso_reader *r, int file, int other) {
    for (; other >= 0; other = r->files.items[other].parent) {
        if (other == file) return true;
    }
    return false;
}

/* Two files neither of which includes the other may not override one field: their order would
 * decide. */
static bool is_overridden_elsewhere(paso_reader *r, const paso_entry *override, const char *item,
                                    const char *key) {
    for (size_t i = 0; i < r->overrides.n; i++) {
        const paso_entry *other = &r->overrides.items[i];
        if (other == override) return false;
        const paso_node *fields = paso_node_get(other->node, item);
        if (fields != NULL && paso_node_get(fields, key) != NULL &&
            !includes(r, override->file, other->file))
            return true;
    }
    return false;
}

static void override_item(paso_reader *r, const paso_entry *override, const paso_node *fields) {
    paso_place at = paso_place_child(r, "override", fields);
    paso_entry *item = find_item(r, fields->key);
    if (item == NULL) {
        at.mark = fields->key_mark;
        paso_err_unknown_name(r, at, fields->key);
    } else if (item->node->kind != PASO_MAP) {
        paso_err(r, "override", at, NULL, "%s has no fields to override", fields->key);
    } else if (paso_node_is(r, fields, at, PASO_MAP)) {
        for (const paso_node *f = fields->child; f != NULL; f = f->next) {
            if (is_overridden_elsewhere(r, override, fields->key, f->key))
                paso_err(r, "override", paso_place_child(r, at.path, f), NULL,
                         "%s of %s is overridden in two files", f->key, fields->key);
            set_field(r, item->node, f);
        }
    }
}

static void apply_overrides(paso_reader *r) {
    for (size_t i = 0; i < r->overrides.n; i++) {
        const paso_entry *o = &r->overrides.items[i];
        if (!paso_node_is(r, o->node, (paso_place){o->mark, "override"}, PASO_MAP)) continue;
        for (const paso_node *n = o->node->child; n != NULL; n = n->next) override_item(r, o, n);
    }
}

/* What stands where, for those who ask why a value is what it is. */
static void record_overrides(paso_reader *r) {
    size_t n = 0;
    for (size_t i = 0; i < r->overrides.n; i++) {
        for (const paso_node *x = r->overrides.items[i].node->child; x != NULL; x = x->next) {
            n += (size_t)x->n_children;
        }
    }
    paso_changed *changed = PASO_NEW(r, n + 1, paso_changed);
    if (changed == NULL) return;
    r->model->changed = changed;
    for (size_t i = 0; i < r->overrides.n; i++) {
        for (const paso_node *x = r->overrides.items[i].node->child; x != NULL; x = x->next) {
            for (const paso_node *f = x->child; f != NULL; f = f->next) {
                changed[r->model->n_changed++] =
                    (paso_changed){x->key, f->key, f->text, f->key_mark};
            }
        }
    }
}

/* ---- the first file */

static const char *main_file(paso_reader *r, const char *path) {
    struct stat about;
    if (stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return paso_path_join(r, path, "corridor.yml");
    return paso_reader_format(r, "%s", path);
}

paso_status paso_files_load(paso_reader *r, const char *path) {
    struct stat about;
    const char *file = is_closed(r) ? r->texts->items[0].path : main_file(r, path);
    if (r->no_memory) return PASO_ERR_MEMORY;
    if (!is_closed(r) && stat(file, &about) != 0) {
        paso_err(r, "file", (paso_place){{0}, ""}, "name a corridor's folder or its file",
                 "expected a corridor, found no file %s", file);
        return PASO_ERR_IO;
    }
    int first = add_file(r, file, -1);
    if (first < 0) return PASO_ERR_MEMORY;
    r->model->file = file;
    r->model->folder = r->files.items[first].folder[0] == '\0' ? "." : r->files.items[first].folder;
    load_file(r, first);
    if (r->files.items[first].root == NULL) return PASO_ERR_INPUT;
    apply_overrides(r);
    record_overrides(r);
    return PASO_OK;
}

/* ---- the head: name, title, clock, units, words, sources */

/* The outermost file that has the key decides; files stand in the list outermost first. */
static const paso_node *head_node(const paso_reader *r, const char *key) {
    for (size_t i = 0; i < r->files.n; i++) {
        const paso_node *root = r->files.items[i].root;
        const paso_node *node = root == NULL ? NULL : paso_node_get(root, key);
        if (node != NULL) return node;
    }
    return NULL;
}

static void read_clock_day(paso_reader *r, const paso_node *node, paso_place at, int *day) {
    if (node->kind == PASO_SCALAR && strlen(node->text) == 10 &&
        paso_date_parse(node->text, day, NULL) == 0)
        return;
    paso_err_expected(r, at, "a date such as 2024-11-05", node);
}

static void read_start(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_clock_day(r, node, at, &((paso_model *)c->item)->clock_start);
}

static void read_end(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_model *m = c->item;
    m->clock_end = m->clock_start;
    read_clock_day(r, node, at, &m->clock_end);
    m->clock_end++; /* the last day is simulated too */
    m->clock_now = m->clock_facts = m->clock_end;
}

static void read_now(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_model *m = c->item;
    read_clock_day(r, node, at, &m->clock_now);
    m->clock_facts = m->clock_now;
}

static void read_facts(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_clock_day(r, node, at, &((paso_model *)c->item)->clock_facts);
}

const paso_field paso_clock_fields[] = {{"start", read_start, "the first simulated day"},
                                        {"end", read_end, "the last simulated day"},
                                        {"now", read_now, NULL},
                                        {"facts", read_facts, NULL},
                                        {NULL, NULL, NULL}};

static void read_clock(paso_reader *r, const paso_node *node) {
    paso_model *m = r->model;
    paso_context c = {.item = m, .node = node, .at = {node->mark, "clock"}};
    size_t before = r->diags->n_errors;
    if (!paso_node_is(r, node, c.at, PASO_MAP)) return;
    paso_fields_read(r, &c, paso_clock_fields);
    if (r->diags->n_errors > before) return;
    if (m->clock_end <= m->clock_start || m->clock_now < m->clock_start ||
        m->clock_now > m->clock_end || m->clock_facts < m->clock_start)
        paso_err(r, "clock", c.at, NULL, "expected start <= now <= end and start <= facts");
    if (m->clock_end - m->clock_start > MAX_DAYS)
        paso_err(r, "clock", c.at, NULL, "expected at most %d days, found %d", (int)MAX_DAYS,
                 m->clock_end - m->clock_start);
}

/* A list of names, or a map from each name to the word for it in Spanish. */
static void read_units(paso_reader *r, const paso_node *list) {
    paso_place at = paso_place_child(r, "", list);
    paso_units *units = &r->model->units;
    if (list->kind != PASO_MAP && !paso_node_is(r, list, at, PASO_LIST)) return;
    for (const paso_node *n = list->child; n != NULL; n = n->next) {
        at.mark = list->kind == PASO_MAP ? n->key_mark : n->mark;
        const char *text = paso_text_read(r, n, (paso_place){n->mark, at.path});
        const char *name = list->kind == PASO_MAP ? n->key : text;
        int status = name == NULL                         ? 0
                     : paso_name_reserved(r->model, name) ? -2
                                                          : paso_units_add(units, name);
        if (name != NULL && status == 0 && list->kind == PASO_MAP)
            r->model->unit_es[units->n - 1] = text;
        if (status == -1)
            paso_err(r, "unit", at, NULL, "expected at most %d units, found more",
                     PASO_MAX_UNITS - 1);
        if (status == -2)
            paso_err(r, "unit", at, NULL,
                     "expected a new unit name, found \"%s\", which is taken or no word", name);
    }
}

/* From a text of levers to the same in Spanish. */
static void read_words(paso_reader *r, const paso_node *list) {
    paso_place at = paso_place_child(r, "", list);
    paso_model *m = r->model;
    if (!paso_node_is(r, list, at, PASO_MAP)) return;
    paso_words *all = PASO_NEW(r, m->n_words + list->n_children, paso_words);
    if (all == NULL) return;
    for (int i = 0; i < m->n_words; i++) all[i] = m->word[i];
    for (const paso_node *n = list->child; n != NULL; n = n->next)
        all[m->n_words++] =
            (paso_words){n->key, paso_text_read(r, n, paso_place_child(r, at.path, n))};
    m->word = all;
}

static void read_source_title(paso_reader *r, paso_context *c, const paso_node *n, paso_place at) {
    ((paso_source *)c->item)->title = paso_text_read(r, n, at);
}

static void read_source_by(paso_reader *r, paso_context *c, const paso_node *n, paso_place at) {
    ((paso_source *)c->item)->by = paso_text_read(r, n, at);
}

static void read_source_url(paso_reader *r, paso_context *c, const paso_node *n, paso_place at) {
    ((paso_source *)c->item)->url = paso_text_read(r, n, at);
}

const paso_field paso_source_fields[] = {
    {"title", read_source_title, "what one would look for: title: \"...\""},
    {"by", read_source_by, NULL},
    {"url", read_source_url, NULL},
    {NULL, NULL, NULL}};

static void read_sources(paso_reader *r) {
    paso_entries *list = &r->section[PASO_IN_SOURCES];
    r->model->source = PASO_NEW(r, list->n, paso_source);
    if (r->model->source == NULL) return;
    r->model->n_sources = (int)list->n;
    for (size_t i = 0; i < list->n; i++) r->model->source[i].key = list->items[i].node->key;
    paso_section_read(r, PASO_IN_SOURCES, r->model->source, sizeof(paso_source), paso_source_fields,
                      NULL);
}

const paso_field paso_title_fields[] = {PASO_FIELDS_LABELS(NULL), {NULL, NULL, NULL}};

static void read_file_tags(paso_reader *r, paso_file *file) {
    paso_item item = {0};
    paso_context c = {.item = &item};
    const paso_node *node = file->root == NULL ? NULL : paso_node_get(file->root, "tags");
    if (node != NULL) paso_read_tags(r, &c, node, paso_place_child(r, "", node));
    file->tags = item.tags;
}

/* Their names, for tags; the rest waits for what it speaks of (model_mechanisms.c). */
static void name_mechanisms(paso_reader *r) {
    paso_entries *list = &r->section[PASO_IN_MECHANISMS];
    paso_model *m = r->model;
    m->mechanism = PASO_NEW(r, list->n, paso_mechanism);
    if (m->mechanism == NULL) return;
    m->n_mechanisms = (int)list->n;
    for (size_t i = 0; i < list->n; i++) {
        m->mechanism[i].item.name = list->items[i].node->key;
        m->mechanism[i].item.mark = list->items[i].mark;
        if (i == PASO_MAX_MECHANISMS)
            paso_err(r, "value", (paso_place){list->items[i].mark, list->items[i].path}, NULL,
                     "expected at most %d mechanisms, found more", PASO_MAX_MECHANISMS);
    }
}

static void read_title(paso_reader *r, const paso_node *node) {
    paso_place at = paso_place_child(r, "", node);
    paso_item title = {0};
    paso_context c = {.item = &title, .node = node, .at = at};
    if (node->kind == PASO_MAP)
        paso_fields_read(r, &c, paso_title_fields);
    else
        title.en = paso_text_read(r, node, at);
    r->model->title_en = title.en;
    r->model->title_es = title.es;
}

void paso_head_read(paso_reader *r) {
    const paso_node *clock = head_node(r, "clock"), *title = head_node(r, "title");
    const paso_node *name = head_node(r, "corridor"), *doc = head_node(r, "doc");
    paso_place top = {{r->model->file, 1, 1, 1}, ""};
    if (name == NULL)
        paso_err(r, "missing", top, "corridor: its-name", "expected the key corridor, found none");
    else
        r->model->name = paso_text_read(r, name, paso_place_child(r, "", name));
    if (title != NULL) read_title(r, title);
    if (doc != NULL) r->model->doc = paso_text_read(r, doc, paso_place_child(r, "", doc));
    if (clock == NULL)
        paso_err(r, "missing", top, "clock: {start: 2024-01-01, end: 2024-12-31}",
                 "expected the key clock, found none");
    else
        read_clock(r, clock);
    for (size_t i = 0; i < r->files.n; i++) {
        const paso_node *root = r->files.items[i].root;
        const paso_node *units = root == NULL ? NULL : paso_node_get(root, "units");
        const paso_node *spanish = root == NULL ? NULL : paso_node_get(root, "words");
        if (units != NULL) read_units(r, units);
        if (spanish != NULL) read_words(r, spanish);
    }
    read_sources(r);
    name_mechanisms(r);
    for (size_t i = 0; i < r->files.n; i++) read_file_tags(r, &r->files.items[i]);
}
