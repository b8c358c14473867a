/* Two tables of a store: levels (each policy by itself) and pairs (each policy against the first).
 * The window is the sum for observables that take the sum, and the mean for the others. */
#include "cli/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { LABEL = 30, OVER = 5, NUMBER = 9, BAND = 24 };

static const char *const bands[] = {"q05", "q25", "q50", "q75", "q95"};

/* One line of a table: an observable or one of its cells. */
typedef struct subject {
    size_t observable;
    int cell;
    const paso_store_observable *o;
} subject;

/* What is printed about one subject. */
typedef paso_status subject_fn(void *context, paso_store *store, const subject *x);

/* Observables one by one: the total where cells may be added, otherwise every cell. */
static paso_status each_subject(paso_store *store, bool all, subject_fn *fn, void *context) {
    const paso_store_contents *c = paso_store_read(store);
    paso_status status = PASO_OK;
    bool any = false;
    for (size_t i = 0; i < c->n_observables; i++) any |= c->observable[i].headline;
    for (size_t i = 0; i < c->n_observables; i++) {
        subject x = {.observable = i, .o = &c->observable[i]};
        if ((any && !all && !x.o->headline) || x.o->n_periods == 0) continue;
        int last = x.o->total ? -1 : (int)x.o->n_cells - 1;
        for (x.cell = x.o->total ? -1 : 0; x.cell <= last && status == PASO_OK; x.cell++) {
            status = fn(context, store, &x);
        }
    }
    return status;
}

static const char *cell_name(const subject *x) {
    return x->cell < 0 ? "" : x->o->cell[x->cell].name;
}

static bool is_take(const subject *x, const char *take) {
    return strcmp(x->o->take, take) == 0;
}

/* "2025-03-14", or "never". */
static const char *date_text(double day, char text[40]) {
    snprintf(text, 40, "never");
    if (!isnan(day)) paso_date_write((int)lround(day), text);
    return text;
}

static const char *over_word(const subject *x) {
    return strcmp(x->o->take, "sum") == 0 ? "sum" : "mean";
}

/* Cut to the width of its column, in characters. */
static void write_label(const subject *x, char *text, size_t size) {
    const char *cell = x->cell < 0 ? "" : x->o->cell[x->cell].en;
    snprintf(text, size, "%s%s%s", x->o->en, cell[0] ? ", " : "", cell);
    size_t n = strlen(text), at = 0;
    for (int i = 0; i < LABEL - 2 && at < n; i++) at += paso_utf8_step(text + at, n - at);
    if (at < n && at + 4 < size) snprintf(text + at, size - at, "…");
}

/* "2025-05-01", and for the window "2023-12-01/2025-06-01" (ISO 8601). */
static void write_when(const paso_store_contents *c, const subject *x, bool window, char text[40]) {
    char from[16], until[16];
    if (!window) {
        paso_date_write(x->o->first_day[x->o->n_periods - 1], text);
        return;
    }
    paso_date_write(c->from, from);
    paso_date_write(c->until, until);
    snprintf(text, 40, "%s/%s", from, until);
}

/* What was observed in the last period, and over the window where every period was. */
static paso_status find_observed(paso_store *store, const subject *x, double observed[2]) {
    paso_store_point *point = NULL;
    size_t n = 0, found = 0;
    double sum = 0;
    observed[0] = observed[1] = NAN;
    paso_status status = paso_store_observed(store, x->observable, x->cell, &point, &n);
    for (size_t k = 0, i = 0; status == PASO_OK && k < x->o->n_periods; k++) {
        while (i < n && point[i].first_day < x->o->first_day[k]) i++;
        if (i == n || point[i].first_day != x->o->first_day[k]) continue;
        sum += point[i].value;
        found++;
        if (k + 1 == x->o->n_periods) observed[0] = point[i].value;
    }
    if (found == x->o->n_periods) {
        observed[1] = strcmp(over_word(x), "sum") == 0 ? sum : sum / (double)found;
    }
    free(point);
    return status;
}

/* " 24,560 to 31,320 "; nothing where all members say the same. */
static void print_band(const paso_summary *s) {
    char low[40], high[40], band[96] = "";
    cli_number(s->band[0], low);
    cli_number(s->band[4], high);
    if (strcmp(low, high) != 0) snprintf(band, sizeof band, " %s to %s ", low, high);
    cli_pad(stdout, band, -BAND);
}

/* ---- levels ---- */

static bool is_quick(paso_store *store) {
    return strcmp(paso_store_meta(store, "quick"), "1") == 0;
}

typedef struct levels {
    const paso_store_contents *contents;
    paso_store *store;
    size_t policy, against; /* against: itself in a table of levels */
    paso_tidy *tidy;        /* NULL: text */
    bool quick;             /* a central path: no mean, no bands */
    bool legend[3];         /* layers that were told */
    bool observed;          /* something was observed in the window: print its columns */
    char same[4096];        /* labels of what no policy changes, for one line at the end */
} levels;

/* " [a b]": the layers that the number rests on, politics only where it is on. */
static const char *layer_marks(levels *l, const subject *x, char text[16]) {
    char layers[64];
    size_t n = 0;
    paso_store_layers(l->store, l->policy, l->against, x->observable, layers);
    text[0] = '\0';
    for (int i = 0; i < 3; i++) {
        const char *name = paso_layer_name((paso_layer)i);
        if (!strstr(layers, name)) continue;
        l->legend[i] = true;
        n += (size_t)snprintf(text + n, 16 - n, "%s%c", n ? " " : " [", *name);
    }
    if (n > 0) snprintf(text + n, 16 - n, "]");
    return text;
}

/* An observable has two lines: its label stands on the first, its unit on the second. */
static void print_label(levels *l, const subject *x, bool window) {
    char text[256] = "", marks[16];
    if (!window) {
        write_label(x, text, sizeof text);
    } else {
        bool plain = strcmp(x->o->unit, "1") == 0 || is_take(x, "first");
        snprintf(text, sizeof text, " %s%.18s%s", plain ? "" : " ", plain ? "" : x->o->unit,
                 layer_marks(l, x, marks));
    }
    cli_pad(stdout, text, -LABEL);
}

/* What the marks mean, once under the table. */
static void print_legend(const levels *l) {
    char text[256] = "";
    size_t n = 0;
    static const char *const says[] = {"[a] rests on accounting", "[b] on behaviour",
                                       "[p] on politics: scenario, not estimate"};
    for (int i = 0; i < 3; i++)
        if (l->legend[i])
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? ", " : "", says[i]);
    if (n > 0) cli_print_wrapped(text);
}

/* The name of a policy, with the mark where anything rests on politics under it. */
static const char *policy_title(const levels *l, size_t policy, char text[300]) {
    const paso_store_policy *p = &l->contents->policy[policy];
    snprintf(text, 300, "%.290s%s", p->en, p->politics ? " [p]" : "");
    return text;
}

static void print_start(levels *l, const subject *x, bool window, double value) {
    char text[40];
    print_label(l, x, window);
    cli_pad(stdout, window ? over_word(x) : is_take(x, "first") ? "days" : "last", -OVER);
    cli_pad(stdout, cli_number(value, text), NUMBER);
}

static paso_status read_levels(const levels *l, paso_store *store, const subject *x,
                               paso_summary both[2]) {
    paso_summary *series = calloc(x->o->n_periods, sizeof *series);
    if (!series) return PASO_ERR_MEMORY;
    paso_status status = paso_store_series(store, l->policy, x->observable, x->cell, series);
    both[0] = series[x->o->n_periods - 1];
    free(series);
    if (status != PASO_OK) return status;
    return paso_store_window(store, l->policy, x->observable, x->cell, &both[1]);
}

/* The last two columns of every row. */
static void put_layers(const levels *l, const subject *x) {
    char layers[64];
    paso_tidy_text(l->tidy,
                   paso_store_layers(l->store, l->policy, l->against, x->observable, layers));
    paso_tidy_number(l->tidy, paso_store_rests(l->store, l->policy, l->against, x->observable));
}

static void put_date(const levels *l, const subject *x, const char *statistic, double day) {
    char when[40], text[40] = "";
    write_when(l->contents, x, false, when);
    if (!isnan(day)) date_text(day, text);
    const char *const field[] = {l->contents->policy[l->policy].name,
                                 x->o->name,
                                 cell_name(x),
                                 "date",
                                 when,
                                 statistic,
                                 text,
                                 x->o->unit};
    for (int i = 0; i < 8; i++) {
        if (i == 6 && isnan(day)) {
            paso_tidy_number(l->tidy, day);
        } else {
            paso_tidy_text(l->tidy, field[i]);
        }
    }
    put_layers(l, x);
}

static void put_level(const levels *l, const subject *x, bool window, const char *statistic,
                      double value) {
    char when[40];
    write_when(l->contents, x, window, when);
    paso_tidy_text(l->tidy, l->contents->policy[l->policy].name);
    paso_tidy_text(l->tidy, x->o->name);
    paso_tidy_text(l->tidy, cell_name(x));
    paso_tidy_text(l->tidy, window ? over_word(x) : is_take(x, "first") ? "date" : "last");
    paso_tidy_text(l->tidy, when);
    paso_tidy_text(l->tidy, statistic);
    paso_tidy_number(l->tidy, value);
    paso_tidy_text(l->tidy, is_take(x, "first") ? "1" : x->o->unit);
    put_layers(l, x);
}

/* The median date with its band, and how many members have one at all. */
static void print_date(levels *l, const subject *x, const paso_summary *s) {
    char low[40], high[40], band[96] = "";
    print_label(l, x, false);
    cli_pad(stdout, "date", -OVER);
    cli_pad(stdout, date_text(s->band[2], low), NUMBER + 1);
    date_text(s->band[0], low);
    date_text(s->band[4], high);
    if (strcmp(low, high) != 0) snprintf(band, sizeof band, " %s to %s", low, high);
    puts(band);
    if (l->quick) return;
    print_label(l, x, true);
    cli_pad(stdout, "ever", -OVER);
    snprintf(band, sizeof band, "%.0f %%", 100 * s->mean);
    cli_pad(stdout, band, NUMBER);
    putchar('\n');
}

static void print_level(levels *l, const subject *x, const paso_summary both[2],
                        const double observed[2]) {
    char text[40];
    for (int w = 0; w < 2; w++) {
        print_start(l, x, w, both[w].band[2]);
        print_band(&both[w]);
        if (l->observed && !isnan(observed[w])) {
            cli_pad(stdout, cli_number(observed[w], text), NUMBER + 1);
        }
        putchar('\n');
    }
}

/* Quantiles of a date, and the share of members that have one. */
static void put_dates(const levels *l, const subject *x, const paso_summary *s) {
    if (l->quick) {
        put_date(l, x, "central", s->band[2]);
        return;
    }
    for (int i = 0; i < PASO_N_BANDS; i++) put_date(l, x, bands[i], s->band[i]);
    put_level(l, x, false, "chance", s->mean);
}

static void put_levels(const levels *l, const subject *x, bool window, const paso_summary *s) {
    bool chance = is_take(x, "any") && !window;
    put_level(l, x, window, l->quick ? "central" : chance ? "chance" : "mean", s->mean);
    for (int i = 0; i < PASO_N_BANDS && !l->quick && !chance; i++)
        put_level(l, x, window, bands[i], s->band[i]);
}

static paso_status show_level(void *context, paso_store *store, const subject *x) {
    levels *l = context;
    paso_summary both[2];
    double observed[2];
    paso_status status = read_levels(l, store, x, both);
    if (status == PASO_OK) status = find_observed(store, x, observed);
    if (status != PASO_OK) return status;
    if (is_take(x, "first")) {
        if (l->tidy)
            put_dates(l, x, &both[0]);
        else
            print_date(l, x, &both[0]);
        return PASO_OK;
    }
    if (!l->tidy) {
        print_level(l, x, both, observed);
        return PASO_OK;
    }
    for (int w = 0; w < 2; w++) {
        put_levels(l, x, w, &both[w]);
        if (!isnan(observed[w])) put_level(l, x, w, "observed", observed[w]);
    }
    return PASO_OK;
}

static void print_head(const levels *l, const char *middle, const char *rest) {
    cli_pad(stdout, l->quick ? "Central path, not a mean" : "", -LABEL);
    cli_pad(stdout, "over", -OVER);
    cli_pad(stdout, l->quick ? "path" : middle, NUMBER);
    cli_pad(stdout, l->quick ? "" : " 5 to 95 %", -BAND);
    puts(rest);
}

static void print_levels_head(const levels *l) {
    char title[300];
    cli_print_wrapped(policy_title(l, l->policy, title));
    print_head(l, "median", l->observed ? "  observed" : "");
}

/* Whether any observable has an observation in its last period or in all of them. */
static paso_status look_for_observed(void *context, paso_store *store, const subject *x) {
    levels *l = context;
    double observed[2];
    paso_status status = find_observed(store, x, observed);
    l->observed |= !isnan(observed[0]) || !isnan(observed[1]);
    return status;
}

paso_status cli_table_levels(paso_store *store, int format, bool all) {
    static const char *const columns[] = {"policy",    "observable", "cell", "over",   "date",
                                          "statistic", "value",      "unit", "layers", "politics"};
    paso_tidy tidy;
    levels l = {.contents = paso_store_read(store), .store = store, .quick = is_quick(store)};
    paso_status status = PASO_OK;
    if (format > 0) {
        tidy = paso_tidy_begin(stdout, format == 1 ? PASO_TIDY_CSV : PASO_TIDY_JSON, columns, 10);
        l.tidy = &tidy;
    }
    if (!l.tidy) status = each_subject(store, all, look_for_observed, &l);
    for (l.policy = 0; l.policy < l.contents->n_policies && status == PASO_OK; l.policy++) {
        if (!l.tidy && l.policy > 0) putchar('\n');
        l.against = l.policy;
        if (!l.tidy) print_levels_head(&l);
        status = each_subject(store, all, show_level, &l);
    }
    if (l.tidy) {
        paso_tidy_end(l.tidy);
    } else {
        print_legend(&l);
    }
    return status;
}

/* ---- pairs ---- */

static void put_pair(const levels *l, const subject *x, bool window, const char *statistic,
                     double value, const char *unit) {
    char when[40];
    write_when(l->contents, x, window, when);
    paso_tidy_text(l->tidy, l->contents->policy[l->policy].name);
    paso_tidy_text(l->tidy, l->contents->policy[0].name);
    paso_tidy_text(l->tidy, x->o->name);
    paso_tidy_text(l->tidy, cell_name(x));
    paso_tidy_text(l->tidy, window ? over_word(x) : "last");
    paso_tidy_text(l->tidy, when);
    paso_tidy_text(l->tidy, statistic);
    paso_tidy_number(l->tidy, value);
    paso_tidy_text(l->tidy, unit);
    put_layers(l, x);
}

static void put_shares(const levels *l, const subject *x, bool window) {
    const paso_store_shares *s =
        paso_store_shares_of(l->store, l->policy, x->observable, x->cell, window);
    if (!s) return;
    put_pair(l, x, window, "share_noise", s->noise, "1");
    put_pair(l, x, window, "share_parameters", s->parameters, "1");
    put_pair(l, x, window, "share_politics", s->politics, "1");
}

/* Dates lie days apart; of a chance there is only the mean difference. */
static void put_pairs(const levels *l, const subject *x, const paso_pair both[2]) {
    bool date = is_take(x, "first");
    const char *unit = date ? "days" : x->o->unit;
    for (int w = 0; w < (date ? 1 : 2); w++) {
        const paso_summary *d = &both[w].difference;
        put_pair(l, x, w, l->quick ? "central" : "mean", d->mean, unit);
        if (l->quick || (is_take(x, "any") && w == 0)) continue;
        for (int i = 0; i < PASO_N_BANDS; i++) put_pair(l, x, w, bands[i], d->band[i], unit);
        put_pair(l, x, w, "same_sign", both[w].same_sign, "1");
        put_pair(l, x, w, "gain", both[w].gain, "1");
        put_shares(l, x, w);
    }
}

static bool is_same(const paso_pair *pair) {
    const paso_summary *d = &pair->difference;
    return d->mean == 0 && d->band[0] == 0 && d->band[4] == 0;
}

static void add_same(levels *l, const subject *x) {
    size_t n = strlen(l->same);
    snprintf(l->same + n, sizeof l->same - n, "%s %s", l->same[n - 1] == ':' ? "" : ";", x->o->en);
}

/* Of the variance of the difference, in a run with --split. */
static void print_shares(const levels *l, const subject *x, bool window) {
    const paso_store_shares *s =
        paso_store_shares_of(l->store, l->policy, x->observable, x->cell, window);
    if (s)
        printf(" %4.0f %% %4.0f %% %4.0f %%", 100 * s->noise, 100 * s->parameters,
               100 * s->politics);
}

static void print_pair(levels *l, const subject *x, bool window, const paso_pair *pair) {
    char text[40];
    print_start(l, x, window, pair->difference.mean);
    print_band(&pair->difference);
    if (!is_same(pair) && !l->quick && !isnan(pair->same_sign)) {
        printf("%3.0f %%", 100 * pair->same_sign);
        cli_pad(stdout, pair->gain < 1e4 ? cli_number(pair->gain, text) : ">10,000", 8);
        print_shares(l, x, window);
    }
    putchar('\n');
}

/* How many members have a date at all, under the first policy and under this one. */
static paso_status read_shares(const levels *l, paso_store *store, const subject *x,
                               double share[2]) {
    paso_summary s = {.mean = NAN};
    paso_status status = paso_store_series(store, 0, x->observable, x->cell, &s);
    share[0] = s.mean;
    if (status == PASO_OK) status = paso_store_series(store, l->policy, x->observable, x->cell, &s);
    share[1] = s.mean;
    return status;
}

static paso_status show_dates(levels *l, paso_store *store, const subject *x,
                              const paso_pair both[2]) {
    double share[2];
    paso_status status = read_shares(l, store, x, share);
    if (status != PASO_OK) return status;
    if (l->tidy) {
        put_pairs(l, x, both);
        put_pair(l, x, false, "chance", share[1] - share[0], "1");
    } else if (share[0] == share[1] && (is_same(&both[0]) || share[0] == 0)) {
        add_same(l, x);
    } else {
        print_pair(l, x, false, &both[0]);
        print_label(l, x, true);
        cli_pad(stdout, "ever", -OVER);
        printf("from %.0f %% to %.0f %%\n", 100 * share[0], 100 * share[1]);
    }
    return PASO_OK;
}

static paso_status show_pair(void *context, paso_store *store, const subject *x) {
    levels *l = context;
    paso_pair both[2], *series = calloc(x->o->n_periods, sizeof *series);
    if (!series) return PASO_ERR_MEMORY;
    paso_status status =
        paso_store_pairs(store, 0, l->policy, x->observable, x->cell, series, &both[1]);
    both[0] = series[x->o->n_periods - 1];
    free(series);
    if (status != PASO_OK) return status;
    if (is_take(x, "first")) return show_dates(l, store, x, both);
    if (l->tidy) {
        put_pairs(l, x, both);
        return PASO_OK;
    }
    if (is_same(&both[0]) && is_same(&both[1])) {
        add_same(l, x);
        return PASO_OK;
    }
    for (int w = 0; w < 2; w++) print_pair(l, x, w, &both[w]);
    return PASO_OK;
}

static void print_pairs_head(const levels *l) {
    char title[640], own[300], first[300];
    snprintf(title, sizeof title, "%s, against: %s", policy_title(l, l->policy, own),
             policy_title(l, 0, first));
    cli_print_wrapped(title);
    print_head(l, "mean",
               l->quick                    ? ""
               : l->contents->n_shares > 0 ? "sign pairing  chance param polit"
                                           : "sign pairing");
}

paso_status cli_table_pairs(paso_store *store, int format, bool all) {
    static const char *const columns[] = {"policy", "against", "observable", "cell",
                                          "over",   "date",    "statistic",  "value",
                                          "unit",   "layers",  "politics"};
    paso_tidy tidy;
    levels l = {.contents = paso_store_read(store), .store = store, .quick = is_quick(store)};
    paso_status status = PASO_OK;
    if (format > 0) {
        tidy = paso_tidy_begin(stdout, format == 1 ? PASO_TIDY_CSV : PASO_TIDY_JSON, columns, 11);
        l.tidy = &tidy;
    }
    for (l.policy = 1; l.policy < l.contents->n_policies && status == PASO_OK; l.policy++) {
        if (!l.tidy && l.policy > 1) putchar('\n');
        if (!l.tidy) print_pairs_head(&l);
        snprintf(l.same, sizeof l.same, "No change:");
        size_t n_before = strlen(l.same);
        status = each_subject(store, all, show_pair, &l);
        if (!l.tidy && strlen(l.same) > n_before) cli_print_wrapped(l.same);
    }
    if (l.tidy) {
        paso_tidy_end(l.tidy);
    } else {
        print_legend(&l);
    }
    return status;
}
