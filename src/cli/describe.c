/* paso describe: the numbers of a corridor as a document, every parameter and lever with unit,
 * value, range or bounds, layer and source, in Markdown or JSON; all of it in the ODD protocol; or
 * the schema of its files for editors. */
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "cli/describe.h"
#include "corridor/schema.h"
#include "corridor/table.h"

static int rows_of(const cli_numbers *x) {
    int n = paso_shape_cells(x->model, x->item->shape);
    for (int i = 1; i < n; i++) {
        if (x->value[i] != x->value[0]) return n;
        if (x->low && (x->low[i] != x->low[0] || x->high[i] != x->high[0])) return n;
    }
    return 1;
}

static const char *known_of(const paso_parameter *p, int n_cells) {
    bool ranged = false, assumed = strcmp(p->item.source, "assumed") == 0;
    for (int i = 0; i < n_cells; i++) ranged |= p->low[i] != p->high[i];
    if (assumed) return ranged ? "assumed range" : "assumed, fixed";
    return ranged ? "range from a source" : "fixed by a source";
}

cli_numbers cli_numbers_of_parameter(const cli_description *d, int i) {
    const paso_parameter *p = &d->m->parameter[i];
    cli_numbers x = {.model = d->m,
                     .item = &p->item,
                     .value = p->value,
                     .low = p->low,
                     .high = p->high,
                     .pinned = d->pinned ? d->pinned[i] : NULL,
                     .known = known_of(p, paso_shape_cells(d->m, p->item.shape))};
    x.n_rows = rows_of(&x);
    return x;
}

cli_numbers cli_numbers_of_lever(const cli_description *d, int i) {
    const paso_lever *l = &d->m->lever[i];
    cli_numbers x = {.model = d->m,
                     .item = &l->item,
                     .value = l->value,
                     .bound = l->bound,
                     .who = l->who,
                     .group = l->group};
    x.n_rows = rows_of(&x);
    return x;
}

void cli_numbers_row(const cli_numbers *x, int row, double out[3]) {
    double factor = x->item->unit.factor;
    out[0] = x->value[row] / factor;
    out[1] = out[2] = NAN;
    if (x->low && x->low[row] == x->high[row]) return;
    if (x->low) out[1] = x->low[row] / factor, out[2] = x->high[row] / factor;
    if (x->bound) out[1] = x->bound[0] / factor, out[2] = x->bound[1] / factor;
}

/* ---- Markdown ---- */

/* Bars would end the cell. */
void cli_put_cell(const char *text) {
    for (; text && *text; text++) {
        if (*text == '|') putchar('\\');
        putchar(*text == '\n' ? ' ' : *text);
    }
}

static void print_known(const cli_numbers *x, int row) {
    if (row == 0) printf("%s%s%s", x->known, x->pinned ? "; " : "", x->pinned ? x->pinned : "");
    fputs(" | ", stdout);
}

static void print_item(const cli_numbers *x) {
    const paso_item *item = x->item;
    const paso_model *m = x->model;
    for (int row = 0; row < x->n_rows; row++) {
        char cell[256] = "";
        double n[3];
        if (x->n_rows > 1) paso_cell_write(m, item->shape, row, cell, sizeof cell);
        cli_numbers_row(x, row, n);
        const char *tick = row == 0 ? "`" : "";
        printf("| %s%s%s | ", tick, row == 0 ? item->name : "", tick);
        cli_put_cell(cell);
        printf(" | %.6g | ", n[0]);
        if (!isnan(n[1])) printf("%.6g to %.6g", n[1], n[2]);
        fputs(" | ", stdout);
        cli_put_cell(item->unit_text);
        printf(" | %s | ", paso_layer_name(item->layer));
        cli_put_cell(row == 0 ? (x->who ? x->who : item->source) : "");
        fputs(" | ", stdout);
        if (x->known) print_known(x, row);
        for (int i = 0, first = 1; row == 0 && i < m->n_mechanisms; i++) {
            if (!(item->tags >> i & 1U)) continue;
            printf("%s%s", first ? "" : ", ", m->mechanism[i].item.name);
            first = 0;
        }
        fputs(" | ", stdout);
        cli_put_cell(row > 0 ? "" : item->doc ? item->doc : item->en);
        fputs(" |\n", stdout);
    }
}

static void print_heading(const char *range, const char *who, const char *known) {
    printf("| name | cell | value | %s | unit | layer | %s | %stags | what |\n"
           "|---|---|---|---|---|---|---|%s---|---|\n",
           range, who, known, known[0] != '\0' ? "---|" : "");
}

void cli_describe_parameters(const cli_description *d) {
    print_heading("range", "source", d->pinned ? "known; what data say | " : "known | ");
    for (int i = 0; i < d->m->n_parameters; i++) {
        cli_numbers x = cli_numbers_of_parameter(d, i);
        print_item(&x);
    }
}

void cli_describe_levers(const cli_description *d) {
    print_heading("bounds", "who", "");
    for (int i = 0; i < d->m->n_levers; i++) {
        cli_numbers x = cli_numbers_of_lever(d, i);
        print_item(&x);
    }
}

void cli_describe_sources(const cli_description *d) {
    for (int i = 0; i < d->m->n_sources; i++) {
        const paso_source *x = &d->m->source[i];
        printf("* `%s`: %s%s%s\n", x->key, x->title, x->by ? ", " : "", x->by ? x->by : "");
    }
}

static void print_markdown(const cli_description *d) {
    const paso_model *m = d->m;
    printf("# %s\n\nCorridor `%s`, version `%.12s`. Values are medians; a range holds 90 %% of the "
           "draws; a lever's bounds are the ends of its slider.\n\n## Parameters\n\n",
           m->title_en ? m->title_en : m->name, m->name, m->hash);
    cli_describe_parameters(d);
    fputs("\n## Levers\n\n", stdout);
    cli_describe_levers(d);
    fputs("\n## Mechanisms\n\n", stdout);
    for (int i = 0; i < m->n_mechanisms; i++)
        printf("* `%s`: %s\n", m->mechanism[i].item.name, m->mechanism[i].item.en);
    fputs("\n## Sources\n\n", stdout);
    cli_describe_sources(d);
}

/* What tools/pinned.py measured, beside the corridor; without the file nothing is said. */
static paso_status read_pinned(cli_session *s, cli_description *d) {
    paso_arena *arena = s->c->diags.arena;
    const char *file = paso_arena_format(arena, "%s/pinned.csv", s->model->folder);
    paso_table *table = NULL;
    d->m = s->model;
    if (!file) return PASO_ERR_MEMORY;
    if (access(file, F_OK) != 0) return PASO_OK;
    paso_status status = paso_table_read(arena, &s->c->diags, file, &table);
    int name = table ? paso_table_column(table, "parameter") : -1;
    int says = table ? paso_table_column(table, "data") : -1;
    if (status != PASO_OK || name < 0 || says < 0) return status ? status : PASO_ERR_INPUT;
    d->pinned = paso_arena_alloc(arena, (size_t)s->model->n_parameters, sizeof *d->pinned);
    if (!d->pinned) return PASO_ERR_MEMORY;
    for (int i = 0; i < s->model->n_parameters; i++) {
        d->pinned[i] = NULL;
        for (size_t row = 0; row < table->n_rows; row++)
            if (strcmp(table->cell[row * table->n_columns + (size_t)name],
                       s->model->parameter[i].item.name) == 0)
                d->pinned[i] = table->cell[row * table->n_columns + (size_t)says];
    }
    return PASO_OK;
}

static paso_status describe(cli *c) {
    static void (*const print[])(const cli_description *) = {print_markdown, cli_describe_json,
                                                             cli_describe_odd};
    cli_session s = {.c = c};
    cli_description d = {0};
    paso_status status = PASO_OK;
    int format = cli_format(c, "md|json|odd");
    if (c->args.schema) return paso_schema_write(stdout) == PASO_OK ? cli_flush(c) : PASO_ERR_IO;
    if (format < 0) return PASO_ERR_USAGE;
    if (!c->args.place) return cli_usage(c, c->args.place, "expected DIR, or --schema");
    status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK) status = read_pinned(&s, &d);
    if (status == PASO_OK) print[format](&d);
    if (status == PASO_OK) status = cli_flush(c);
    cli_session_close(&s);
    return status;
}

static const cli_option describe_options[] = {{"schema", 0, CLI_FLAG, NULL, NULL,
                                               "JSON Schema of corridor files, for editors",
                                               CLI_OPTION(schema)},
                                              CLI_FORMAT("md|json|odd", "md"),
                                              CLI_JSON,
                                              CLI_QUIET,
                                              CLI_HELP};

const cli_command cli_describe = {
    .name = "describe",
    .operand = "[DIR]",
    .doc = "every parameter and lever with unit, value, range, layer and source",
    .example = "paso describe us-mexico --format odd",
    .option = describe_options,
    .n_options = CLI_COUNT_OF(describe_options),
    .run = describe,
};
