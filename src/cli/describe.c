/* paso describe: the numbers of a corridor as a document, every parameter and lever with unit,
 * value, range or bounds, layer and source, in Markdown or JSON; or the schema of its files for
 * editors. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "cli/session.h"
#include "corridor/schema.h"

static const char *const layers[] = {"accounting", "behaviour", "politics"};

/* One parameter or lever: numbers in the written unit, one row for each cell that differs. */
typedef struct numbers {
    const paso_model *model;
    const paso_item *item;
    const double *value, *low, *high; /* low and high NULL: a lever */
    const double *bound;              /* of a lever */
    const char *who, *group;
    int n_rows;
} numbers;

static int rows_of(const numbers *x) {
    int n = paso_shape_cells(x->model, x->item->shape);
    for (int i = 1; i < n; i++) {
        if (x->value[i] != x->value[0]) return n;
        if (x->low && (x->low[i] != x->low[0] || x->high[i] != x->high[0])) return n;
    }
    return 1;
}

static numbers of_parameter(const paso_model *m, int i) {
    const paso_parameter *p = &m->parameter[i];
    numbers x = {.model = m, .item = &p->item, .value = p->value, .low = p->low, .high = p->high};
    x.n_rows = rows_of(&x);
    return x;
}

static numbers of_lever(const paso_model *m, int i) {
    const paso_lever *l = &m->lever[i];
    numbers x = {.model = m,
                 .item = &l->item,
                 .value = l->value,
                 .bound = l->bound,
                 .who = l->who,
                 .group = l->group};
    x.n_rows = rows_of(&x);
    return x;
}

/* Value, low and high of a row; low and high are NAN where there is no range. */
static void row_of(const numbers *x, int row, double out[3]) {
    double factor = x->item->unit.factor;
    out[0] = x->value[row] / factor;
    out[1] = out[2] = NAN;
    if (x->low && x->low[row] == x->high[row]) return;
    if (x->low) out[1] = x->low[row] / factor, out[2] = x->high[row] / factor;
    if (x->bound) out[1] = x->bound[0] / factor, out[2] = x->bound[1] / factor;
}

/* ---- JSON ---- */

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

static json_t *cells_of(const numbers *x) {
    json_t *list = json_array();
    for (int row = 0; row < x->n_rows; row++) {
        char cell[256] = "";
        double n[3];
        if (x->n_rows > 1) paso_cell_write(x->model, x->item->shape, row, cell, sizeof cell);
        row_of(x, row, n);
        json_t *one = json_pack("{s:s, s:f}", "cell", cell, "value", n[0]);
        if (!isnan(n[1]))
            json_object_set_new(one, x->low ? "range" : "bounds", json_pack("[f, f]", n[1], n[2]));
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *json_item(const numbers *x) {
    const paso_item *item = x->item;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", item->name, "unit", item->unit_text, "layer",
                  layers[item->layer], "tags", tags_of(x->model, item), "cells", cells_of(x));
    set_text(object, "en", item->en);
    set_text(object, "es", item->es);
    set_text(object, "source", item->source);
    set_text(object, "doc", item->doc);
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

static void print_json(const paso_model *m) {
    json_t *parameters = json_array(), *levers = json_array();
    for (int i = 0; i < m->n_parameters; i++) {
        numbers x = of_parameter(m, i);
        json_array_append_new(parameters, json_item(&x));
    }
    for (int i = 0; i < m->n_levers; i++) {
        numbers x = of_lever(m, i);
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

/* ---- Markdown ---- */

/* A cell of a table: bars would end it. */
static void put(const char *text) {
    for (; text && *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text == '\n' ? ' ' : *text);
    }
}

static void print_item(const numbers *x) {
    const paso_item *item = x->item;
    const paso_model *m = x->model;
    for (int row = 0; row < x->n_rows; row++) {
        char cell[256] = "";
        double n[3];
        if (x->n_rows > 1) paso_cell_write(m, item->shape, row, cell, sizeof cell);
        row_of(x, row, n);
        const char *tick = row == 0 ? "`" : "";
        printf("| %s%s%s | ", tick, row == 0 ? item->name : "", tick);
        put(cell);
        printf(" | %.6g | ", n[0]);
        if (!isnan(n[1])) printf("%.6g to %.6g", n[1], n[2]);
        fputs(" | ", stdout);
        put(item->unit_text);
        printf(" | %s | ", layers[item->layer]);
        put(row == 0 ? (x->who ? x->who : item->source) : "");
        fputs(" | ", stdout);
        for (int i = 0, first = 1; row == 0 && i < m->n_mechanisms; i++) {
            if (!(item->tags >> i & 1U)) continue;
            printf("%s%s", first ? "" : ", ", m->mechanism[i].item.name);
            first = 0;
        }
        fputs(" | ", stdout);
        put(row > 0 ? "" : item->doc ? item->doc : item->en);
        fputs(" |\n", stdout);
    }
}

static void print_heading(const char *title, const char *range, const char *who) {
    printf("\n## %s\n\n| name | cell | value | %s | unit | layer | %s | tags | what |\n"
           "|---|---|---|---|---|---|---|---|---|\n",
           title, range, who);
}

static void print_markdown(const paso_model *m) {
    printf("# %s\n\nCorridor `%s`, version `%.12s`. Values are medians; a range holds 90 %% of the "
           "draws; a lever's bounds are the ends of its slider.\n",
           m->title_en ? m->title_en : m->name, m->name, m->hash);
    print_heading("Parameters", "range", "source");
    for (int i = 0; i < m->n_parameters; i++) {
        numbers x = of_parameter(m, i);
        print_item(&x);
    }
    print_heading("Levers", "bounds", "who");
    for (int i = 0; i < m->n_levers; i++) {
        numbers x = of_lever(m, i);
        print_item(&x);
    }
    fputs("\n## Mechanisms\n\n", stdout);
    for (int i = 0; i < m->n_mechanisms; i++)
        printf("* `%s`: %s\n", m->mechanism[i].item.name, m->mechanism[i].item.en);
    fputs("\n## Sources\n\n", stdout);
    for (int i = 0; i < m->n_sources; i++)
        printf("* `%s`: %s%s%s\n", m->source[i].key, m->source[i].title,
               m->source[i].by ? ", " : "", m->source[i].by ? m->source[i].by : "");
}

static paso_status describe(cli *c) {
    cli_session s = {.c = c};
    paso_status status = PASO_OK;
    int format = cli_format(c, "md|json");
    if (c->args.schema) return paso_schema_write(stdout) == PASO_OK ? cli_flush(c) : PASO_ERR_IO;
    if (format < 0) return PASO_ERR_USAGE;
    if (!c->args.place) return cli_usage(c, c->args.place, "expected DIR, or --schema");
    status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK) (format == 0 ? print_markdown : print_json)(s.model);
    if (status == PASO_OK) status = cli_flush(c);
    cli_session_close(&s);
    return status;
}

static const cli_option describe_options[] = {{"schema", 0, CLI_FLAG, NULL, NULL,
                                               "JSON Schema of corridor files, for editors",
                                               CLI_OPTION(schema)},
                                              CLI_FORMAT("md|json", "md"),
                                              CLI_JSON,
                                              CLI_QUIET,
                                              CLI_HELP};

const cli_command cli_describe = {
    .name = "describe",
    .operand = "[DIR]",
    .doc = "every parameter and lever with unit, value, range, layer and source",
    .example = "paso describe us-mexico --format md",
    .option = describe_options,
    .n_options = CLI_COUNT_OF(describe_options),
    .run = describe,
};
