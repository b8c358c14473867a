/* paso run --until-target "observable<value" --vary lever=a:b: the smallest value of the lever at
 * which the median of the last period meets the target. All values of a round run with the same
 * draws; each round looks between the last value that misses and the first that meets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/vary.h"

enum { ROUND = 7, MAX_TRIED = 128, NUMBER = 12 };

typedef struct trial {
    double value;
    paso_summary summary;
    double chance; /* share of members that meet the target */
    bool meets;    /* the median does */
} trial;

typedef struct search {
    cli_session *s;
    cli_vary vary;
    char name[128];
    bool below, equal; /* < or >, with = */
    double target;
    size_t observable;
    const char *unit;
    char label[128], day[16];
    double step;
    long n_grid; /* values first, first + step, …: 0 to n_grid */
    trial tried[MAX_TRIED];
    size_t n_tried;
    bool political; /* under a value that was tried it rests on politics */
} search;

/* ---- the question ---- */

static paso_status parse_target(search *q) {
    const char *text = q->s->c->args.target;
    size_t n = strcspn(text, "<>");
    char *rest = NULL;
    const char *at = text + n;
    q->below = *at == '<';
    q->equal = *at != '\0' && at[1] == '=';
    if (*at != '\0') at += q->equal ? 2 : 1;
    q->target = strtod(at, &rest);
    while (n > 0 && text[n - 1] == ' ') n--;
    if (n == 0 || n >= sizeof q->name || rest == at || *rest != '\0' || !isfinite(q->target)) {
        return cli_usage(q->s->c, "as in --until-target \"waiting<500\" --vary slots=20:60",
                         "--until-target: expected observable<value, found \"%s\"", text);
    }
    memcpy(q->name, text, n);
    q->name[n] = '\0';
    return PASO_OK;
}

static paso_status find_observable(search *q) {
    const paso_model *m = q->s->model;
    int o = paso_observable_find(m, q->name);
    if (o < 0) {
        const char *names[CLI_MAX_LIST];
        size_t n = 0;
        for (int i = 0; i < m->n_observables && n < CLI_MAX_LIST; i++) {
            names[n++] = m->observable[i].item.name;
        }
        return cli_unknown(q->s->c, "observable", q->name, names, n);
    }
    const paso_observable *x = &m->observable[o];
    if (x->take == PASO_ANY || x->take == PASO_FIRST) {
        return cli_usage(q->s->c, "a count, a share or a time has one",
                         "--until-target: %s is a %s and has no median number", q->name,
                         x->take == PASO_ANY ? "chance" : "date");
    }
    q->observable = (size_t)o;
    q->unit = x->item.unit_text ? x->item.unit_text : "1";
    snprintf(q->label, sizeof q->label, "%s", x->item.en ? x->item.en : x->item.name);
    return PASO_OK;
}

static bool is_whole(double x) {
    return x == floor(x);
}

/* Levers that count things go in ones. */
static paso_status choose_grid(search *q) {
    const cli_vary *v = &q->vary;
    bool ones = is_whole(v->first) && is_whole(v->last) && v->last - v->first >= 8;
    q->step = v->step > 0 ? v->step : ones ? 1 : (v->last - v->first) / 64;
    double n = floor((v->last - v->first) / q->step + 1e-9);
    if (n < 1 || n > 1e6) return cli_usage(q->s->c, NULL, "--vary: the step does not fit");
    q->n_grid = (long)n;
    return PASO_OK;
}

static double grid_value(const search *q, long i) {
    return q->vary.first + (double)i * q->step;
}

/* ---- one round ---- */

static bool meets(const search *q, double x) {
    if (q->equal && x == q->target) return true;
    return q->below ? x < q->target : x > q->target;
}

/* The share of members that meet the target in the last period. */
static paso_status count_chance(const search *q, paso_store *store, size_t policy, trial *t) {
    const paso_store_contents *c = paso_store_read(store);
    const paso_store_observable *o = &c->observable[q->observable];
    size_t width = o->n_cells * o->n_periods, n = 0;
    double *value = calloc(c->n_members * width + 1, sizeof *value);
    if (!value) return PASO_ERR_MEMORY;
    paso_status status = paso_store_values(store, policy, q->observable, value);
    for (size_t m = 0; m < c->n_members; m++) {
        double sum = 0;
        for (size_t k = 0; k < o->n_cells; k++) {
            sum += value[m * width + k * o->n_periods + o->n_periods - 1];
        }
        n += meets(q, sum);
    }
    t->chance = (double)n / (double)c->n_members;
    free(value);
    return status;
}

static paso_status read_trial(search *q, size_t policy, double value) {
    paso_store *store = q->s->store;
    const paso_store_observable *o = &paso_store_read(store)->observable[q->observable];
    if (q->n_tried == MAX_TRIED) return PASO_ERR_USAGE;
    trial *t = &q->tried[q->n_tried];
    *t = (trial){.value = value};
    if (o->n_periods == 0) {
        return cli_usage(q->s->c, NULL, "%s has no whole period in the run", q->name);
    }
    if (o->n_cells > 1 && !o->total) {
        return cli_usage(q->s->c, "an observable of one number",
                         "--until-target: %s has %zu cells that cannot be added", q->name,
                         o->n_cells);
    }
    paso_summary *series = calloc(o->n_periods, sizeof *series);
    if (!series) return PASO_ERR_MEMORY;
    paso_status status = paso_store_series(store, policy, q->observable, -1, series);
    t->summary = series[o->n_periods - 1];
    t->meets = meets(q, t->summary.band[2]);
    paso_date_write(o->first_day[o->n_periods - 1], q->day);
    free(series);
    if (status == PASO_OK) status = count_chance(q, store, policy, t);
    q->political |= paso_store_rests(store, policy, policy, q->observable);
    if (status == PASO_OK) q->n_tried++;
    return status;
}

static paso_status run_round(search *q, const long *grid, size_t n) {
    double value[ROUND + 2] = {0};
    for (size_t i = 0; i < n; i++) value[i] = grid_value(q, grid[i]);
    paso_status status = cli_vary_set(q->s, &q->vary, value, n);
    if (status == PASO_OK) status = cli_session_run(q->s, NULL);
    for (size_t i = 0; i < n && status == PASO_OK; i++) status = read_trial(q, i, value[i]);
    paso_store_close(q->s->store);
    q->s->store = NULL;
    return status;
}

/* ---- the search ---- */

/* Grid values strictly between the two, at most ROUND of them. */
static size_t values_between(long low, long high, long *grid) {
    size_t n = 0;
    for (int i = 1; i <= ROUND; i++) {
        long at = low + (long)floor((double)(high - low) * i / (ROUND + 1) + 0.5);
        if (at <= low || at >= high || (n > 0 && at == grid[n - 1])) continue;
        grid[n++] = at;
    }
    return n;
}

/* The index of the answer among the tried, or -1: no value does. */
static paso_status look(search *q, int *answer) {
    long grid[ROUND + 2] = {0, q->n_grid}, low = 0, high = q->n_grid;
    *answer = -1;
    paso_status status = run_round(q, grid, 2);
    if (status != PASO_OK) return status;
    if (q->tried[0].meets) *answer = 0;
    if (q->tried[0].meets || !q->tried[1].meets) return PASO_OK;
    *answer = 1;
    for (size_t n; status == PASO_OK && (n = values_between(low, high, grid)) > 0;) {
        size_t before = q->n_tried;
        status = run_round(q, grid, n);
        for (size_t i = 0; status == PASO_OK && i < n; i++) {
            if (!q->tried[before + i].meets) {
                low = grid[i];
                continue;
            }
            high = grid[i];
            *answer = (int)(before + i);
            break;
        }
    }
    return status;
}

/* ---- the answer ---- */

static int by_value(const void *left, const void *right) {
    const trial *a = left, *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

static void print_trials(const search *q, double answer) {
    char text[40], low[40], high[40];
    cli_pad(stdout, q->vary.name, NUMBER);
    cli_pad(stdout, "median", NUMBER);
    puts("  chance  5 to 95 %");
    for (size_t i = 0; i < q->n_tried; i++) {
        const trial *t = &q->tried[i];
        cli_pad(stdout, cli_vary_number(t->value, text), NUMBER);
        cli_pad(stdout, cli_number(t->summary.band[2], text), NUMBER);
        printf("   %3.0f %%  %s to %s%s\n", 100 * t->chance, cli_number(t->summary.band[0], low),
               cli_number(t->summary.band[4], high), t->value == answer ? "  <" : "");
    }
}

static void print_answer(const search *q, const trial *t) {
    char value[40], number[40], first[40], last[40], from[16];
    const char *sign = q->below ? q->equal ? "<=" : "<" : q->equal ? ">=" : ">";
    paso_date_write(q->s->run.plan.from, from);
    cli_vary_number(q->vary.first, first);
    cli_vary_number(grid_value(q, q->n_grid), last);
    printf("%s %s %s %s, in the period from %s\n", q->label, sign,
           cli_vary_number(q->target, number), strcmp(q->unit, "1") == 0 ? "" : q->unit, q->day);
    if (!t) {
        printf("no value of %s from %s to %s meets it in the median\n\n", q->vary.name, first,
               last);
    } else if (t->value == q->vary.first) {
        printf("met at %s = %s, the smallest value looked at\n\n", q->vary.name, first);
    } else {
        printf("met from %s = %s %s on, set from %s; chance %.0f %%\n\n", q->vary.name,
               cli_vary_number(t->value, value), strcmp(q->vary.unit, "1") == 0 ? "" : q->vary.unit,
               from, 100 * t->chance);
    }
}

static void put(paso_tidy *tidy, const search *q, const trial *t, const char *statistic,
                double value, const char *unit) {
    paso_tidy_text(tidy, q->vary.name);
    paso_tidy_number(tidy, t->value);
    paso_tidy_text(tidy, q->vary.unit);
    paso_tidy_text(tidy, q->name);
    paso_tidy_text(tidy, q->day);
    paso_tidy_text(tidy, statistic);
    paso_tidy_number(tidy, value);
    paso_tidy_text(tidy, unit);
}

static void put_trials(const search *q, double answer, int format) {
    static const char *const columns[] = {"lever", "lever_value", "lever_unit", "observable",
                                          "date",  "statistic",   "value",      "unit"};
    static const char *const bands[] = {"q05", "q25", "q50", "q75", "q95"};
    paso_tidy tidy =
        paso_tidy_begin(stdout, format == 1 ? PASO_TIDY_CSV : PASO_TIDY_JSON, columns, 8);
    for (size_t i = 0; i < q->n_tried; i++) {
        const trial *t = &q->tried[i];
        put(&tidy, q, t, "mean", t->summary.mean, q->unit);
        for (int b = 0; b < PASO_N_BANDS; b++) {
            put(&tidy, q, t, bands[b], t->summary.band[b], q->unit);
        }
        put(&tidy, q, t, "chance", t->chance, "1");
        put(&tidy, q, t, "meets", t->meets, "1");
        put(&tidy, q, t, "answer", t->value == answer, "1");
    }
    paso_tidy_end(&tidy);
}

paso_status cli_target(cli_session *s, int format) {
    search q = {.s = s};
    int at = -1;
    paso_status status = parse_target(&q);
    if (status == PASO_OK) status = find_observable(&q);
    if (status == PASO_OK) status = cli_vary_parse(s, "vary", s->c->args.vary, &q.vary);
    if (status == PASO_OK) status = choose_grid(&q);
    if (status == PASO_OK) status = look(&q, &at);
    if (status != PASO_OK) return status;
    double answer = at < 0 ? NAN : q.tried[at].value;
    if (format == 0) print_answer(&q, at < 0 ? NULL : &q.tried[at]);
    if (q.political)
        fputs("it rests on politics: scenario, not estimate\n", format == 0 ? stdout : stderr);
    qsort(q.tried, q.n_tried, sizeof *q.tried, by_value);
    if (format == 0) {
        print_trials(&q, answer);
    } else {
        put_trials(&q, answer, format);
    }
    return PASO_OK;
}
