/* The corridor of tests/corridors/yardstick written by hand for itself alone: fixed arrays
 * [cell][lane], no language, no program, no checks. It gives the same bits as the engine, so the
 * ratio of their times is the price of generality (bench/README.md). */
#include "random/clones.h"
#include "random/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ORIGINS = 12, KINDS = 3, CELLS = ORIGINS * KINDS, STEPS = 2, AGES = 20, WAITS = 12 };
enum { CHILD = 2, ADULT = 0, AGE_WIDTH = 183, WAIT_WIDTH = 30, DAYS = 548, MONTHS = 19 };
enum { RELEASED = 0, RETURNED = CELLS, CLAIMED, HEARD, CALLED, N_SUMS };

static const double base[ORIGINS] = {1100, 700, 600, 200, 900, 450, 400, 250, 400, 420, 130, 450};
static const double base_total = 6000.0;
static const double mix[KINDS] = {0.6, 0.3, 0.1};
static const double taken_back[ORIGINS] = {0.98, 0.6, 0.6, 0.6, 0.3, 0.3,
                                           0.3,  0.3, 0.3, 0.3, 0.3, 0.3};
static const double expulsions = 0.1, removals = 1800, beds = 900, screening = 400, hearing = 1100,
                    slots = 1450;
static const int month_days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
                                       30, 31, 31, 29, 31, 30, 31, 30, 31};

typedef struct names {
    uint32_t custody, docket, waiting, hhs, detained, jolt, desk, claim_rate, fast_rate;
    uint32_t processed, expelled, returned, ice, claim, fast, heard, lapse, called;
} names;

/* One block of members. Pointers lead to rows of `lanes` doubles in one slab. */
typedef struct yard {
    size_t lanes;
    const uint32_t *member;
    paso_key key;
    names name;
    int used_ages, used_waits; /* bins that can hold anybody yet */
    double *custody, *custody_in, *custody_mean, *decide, *came;   /* [CELLS] */
    double *hhs, *hhs_in;                                          /* [ORIGINS][STEPS], [ORIGINS] */
    double *detained, *detained_in, *fast, *claim;                 /* [ORIGINS] */
    double *docket, *docket_in, *docket_mean;                      /* [ORIGINS][AGES], [ORIGINS] */
    double *waiting, *waiting_in, *waiting_mean;                   /* [ORIGINS][WAITS], [ORIGINS] */
    double *desk, *jolt, *processing, *p_claim, *p_fast, *p_lapse; /* [1] */
    double *u, *p, *x, *n, *sum, *room;                            /* [1] */
    double *month;                                                 /* [MONTHS][N_SUMS] */
    double *slab;
} yard;

#define SIMD _Pragma("omp simd")

static names name_all(void) {
    names n;
    n.custody = paso_name_hash("custody"), n.docket = paso_name_hash("docket");
    n.waiting = paso_name_hash("waiting"), n.hhs = paso_name_hash("hhs");
    n.detained = paso_name_hash("detained"), n.jolt = paso_name_hash("jolt");
    n.desk = paso_name_hash("desk"), n.claim_rate = paso_name_hash("claim_rate");
    n.fast_rate = paso_name_hash("fast_rate"), n.processed = paso_name_hash("custody.processed");
    n.expelled = paso_name_hash("decide.expelled"), n.returned = paso_name_hash("decide.returned");
    n.ice = paso_name_hash("decide.ice"), n.claim = paso_name_hash("detained.claim");
    n.fast = paso_name_hash("detained.fast"), n.heard = paso_name_hash("docket.heard");
    n.lapse = paso_name_hash("waiting.lapse"), n.called = paso_name_hash("waiting.called");
    return n;
}

static void carve(yard *y) {
    struct {
        double **row;
        size_t n;
    } part[] = {
        {&y->custody, CELLS},
        {&y->custody_in, CELLS},
        {&y->custody_mean, CELLS},
        {&y->decide, CELLS},
        {&y->came, CELLS},
        {&y->hhs, ORIGINS * STEPS},
        {&y->hhs_in, ORIGINS},
        {&y->detained, ORIGINS},
        {&y->detained_in, ORIGINS},
        {&y->fast, ORIGINS},
        {&y->claim, ORIGINS},
        {&y->docket, ORIGINS * AGES},
        {&y->docket_in, ORIGINS},
        {&y->docket_mean, ORIGINS},
        {&y->waiting, ORIGINS * WAITS},
        {&y->waiting_in, ORIGINS},
        {&y->waiting_mean, ORIGINS},
        {&y->desk, 1},
        {&y->jolt, 1},
        {&y->processing, 1},
        {&y->p_claim, 1},
        {&y->p_fast, 1},
        {&y->p_lapse, 1},
        {&y->u, 1},
        {&y->p, 1},
        {&y->x, 1},
        {&y->n, 1},
        {&y->sum, 1},
        {&y->room, 1},
        {&y->month, MONTHS * N_SUMS},
    };
    size_t n = 0, n_parts = sizeof part / sizeof part[0];
    for (size_t i = 0; i < n_parts; i++) n += part[i].n * y->lanes;
    y->slab = calloc(n, sizeof *y->slab);
    if (!y->slab) abort();
    n = 0;
    for (size_t i = 0; i < n_parts; i++) {
        *part[i].row = y->slab + n;
        n += part[i].n * y->lanes;
    }
}

/* ---- rows over lanes */

PASO_CLONES static void add(double *restrict to, const double *restrict x, size_t n) {
    SIMD for (size_t i = 0; i < n; i++) to[i] += x[i];
}

PASO_CLONES static void subtract(double *restrict from, const double *restrict x, size_t n) {
    SIMD for (size_t i = 0; i < n; i++) from[i] -= x[i];
}

static void fill(double *row, double value, size_t n) {
    for (size_t i = 0; i < n; i++) row[i] = value;
}

static int any(const double *row, size_t n) {
    double found = 0.0;
    SIMD for (size_t i = 0; i < n; i++) found += row[i] > 0.0 ? 1.0 : 0.0;
    return found > 0.0;
}

/* sum = rows 0, step, 2 step ... */
PASO_CLONES static void total(const double *rows, size_t n, size_t step, size_t lanes,
                              double *restrict sum) {
    memset(sum, 0, lanes * sizeof *sum);
    for (size_t r = 0; r < n; r++) add(sum, rows + r * step * lanes, lanes);
}

static double whole_below(double x) {
    double near = (x + 0x1p52) - 0x1p52;
    return near > x ? near - 1.0 : near;
}

/* ---- draws */

static void uniform(yard *y, uint32_t name, paso_purpose purpose, size_t cell, size_t index) {
    y->key.name = name;
    y->key.purpose = purpose;
    y->key.cell = (uint32_t)cell;
    y->key.index = (uint32_t)index;
    paso_uniform_lanes(&y->key, y->member, y->lanes, y->u);
}

/* x = binomial(n, p) of one cell; 0 where nobody is, without a draw. */
static void binomial(yard *y, uint32_t name, paso_purpose purpose, size_t cell, size_t index,
                     const double *n, const double *p, double *x) {
    if (any(n, y->lanes)) {
        uniform(y, name, purpose, cell, index);
        paso_binomial_lanes(n, p, y->u, x, y->lanes);
    } else {
        memset(x, 0, y->lanes * sizeof *x);
    }
}

static void deal(double k, double u, const double *w, double *out, size_t n, size_t stride) {
    if (paso_deal(k, u, w, out, n, stride)) abort();
}

static void enter(yard *y, uint32_t name, const double *mean, double *inbox, size_t n) {
    for (size_t c = 0; c < n; c++) {
        uniform(y, name, PASO_DRAW_ENTER, c, 0);
        paso_poisson_lanes(mean + c * y->lanes, y->u, y->x, y->lanes);
        add(inbox + c * y->lanes, y->x, y->lanes);
    }
}

/* ---- limits */

/* room = today's capacity; returns whether any lane has more who came. `limit` NULL: `fixed`. */
static int measure(yard *y, uint32_t name, const double *limit, double fixed, const double *came,
                   size_t n) {
    double over = 0.0;
    total(came, n, 1, y->lanes, y->sum);
    uniform(y, name, PASO_DRAW_LIMIT, 0, 0);
    for (size_t i = 0; i < y->lanes; i++) {
        y->room[i] = whole_below((limit ? limit[i] : fixed) + y->u[i]);
        over += y->sum[i] > y->room[i] ? 1.0 : 0.0;
    }
    return over > 0.0;
}

static void cut_evenly(yard *y, uint32_t name, const double *limit, double fixed, double *came,
                       size_t n) {
    if (!measure(y, name, limit, fixed, came, n)) return;
    uniform(y, name, PASO_DRAW_DEAL, 0, 0);
    for (size_t i = 0; i < y->lanes; i++)
        if (y->sum[i] > y->room[i]) deal(y->room[i], y->u[i], came + i, came + i, n, y->lanes);
}

/* Serves one bin of all origins in one lane, up to `room`; adds what each origin gets to out. */
static double serve_bin(double room, double u, double *bin, size_t stride, double *out) {
    double part[ORIGINS], waiting = 0.0;
    for (size_t o = 0; o < ORIGINS; o++) waiting += part[o] = bin[o * stride];
    if (waiting > room) deal(room, u, part, part, ORIGINS, 1);
    for (size_t o = 0; o < ORIGINS; o++) {
        bin[o * stride] -= part[o];
        out[o] += part[o];
    }
    return waiting <= room ? waiting : room;
}

/* Serves the bins from first to last, either way round, in one lane; what was given. */
static double serve(double room, double u, double *count, size_t bins, int first, int last,
                    size_t lanes, double *out) {
    double given = 0.0;
    int step = first <= last ? 1 : -1;
    for (int b = first; b != last + step && given < room; b += step)
        given += serve_bin(room - given, u, count + (size_t)b * lanes, bins * lanes, out);
    return given;
}

/* Serves all bins of all origins alike in one lane. */
static void serve_evenly(double room, double u, double *count, size_t bins, size_t used,
                         size_t lanes, double *out) {
    double part[ORIGINS * WAITS], waiting = 0.0;
    for (size_t o = 0; o < ORIGINS; o++)
        for (size_t b = 0; b < used; b++)
            waiting += part[o * used + b] = count[(o * bins + b) * lanes];
    if (waiting > room) deal(room, u, part, part, ORIGINS * used, 1);
    for (size_t o = 0; o < ORIGINS; o++) {
        for (size_t b = 0; b < used; b++) {
            count[(o * bins + b) * lanes] -= part[o * used + b];
            out[o] += part[o * used + b];
        }
    }
}

/* ---- the eve */

static void draw_log(yard *y, uint32_t name, double value, double low, double high, double *x) {
    uniform(y, name, PASO_DRAW_PARAMETER, 0, 0);
    for (size_t i = 0; i < y->lanes; i++) {
        double z = paso_normal_quantile(y->u[i]), w = (z < 0.0 ? -z : z) / 1.6448536269514722;
        double bound = z > 0.0 ? high : low;
        x[i] = value * paso_exp(w * (paso_log(bound) - paso_log(value)));
    }
}

static void begin(yard *y, uint32_t name, size_t cell, double amount, double *count) {
    uniform(y, name, PASO_DRAW_START, cell, 0);
    for (size_t i = 0; i < y->lanes; i++) count[i] = whole_below(amount + y->u[i]);
}

/* The shares of two hazards never change in this corridor: they are worked out once. */
static void fix_hazards(yard *y) {
    double *claim_rate = y->x, *fast_rate = y->n;
    draw_log(y, y->name.claim_rate, 0.03, 0.03 / 1.3, 0.03 * 1.3, claim_rate);
    draw_log(y, y->name.fast_rate, 0.02, 0.02 / 1.5, 0.02 * 1.5, fast_rate);
    for (size_t i = 0; i < y->lanes; i++) {
        double sum = claim_rate[i] + fast_rate[i], share = paso_rise(sum), stay = paso_exp(-sum);
        double claim = claim_rate[i] / sum * share, fast = fast_rate[i] / sum * share;
        y->p_claim[i] = claim / (claim + (fast + stay));
        y->p_fast[i] = fast / (fast + stay);
        y->p_lapse[i] = paso_rise(0.01) / (paso_rise(0.01) + paso_exp(-0.01));
    }
}

static void eve(yard *y) {
    const size_t lanes = y->lanes;
    y->key.day = 0;
    y->used_ages = y->used_waits = 1;
    memset(y->month, 0, MONTHS * N_SUMS * lanes * sizeof(double));
    memset(y->docket, 0, ORIGINS * AGES * lanes * sizeof(double));
    memset(y->waiting, 0, ORIGINS * WAITS * lanes * sizeof(double));
    memset(y->jolt, 0, lanes * sizeof(double));
    draw_log(y, y->name.desk, 6000, 5700, 6400, y->desk);
    fix_hazards(y);
    for (size_t c = 0; c < CELLS; c++) {
        double a_day = base[c / KINDS] * mix[c % KINDS];
        fill(y->custody_mean + c * lanes, a_day, lanes);
        begin(y, y->name.custody, c, a_day * 2.0, y->custody + c * lanes);
    }
    for (size_t o = 0; o < ORIGINS; o++) {
        double *step = y->hhs + o * STEPS * lanes;
        fill(y->docket_mean + o * lanes, 800.0 * base[o] / base_total, lanes);
        fill(y->waiting_mean + o * lanes, 1800.0 * base[o] / base_total, lanes);
        begin(y, y->name.hhs, o, 6000.0 * base[o] / base_total, step + lanes);
        for (size_t i = 0; i < lanes; i++) {
            step[i] = whole_below(step[lanes + i] / 2.0);
            step[lanes + i] -= step[i];
        }
        begin(y, y->name.detained, o, 15000.0 * base[o] / base_total, y->detained + o * lanes);
        begin(y, y->name.docket, o, 800000.0 * base[o] / base_total, y->docket + o * AGES * lanes);
        begin(y, y->name.waiting, o, 20000.0 * base[o] / base_total,
              y->waiting + o * WAITS * lanes);
    }
}

/* ---- the day */

static void signals(yard *y, double decay) {
    uniform(y, y->name.jolt, PASO_DRAW_SHOCK, 0, 0);
    SIMD for (size_t i = 0; i < y->lanes; i++) {
        y->jolt[i] = y->jolt[i] * decay + 0.5 * paso_normal_quantile(y->u[i]);
        y->processing[i] = y->desk[i] * paso_exp(0.05 * y->jolt[i]);
    }
}

static void day_custody(yard *y) {
    memcpy(y->decide, y->custody, CELLS * y->lanes * sizeof(double));
    cut_evenly(y, y->name.processed, y->processing, 0.0, y->decide, CELLS);
    subtract(y->custody, y->decide, CELLS * y->lanes);
    enter(y, y->name.custody, y->custody_mean, y->custody_in, CELLS);
}

static void day_hhs(yard *y) {
    const size_t lanes = y->lanes;
    fill(y->p, paso_rise(2.0 / 27.0), lanes);
    for (size_t o = 0; o < ORIGINS; o++) {
        double *first = y->hhs + o * STEPS * lanes, *second = first + lanes;
        binomial(y, y->name.hhs, PASO_DRAW_STEP, o, 0, first, y->p, y->n);
        binomial(y, y->name.hhs, PASO_DRAW_STEP, o, 1, second, y->p, y->x);
        subtract(first, y->n, lanes);
        subtract(second, y->x, lanes);
        add(second, y->n, lanes);
        add(y->docket_in + o * lanes, y->x, lanes);
    }
}

static void day_detained(yard *y, double *sums) {
    const size_t lanes = y->lanes;
    for (size_t o = 0; o < ORIGINS; o++) {
        double *count = y->detained + o * lanes, *claim = y->claim + o * lanes;
        binomial(y, y->name.claim, PASO_DRAW_EXIT, o, 0, count, y->p_claim, claim);
        SIMD for (size_t i = 0; i < lanes; i++) y->n[i] = count[i] - claim[i];
        binomial(y, y->name.fast, PASO_DRAW_EXIT, o, 0, y->n, y->p_fast, y->fast + o * lanes);
    }
    cut_evenly(y, y->name.claim, NULL, screening, y->claim, ORIGINS);
    subtract(y->detained, y->claim, ORIGINS * lanes);
    subtract(y->detained, y->fast, ORIGINS * lanes);
    add(y->docket_in, y->claim, ORIGINS * lanes);
    for (size_t o = 0; o < ORIGINS; o++) add(sums + CLAIMED * lanes, y->claim + o * lanes, lanes);
}

/* room, and the uniforms of the two parts of the order in x and u. */
static void draw_parts(yard *y, uint32_t name, double limit) {
    uniform(y, name, PASO_DRAW_LIMIT, 0, 0);
    for (size_t i = 0; i < y->lanes; i++) y->room[i] = whole_below(limit + y->u[i]);
    uniform(y, name, PASO_DRAW_DEAL, 0, 0);
    memcpy(y->x, y->u, y->lanes * sizeof(double));
    uniform(y, name, PASO_DRAW_DEAL, 0, 1);
}

static void day_docket(yard *y, double *sums) {
    const int last = y->used_ages - 1;
    draw_parts(y, y->name.heard, hearing);
    for (size_t i = 0; i < y->lanes; i++) {
        double room = y->room[i], newest = whole_below(room * 0.3 / (0.3 + 0.7) + 0.5), given;
        double out[ORIGINS] = {0.0};
        given = serve(newest, y->x[i], y->docket + i, AGES, 0, last, y->lanes, out);
        given += serve(room - given, y->u[i], y->docket + i, AGES, last, 0, y->lanes, out);
        sums[HEARD * y->lanes + i] += given;
    }
    enter(y, y->name.docket, y->docket_mean, y->docket_in, ORIGINS);
}

/* Those who give up, drawn by origin and taken evenly from the bins. */
static void lapse(yard *y) {
    const size_t lanes = y->lanes;
    for (size_t o = 0; o < ORIGINS; o++) {
        double *count = y->waiting + o * WAITS * lanes, part[WAITS];
        total(count, (size_t)y->used_waits, 1, lanes, y->n);
        binomial(y, y->name.lapse, PASO_DRAW_EXIT, o, 0, y->n, y->p_lapse, y->x);
        uniform(y, y->name.lapse, PASO_DRAW_BINS, o, 0);
        for (size_t i = 0; i < lanes; i++) {
            if (y->x[i] == 0.0) continue;
            for (int b = 0; b < y->used_waits; b++) part[b] = count[(size_t)b * lanes + i];
            deal(y->x[i], y->u[i], part, part, (size_t)y->used_waits, 1);
            for (int b = 0; b < y->used_waits; b++) count[(size_t)b * lanes + i] -= part[b];
        }
    }
}

static void day_waiting(yard *y, double *sums) {
    const size_t lanes = y->lanes;
    lapse(y);
    draw_parts(y, y->name.called, slots);
    for (size_t i = 0; i < lanes; i++) {
        double room = y->room[i], half = whole_below(room * 0.5 / (0.5 + 0.5) + 0.5);
        double out[ORIGINS] = {0.0}, *count = y->waiting + i;
        room -= serve(half, y->x[i], count, WAITS, y->used_waits - 1, 0, lanes, out);
        serve_evenly(room, y->u[i], count, WAITS, (size_t)y->used_waits, lanes, out);
        for (size_t o = 0; o < ORIGINS; o++) {
            y->docket_in[o * lanes + i] += out[o];
            sums[CALLED * lanes + i] += out[o];
        }
    }
    enter(y, y->name.waiting, y->waiting_mean, y->waiting_in, ORIGINS);
}

/* Moves a row of those who passed through the junction on to where they go. */
static void pass(yard *y, size_t cell, const double *x, double *to) {
    subtract(y->decide + cell * y->lanes, x, y->lanes);
    if (to) add(to, x, y->lanes);
}

static void decide_returned(yard *y, double *sums) {
    const size_t lanes = y->lanes;
    for (size_t c = 0; c < CELLS; c++) {
        fill(y->p, taken_back[c / KINDS], lanes);
        binomial(y, y->name.returned, PASO_DRAW_EXIT, c, 0, y->decide + c * lanes, y->p,
                 y->came + c * lanes);
    }
    cut_evenly(y, y->name.returned, NULL, removals, y->came, CELLS);
    subtract(y->decide, y->came, CELLS * lanes);
    for (size_t c = 0; c < CELLS; c++) add(sums + RETURNED * lanes, y->came + c * lanes, lanes);
}

static void junction(yard *y, double *sums) {
    const size_t lanes = y->lanes;
    for (size_t o = 1; o < ORIGINS; o++) { /* all but the first are foreign */
        memcpy(y->x, y->decide + (o * KINDS + CHILD) * lanes, lanes * sizeof(double));
        pass(y, o * KINDS + CHILD, y->x, y->hhs_in + o * lanes);
    }
    fill(y->p, expulsions, lanes);
    for (size_t c = 0; c < CELLS; c++) {
        binomial(y, y->name.expelled, PASO_DRAW_EXIT, c, 0, y->decide + c * lanes, y->p, y->x);
        pass(y, c, y->x, NULL);
    }
    decide_returned(y, sums);
    for (size_t o = 0; o < ORIGINS; o++)
        memcpy(y->came + o * lanes, y->decide + (o * KINDS + ADULT) * lanes,
               lanes * sizeof(double));
    cut_evenly(y, y->name.ice, NULL, beds, y->came, ORIGINS);
    for (size_t o = 0; o < ORIGINS; o++)
        pass(y, o * KINDS + ADULT, y->came + o * lanes, y->detained_in + o * lanes);
    add(sums + RELEASED * lanes, y->decide, CELLS * lanes);
    for (size_t c = 0; c < CELLS; c++)
        add(y->docket_in + c / KINDS * lanes, y->decide + c * lanes, lanes);
}

static void grow_old(double *count, size_t n_bins, size_t lanes) {
    const size_t row = lanes * sizeof(double);
    for (size_t o = 0; o < ORIGINS; o++) {
        double *bin = count + o * n_bins * lanes;
        add(bin + (n_bins - 1) * lanes, bin + (n_bins - 2) * lanes, lanes);
        memmove(bin + lanes, bin, (n_bins - 2) * row);
        memset(bin, 0, row);
    }
}

static void join(double *count, double *inbox, size_t n_cells, size_t n_bins, size_t lanes) {
    for (size_t c = 0; c < n_cells; c++) add(count + c * n_bins * lanes, inbox + c * lanes, lanes);
    memset(inbox, 0, n_cells * lanes * sizeof(double));
}

static void evening(yard *y, int days_done) {
    if (days_done % AGE_WIDTH == 0) {
        grow_old(y->docket, AGES, y->lanes);
        y->used_ages += y->used_ages < AGES;
    }
    if (days_done % WAIT_WIDTH == 0) {
        grow_old(y->waiting, WAITS, y->lanes);
        y->used_waits += y->used_waits < WAITS;
    }
    join(y->custody, y->custody_in, CELLS, 1, y->lanes);
    join(y->hhs, y->hhs_in, ORIGINS, STEPS, y->lanes);
    join(y->detained, y->detained_in, ORIGINS, 1, y->lanes);
    join(y->docket, y->docket_in, ORIGINS, AGES, y->lanes);
    join(y->waiting, y->waiting_in, ORIGINS, WAITS, y->lanes);
}

static void run(yard *y, int n_days) {
    const double decay = paso_exp(-1.0 / 7.0);
    int month = 0, left = month_days[0];
    eve(y);
    for (int day = 0; day < n_days; day++, left--) {
        double *sums;
        if (left == 0) left = month_days[++month];
        sums = y->month + (size_t)month * N_SUMS * y->lanes;
        y->key.day = (uint32_t)day + 1;
        signals(y, decay);
        day_custody(y);
        day_hhs(y);
        day_detained(y, sums);
        day_docket(y, sums);
        day_waiting(y, sums);
        junction(y, sums);
        evening(y, day + 1);
    }
}

/* ---- what is printed: "final member name cell value", "MONTH member name cell value" */

static void print_rows(const yard *y, size_t lane, const char *when, const char *name,
                       const double *rows, size_t n_cells, size_t n_bins) {
    for (size_t c = 0; c < n_cells; c++) {
        double sum = 0.0;
        for (size_t b = 0; b < n_bins; b++) sum += rows[(c * n_bins + b) * y->lanes + lane];
        printf("%s %u %s %zu %a\n", when, (unsigned)y->member[lane], name, c, sum);
    }
}

static void print_months(const yard *y, size_t lane, int n_days) {
    for (int m = 0, done = 0; done < n_days; done += month_days[m++]) {
        const double *sums = y->month + (size_t)m * N_SUMS * y->lanes;
        char when[16];
        snprintf(when, sizeof when, "%d-%02d", 2019 + m / 12, m % 12 + 1);
        print_rows(y, lane, when, "released", sums + RELEASED * y->lanes, CELLS, 1);
        print_rows(y, lane, when, "returned", sums + RETURNED * y->lanes, 1, 1);
        print_rows(y, lane, when, "claimed", sums + CLAIMED * y->lanes, 1, 1);
        print_rows(y, lane, when, "heard", sums + HEARD * y->lanes, 1, 1);
        print_rows(y, lane, when, "called", sums + CALLED * y->lanes, 1, 1);
    }
}

static void print_lane(const yard *y, size_t lane, int n_days) {
    print_rows(y, lane, "final", "custody", y->custody, CELLS, 1);
    print_rows(y, lane, "final", "hhs", y->hhs, ORIGINS, STEPS);
    print_rows(y, lane, "final", "detained", y->detained, ORIGINS, 1);
    print_rows(y, lane, "final", "docket", y->docket, ORIGINS, AGES);
    print_rows(y, lane, "final", "waiting", y->waiting, ORIGINS, WAITS);
    print_months(y, lane, n_days);
}

/* ---- command: --seed S --members N --days D --lanes L [--time] */

static long option(int argc, char **argv, const char *name, long otherwise) {
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return strtol(argv[i + 1], NULL, 10);
    return otherwise;
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    const uint64_t seed = (uint64_t)option(argc, argv, "--seed", 1);
    const size_t n_members = (size_t)option(argc, argv, "--members", 64);
    const size_t cap_lanes = (size_t)option(argc, argv, "--lanes", 64);
    const int n_days = (int)option(argc, argv, "--days", DAYS);
    const int timed = argc > 1 && strcmp(argv[argc - 1], "--time") == 0;
    uint32_t *member = calloc(cap_lanes, sizeof *member);
    double started;
    yard y = {.lanes = cap_lanes, .member = member, .key = {.seed = seed}, .name = name_all()};
    if (!member || n_days < 1 || n_days > DAYS) return EXIT_FAILURE;
    carve(&y);
    started = seconds();
    for (size_t first = 0; first < n_members; first += cap_lanes) {
        y.lanes = n_members - first < cap_lanes ? n_members - first : cap_lanes;
        for (size_t i = 0; i < y.lanes; i++) member[i] = (uint32_t)(first + i);
        run(&y, n_days);
        for (size_t i = 0; !timed && i < y.lanes; i++) print_lane(&y, i, n_days);
    }
    if (timed) printf("%.6f ms per member\n", 1e3 * (seconds() - started) / (double)n_members);
    free(y.slab);
    free(member);
    return EXIT_SUCCESS;
}
