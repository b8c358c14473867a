/* paso run --sweep lever=a:b:step: the headline observables at each value, and what each value
 * changes against the first, in pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/vary.h"

enum { VALUE = 12, NUMBER = 11, BAND = 24 };

static const char *const bands[] = {"q05", "q25", "q50", "q75", "q95"};

typedef struct sweep {
    const cli_session *s;
    cli_vary vary;
    double value[CLI_MAX_LIST];
    size_t n;
    paso_tidy *tidy; /* NULL: text */
    bool political;  /* a mark was printed */
    char same[4096]; /* labels of what no value changes */
} sweep;

/* One observable or one of its cells. */
typedef struct subject {
    size_t index;
    int cell;
    const paso_store_observable *o;
} subject;

static bool is_take(const subject *x, const char *take) {
    return strcmp(x->o->take, take) == 0;
}

/* ---- the values ---- */

static paso_status list_values(sweep *w) {
    const cli_vary *v = &w->vary;
    double step = v->step > 0 ? v->step : (v->last - v->first) / 4;
    double n = floor((v->last - v->first) / step + 1e-9) + 1;
    if (n > CLI_MAX_LIST) {
        return cli_usage(w->s->c, "a larger step",
                         "--sweep: expected at most %d values, found %.0f", CLI_MAX_LIST, n);
    }
    for (w->n = 0; w->n < (size_t)n; w->n++) w->value[w->n] = v->first + (double)w->n * step;
    return PASO_OK;
}

/* ---- numbers ---- */

typedef struct numbers {
    paso_summary level;
    paso_pair pair; /* against the first value */
} numbers;

/* The last period, or the whole window. */
static paso_status read_numbers(const sweep *w, const subject *x, size_t i, bool window,
                                numbers *n) {
    paso_store *store = w->s->store;
    size_t last = x->o->n_periods - 1;
    paso_summary *series = calloc(last + 1, sizeof *series);
    paso_pair *pairs = calloc(last + 1, sizeof *pairs), over;
    paso_status status = series && pairs ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = paso_store_series(store, i, x->index, x->cell, series);
    if (status == PASO_OK) status = paso_store_pairs(store, 0, i, x->index, x->cell, pairs, &over);
    if (status == PASO_OK) {
        n->level = series[last];
        n->pair = window ? over : pairs[last];
    }
    if (status == PASO_OK && window) {
        status = paso_store_window(store, i, x->index, x->cell, &n->level);
    }
    free(series);
    free(pairs);
    return status;
}

/* ---- text ---- */

static const char *write_level(const subject *x, double value, char text[40]) {
    if (!is_take(x, "first")) return cli_number(value, text);
    snprintf(text, 40, "never");
    if (!isnan(value)) paso_date_write((int)lround(value), text);
    return text;
}

static void print_band(const subject *x, const paso_summary *s, bool level) {
    char low[40], high[40], band[96] = "";
    if (level) {
        write_level(x, s->band[0], low);
        write_level(x, s->band[4], high);
    } else {
        cli_number(s->band[0], low);
        cli_number(s->band[4], high);
    }
    if (strcmp(low, high) != 0) snprintf(band, sizeof band, "  %s to %s ", low, high);
    cli_pad(stdout, band, -BAND);
}

/* Under one of the values the number rests on politics. */
static bool is_political(const sweep *w, const subject *x) {
    bool any = false;
    for (size_t i = 0; i < w->n; i++) any |= paso_store_rests(w->s->store, i, 0, x->index);
    return any;
}

static void print_head(sweep *w, const subject *x, bool window) {
    bool political = is_political(w, x);
    char day[16], number[40], first[80];
    const char *cell = x->cell < 0 ? "" : x->o->cell[x->cell].en;
    bool plain = strcmp(x->o->unit, "1") == 0 || strcmp(x->o->unit, "date") == 0;
    paso_date_write(x->o->first_day[x->o->n_periods - 1], day);
    w->political |= political;
    printf("\n%s%s%s%s%s: %s%s%s\n", x->o->en, cell[0] ? ", " : "", cell, plain ? "" : ", ",
           plain ? "" : x->o->unit,
           window                ? "sum over the window"
           : is_take(x, "first") ? "first day"
                                 : "last, ",
           window || is_take(x, "first") ? "" : day, political ? " [p]" : "");
    cli_pad(stdout, w->vary.name, VALUE);
    cli_pad(stdout, is_take(x, "any") ? "chance" : "median", NUMBER);
    cli_pad(stdout, "  5 to 95 %", -BAND);
    snprintf(first, sizeof first, "less %s", cli_vary_number(w->value[0], number));
    cli_pad(stdout, first, NUMBER);
    cli_pad(stdout, "  5 to 95 %", -BAND);
    puts("sign");
}

static void print_value(const sweep *w, const subject *x, size_t i, const numbers *n) {
    char text[40];
    cli_pad(stdout, cli_vary_number(w->value[i], text), VALUE);
    cli_pad(stdout, write_level(x, n->level.band[2], text), NUMBER);
    if (i == 0) {
        char low[40], high[40];
        write_level(x, n->level.band[0], low);
        write_level(x, n->level.band[4], high);
        if (strcmp(low, high) != 0) printf("  %s to %s", low, high);
        putchar('\n');
        return;
    }
    print_band(x, &n->level, true);
    cli_pad(stdout, cli_number(n->pair.difference.mean, text), NUMBER);
    if (n->pair.difference.band[0] == n->pair.difference.band[4] &&
        n->pair.difference.mean == n->pair.difference.band[0]) {
        putchar('\n');
        return;
    }
    print_band(x, &n->pair.difference, false);
    if (!isnan(n->pair.same_sign)) printf("%3.0f %%", 100 * n->pair.same_sign);
    putchar('\n');
}

/* ---- tables ---- */

static void put(const sweep *w, const subject *x, size_t i, bool window, const char *statistic,
                double value, const char *unit) {
    char text[40], from[16], until[16];
    const paso_store_contents *c = paso_store_read(w->s->store);
    paso_tidy_text(w->tidy, w->vary.name);
    paso_tidy_number(w->tidy, w->value[i]);
    paso_tidy_text(w->tidy, w->vary.unit);
    paso_tidy_text(w->tidy, x->o->name);
    paso_tidy_text(w->tidy, x->cell < 0 ? "" : x->o->cell[x->cell].name);
    paso_tidy_text(w->tidy, !window ? "last" : is_take(x, "sum") ? "sum" : "mean");
    paso_date_write(window ? c->from : x->o->first_day[x->o->n_periods - 1], from);
    paso_date_write(c->until, until);
    snprintf(text, sizeof text, window ? "%s/%s" : "%s", from, until);
    paso_tidy_text(w->tidy, text);
    paso_tidy_text(w->tidy, statistic);
    if (strcmp(unit, "date") == 0 && !isnan(value)) {
        paso_tidy_text(w->tidy, write_level(x, value, text));
    } else {
        paso_tidy_number(w->tidy, value);
    }
    paso_tidy_text(w->tidy, unit);
    paso_tidy_number(w->tidy, paso_store_rests(w->s->store, i, 0, x->index));
}

static void put_value(const sweep *w, const subject *x, size_t i, bool window, const numbers *n) {
    bool first = is_take(x, "first"), chance = is_take(x, "any");
    const char *apart = first ? "days" : x->o->unit;
    char name[32];
    put(w, x, i, window, first || chance ? "chance" : "mean", n->level.mean,
        first ? "1" : x->o->unit);
    for (int b = 0; b < PASO_N_BANDS && !chance; b++) {
        put(w, x, i, window, bands[b], n->level.band[b], x->o->unit);
    }
    if (i == 0) return;
    put(w, x, i, window, "difference_mean", n->pair.difference.mean, apart);
    for (int b = 0; b < PASO_N_BANDS && !chance; b++) {
        snprintf(name, sizeof name, "difference_%s", bands[b]);
        put(w, x, i, window, name, n->pair.difference.band[b], apart);
    }
    put(w, x, i, window, "same_sign", n->pair.same_sign, "1");
}

/* ---- all of it ---- */

static bool is_same(const paso_pair *pair) {
    const paso_summary *d = &pair->difference;
    return d->mean == 0 && d->band[0] == 0 && d->band[4] == 0;
}

static paso_status show_window(sweep *w, const subject *x, bool window) {
    numbers all[CLI_MAX_LIST];
    paso_status status = PASO_OK;
    bool same = true;
    for (size_t i = 0; i < w->n && status == PASO_OK; i++) {
        status = read_numbers(w, x, i, window, &all[i]);
        if (status == PASO_OK && i > 0) same &= is_same(&all[i].pair);
    }
    if (status != PASO_OK) return status;
    if (!w->tidy && same) {
        size_t n = strlen(w->same);
        snprintf(w->same + n, sizeof w->same - n, "%s %s", n ? ";" : "No change:", x->o->en);
        return PASO_OK;
    }
    if (!w->tidy) print_head(w, x, window);
    for (size_t i = 0; i < w->n; i++) {
        if (w->tidy) {
            put_value(w, x, i, window, &all[i]);
        } else {
            print_value(w, x, i, &all[i]);
        }
    }
    return PASO_OK;
}

/* Text has the sum of what is summed and the end of the rest; tables have both. */
static paso_status show_subject(sweep *w, const subject *x) {
    if (!w->tidy) return show_window(w, x, is_take(x, "sum"));
    paso_status status = show_window(w, x, false);
    if (status == PASO_OK && !is_take(x, "first")) status = show_window(w, x, true);
    return status;
}

static paso_status show_all(sweep *w) {
    const paso_store_contents *c = paso_store_read(w->s->store);
    paso_status status = PASO_OK;
    bool any = false;
    for (size_t i = 0; i < c->n_observables; i++) any |= c->observable[i].headline;
    for (size_t i = 0; i < c->n_observables; i++) {
        subject x = {.index = i, .o = &c->observable[i]};
        if ((any && !w->s->c->args.all && !x.o->headline) || x.o->n_periods == 0) continue;
        int last = x.o->total ? -1 : (int)x.o->n_cells - 1;
        for (x.cell = x.o->total ? -1 : 0; x.cell <= last && status == PASO_OK; x.cell++) {
            status = show_subject(w, &x);
        }
    }
    return status;
}

static paso_status show(sweep *w, int format) {
    static const char *const columns[] = {"lever", "lever_value", "lever_unit", "observable",
                                          "cell",  "over",        "date",       "statistic",
                                          "value", "unit",        "politics"};
    paso_tidy tidy;
    char from[16];
    if (format > 0) {
        tidy = paso_tidy_begin(stdout, format == 1 ? PASO_TIDY_CSV : PASO_TIDY_JSON, columns, 11);
        w->tidy = &tidy;
    } else {
        paso_date_write(w->s->run.plan.from, from);
        printf("%s (%s) from %s on, each value with the same draws\n", w->vary.name, w->vary.unit,
               from);
    }
    paso_status status = show_all(w);
    if (w->tidy) paso_tidy_end(w->tidy);
    w->tidy = NULL;
    if (w->political) puts("\n[p] rests on politics: scenario, not estimate");
    if (w->same[0] && status == PASO_OK) {
        putchar('\n');
        cli_print_wrapped(w->same);
    }
    return status;
}

paso_status cli_sweep(cli_session *s, int format) {
    sweep w = {.s = s};
    paso_status status = cli_vary_parse(s, "sweep", s->c->args.sweep, &w.vary);
    if (status == PASO_OK) status = list_values(&w);
    s->run.varied = paso_arena_format(s->c->diags.arena, "--sweep %s --policy %s", s->c->args.sweep,
                                      s->run.stack[0].name);
    if (!s->run.varied) status = PASO_ERR_MEMORY;
    if (status == PASO_OK) status = cli_vary_set(s, &w.vary, w.value, w.n);
    if (status == PASO_OK) status = cli_session_run(s, s->c->args.out);
    if (s->store && (status == PASO_OK || status == PASO_STOPPED)) {
        paso_status printed = show(&w, format);
        if (status == PASO_OK) status = printed;
    }
    return status;
}
