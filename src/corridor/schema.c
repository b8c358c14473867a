/* A JSON Schema from the reader's own tables of keys, so that a key that the reader learns is a key
 * that editors know. What stands under a key is told by its name, loosely: the reader judges. */
#include "corridor/schema.h"

#include <string.h>

#include "base/json.h"
#include "corridor/model_internal.h"

static const char *const words[] = {
    "en",   "es",    "source", "who",    "group",    "unit",  "table", "title", "url",  "layer",
    "is",   "next",  "start",  "hazard", "share",    "limit", "known", "shock", "to",   "mean",
    "take", "every", "across", "noise",  "neutral",  "width", "fit",   "data",  "per",  "base",
    "from", "until", "after",  "says",   "corridor", "now",   "end",   "facts", "when", "number",
    "rate", "size",  "lasts",  "factor", "steps",    "keep"};
static const char *const lists[] = {"over",    "rests", "sources", "tags", "without",
                                    "include", "maps",  "columns", "units"};
static const char *const flags[] = {"junction", "rest", "total", "each", "headline"};

/* Keys under which a map with keys of its own stands. */
static const struct {
    const char *key;
    const paso_field *fields;
    enum { ONE, NAMED, LISTED } how;
} maps[] = {{"passage", paso_passage_fields, ONE}, {"ages", paso_ages_fields, ONE},
            {"enters", paso_enters_fields, ONE},   {"exits", paso_exit_fields, NAMED},
            {"moves", paso_move_fields, NAMED},    {"claims", paso_claim_fields, LISTED},
            {"said", paso_words_fields, ONE},      {"seen", paso_words_fields, ONE},
            {"why", paso_words_fields, ONE},       {"path", paso_path_fields, ONE}};

static const struct {
    paso_section section;
    const paso_field *fields, *other;
} sections[] = {{PASO_IN_SOURCES, paso_source_fields, NULL},
                {PASO_IN_MECHANISMS, paso_mechanism_fields, NULL},
                {PASO_IN_DATA, paso_data_fields, NULL},
                {PASO_IN_PARAMETERS, paso_parameter_fields, NULL},
                {PASO_IN_LEVERS, paso_lever_fields, NULL},
                {PASO_IN_SIGNALS, paso_signal_fields, NULL},
                {PASO_IN_EVENTS, paso_event_fields, NULL},
                {PASO_IN_STAGES, paso_stage_fields, NULL},
                {PASO_IN_POLICIES, paso_policy_fields, NULL},
                {PASO_IN_OBSERVABLES, paso_observable_fields, paso_condition_fields}};

#define IS_AMONG(list, key) is_among(list, sizeof(list) / sizeof *(list), key)

static bool is_among(const char *const *list, size_t n, const char *key) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], key) == 0) return true;
    return false;
}

static json_t *schema_of_map(const paso_field *fields);

static json_t *named(json_t *schema) {
    return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", schema);
}

static json_t *schema_of_key(const char *key) {
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (strcmp(maps[i].key, key) != 0) continue;
        json_t *inner = schema_of_map(maps[i].fields);
        if (maps[i].how == NAMED) return named(inner);
        if (maps[i].how == LISTED) return json_pack("{s:s, s:o}", "type", "array", "items", inner);
        return inner;
    }
    if (strcmp(key, "doc") == 0 || strcmp(key, "by") == 0)
        return json_pack("{s:[{s:s}, o]}", "anyOf", "type", "string",
                         schema_of_map(paso_words_fields));
    if (strcmp(key, "then") == 0) return named(json_pack("{s:s}", "type", "array"));
    if (IS_AMONG(words, key)) return json_pack("{s:[s, s]}", "type", "string", "number");
    if (IS_AMONG(lists, key)) return json_pack("{s:s}", "type", "array");
    if (IS_AMONG(flags, key)) return json_pack("{s:[b, s]}", "enum", 1, "true");
    return json_object();
}

static json_t *schema_of_map(const paso_field *fields) {
    json_t *properties = json_object(), *required = json_array();
    for (const paso_field *f = fields; f->key != NULL; f++) {
        json_t *schema = schema_of_key(f->key);
        if (f->need != NULL) {
            paso_json_set(&schema, "description", json_string(f->need));
            paso_json_append(&required, json_string(f->key));
        }
        paso_json_set(&properties, f->key, schema);
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required",
                     required, "additionalProperties", 0);
}

static json_t *schema_of_sets(void) {
    json_t *properties = json_object();
    for (const char *const *key = paso_set_keys; *key != NULL; key++)
        paso_json_set(&properties, *key,
                      strcmp(*key, "units") == 0 ? json_object() : schema_of_key(*key));
    return named(json_pack("{s:[{s:s}, {s:s, s:o, s:b}]}", "anyOf", "type", "array", "type",
                           "object", "properties", properties, "additionalProperties", 0));
}

static json_t *schema_of_head(const char *key) {
    if (strcmp(key, "clock") == 0) return schema_of_map(paso_clock_fields);
    if (strcmp(key, "title") == 0)
        return json_pack("{s:[{s:s}, o]}", "anyOf", "type", "string",
                         schema_of_map(paso_title_fields));
    if (strcmp(key, "units") == 0) return json_pack("{s:[s, s]}", "type", "array", "object");
    if (strcmp(key, "words") == 0) return named(json_pack("{s:s}", "type", "string"));
    if (strcmp(key, "override") == 0) return json_pack("{s:s}", "type", "object");
    return schema_of_key(key);
}

/* An empty section is allowed, because a text that is all comment is one. */
static json_t *or_empty(json_t *schema) {
    return json_pack("{s:[o, {s:[n, s]}]}", "anyOf", schema, "enum", "");
}

static json_t *schema_of_file(void) {
    json_t *properties = json_object();
    for (const char *const *key = paso_head_names; *key != NULL; key++)
        paso_json_set(&properties, *key, schema_of_head(*key));
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        json_t *item = schema_of_map(sections[i].fields);
        if (sections[i].other != NULL)
            item = json_pack("{s:[o, o]}", "anyOf", item, schema_of_map(sections[i].other));
        paso_json_set(&properties, paso_section_names[sections[i].section], or_empty(named(item)));
    }
    paso_json_set(&properties, paso_section_names[PASO_IN_SETS], or_empty(schema_of_sets()));
    return json_pack("{s:s, s:s, s:s, s:o, s:b}", "$schema",
                     "https://json-schema.org/draft/2020-12/schema", "title",
                     "A file of a Paso corridor", "type", "object", "properties", properties,
                     "additionalProperties", 0);
}

paso_status paso_schema_write(FILE *out) {
    json_t *schema = schema_of_file();
    if (schema == NULL) return PASO_ERR_MEMORY;
    int failed = json_dumpf(schema, out, JSON_INDENT(2));
    json_decref(schema);
    return failed || fputc('\n', out) == EOF ? PASO_ERR_IO : PASO_OK;
}
