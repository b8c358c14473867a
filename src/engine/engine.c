/* The day in order, the eve before the first one, and the state of a block of lanes. */
#include "engine/engine_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"

/* ---- making -------------------------------------------------------------------------------------
 */

typedef struct sizes {
    size_t items, exits, fan;
} sizes;

static void size_of_exit(const paso_program *p, const paso_prog_stage *s, const paso_prog_exit *x,
                         sizes *need) {
    const int32_t *pool = p->pool.items;
    for (int32_t cell = 0; x->fan >= 0 && cell < s->n_cells; cell++) {
        size_t n = (size_t)(pool[x->fan + cell + 1] - pool[x->fan + cell]);
        if (n > need->fan) need->fan = n;
    }
}

static sizes sizes_of(const paso_program *p) {
    sizes need = {1, 1, 1};
    for (size_t i = 0; i < p->stage.n; i++) {
        const paso_prog_stage *s = &p->stage.items[i];
        size_t items = (size_t)s->n_cells * (size_t)s->n_bins;
        if (items > need.items) need.items = items;
        if ((size_t)s->n_exits > need.exits) need.exits = (size_t)s->n_exits;
        for (int32_t j = 0; j < s->n_exits; j++)
            size_of_exit(p, s, &p->exit.items[s->first_exit + j], &need);
    }
    return need;
}

static double *rows_of(size_t n, size_t lanes, bool *failed) {
    double *rows = calloc(n * lanes + 1, sizeof *rows);
    if (!rows) *failed = true;
    return rows;
}

static bool make_scratch(paso_engine *e) {
    bool failed = false;
    sizes need = sizes_of(e->program);
    e->v = rows_of(e->n_rows, e->lanes, &failed);
    e->present = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->entered = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->left = rows_of(PASO_COUNTING_UNITS, e->lanes, &failed);
    e->ready = rows_of(need.items, e->lanes, &failed);
    e->came = rows_of(need.items, e->lanes, &failed);
    e->hazard = rows_of(need.exits, e->lanes, &failed);
    e->fan = rows_of(need.fan + 1, e->lanes, &failed);
    for (int i = 0; i < 6; i++) e->lane[i] = rows_of(1, e->lanes, &failed);
    for (int i = 0; i < 2; i++) e->item[i] = rows_of(need.items, 1, &failed);
    e->dealt = rows_of(need.items, 1, &failed);
    e->place = calloc(need.items, sizeof *e->place);
    e->member = calloc(e->lanes, sizeof *e->member);
    return !failed && e->place && e->member;
}

paso_engine *paso_engine_create(const paso_program *program, const paso_schedule *schedule,
                                size_t n_lanes) {
    paso_engine *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->program = program;
    e->schedule = schedule;
    e->lanes = n_lanes;
    /* Room for the settings of any policy of this program that it may be rescheduled to. */
    e->n_rows = (size_t)(schedule->n_rows > program->n_rows ? schedule->n_rows : program->n_rows);
    if (make_scratch(e)) return e;
    paso_engine_free(e);
    return NULL;
}

void paso_engine_free(paso_engine *e) {
    if (!e) return;
    free(e->v);
    free(e->member);
    free(e->present);
    free(e->entered);
    free(e->left);
    free(e->ready);
    free(e->came);
    free(e->hazard);
    free(e->fan);
    for (int i = 0; i < 6; i++) free(e->lane[i]);
    for (int i = 0; i < 2; i++) free(e->item[i]);
    free(e->dealt);
    free(e->place);
    free(e);
}

/* ---- draws and faults
 * ----------------------------------------------------------------------------- */

paso_key paso_engine_key(const paso_engine *e, int32_t name, paso_purpose purpose, int32_t cell,
                         int32_t index) {
    return (paso_key){.seed = e->seed,
                      .name = (uint32_t)name,
                      .purpose = purpose,
                      .cell = (uint32_t)cell,
                      .index = (uint32_t)index,
                      .day = (uint32_t)(e->today - e->program->start + 1)};
}

void paso_engine_binomial(paso_engine *e, const paso_key *key, const double *n, const double *p,
                          double *x) {
    bool needed = false;
    if (e->quick) {
        for (size_t l = 0; l < e->lanes; l++) x[l] = n[l] * p[l];
        return;
    }
    for (size_t l = 0; l < e->lanes; l++) needed |= n[l] > 0 && p[l] > 0 && p[l] < 1;
    if (!needed) {
        for (size_t l = 0; l < e->lanes; l++) x[l] = p[l] >= 1 && n[l] > 0 ? n[l] : 0;
        return;
    }
    paso_uniform_lanes(key, e->member, e->lanes, e->lane[5]);
    paso_binomial_lanes(n, p, e->lane[5], x, e->lanes);
}

int paso_engine_deal(const paso_engine *e, double k, double u, const double *w, double *out,
                     size_t n, size_t stride) {
    if (!e->quick) return paso_deal(k, u, w, out, n, stride);
    double all = 0;
    for (size_t i = 0; i < n; i++) all += w[i * stride];
    for (size_t i = 0; i < n; i++) out[i * stride] = all > 0 ? w[i * stride] * (k / all) : 0;
    return 0;
}

bool paso_engine_same(const paso_engine *e, double a, double b) {
    double off = a > b ? a - b : b - a, size = a > 0 ? a : -a;
    return e->quick ? off <= 1e-6 + 1e-9 * size : a == b;
}

paso_status paso_engine_fail(paso_engine *e, paso_fault_kind kind, int32_t name, int32_t cell,
                             size_t lane) {
    if (e->fault.kind == PASO_FAULT_NONE)
        e->fault = (paso_fault){kind, name, cell, e->today, e->member[lane]};
    return PASO_ERR_MODEL;
}

paso_status paso_engine_fail_rate(paso_engine *e, const double *rate, int32_t name, int32_t cell) {
    for (size_t l = 0; l < e->lanes; l++)
        if (rate[l] < 0) return paso_engine_fail(e, PASO_FAULT_NEGATIVE, name, cell, l);
    for (size_t l = 0; l < e->lanes; l++)
        if (!(rate[l] <= 1e300)) return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, name, cell, l);
    return PASO_OK;
}

const char *paso_fault_text(paso_fault_kind kind) {
    switch (kind) {
    case PASO_FAULT_NONE:
        return "no fault";
    case PASO_FAULT_NOT_A_NUMBER:
        return "is not a finite number";
    case PASO_FAULT_NEGATIVE:
        return "is below zero";
    case PASO_FAULT_NO_WEIGHT:
        return "has people to deal but all weights are 0";
    case PASO_FAULT_CONSERVATION:
        return "lost or made counts, or passed its limit";
    case PASO_FAULT_CLIPPED:
        return "is a share outside 0 to 1";
    case PASO_FAULT_TOO_MANY:
        return "deals more than 2^63";
    }
    return "unknown fault";
}

/* ---- levers, data, parameters
 * ---------------------------------------------------------------------- */

static void fill_row(const paso_engine *e, int32_t row, double value) {
    double *v = paso_row(e, row);
    for (size_t l = 0; l < e->lanes; l++) v[l] = value;
}

static void reset_levers(paso_engine *e) {
    const paso_program *p = e->program;
    for (size_t i = 0; i < p->lever.n; i++)
        for (int32_t k = 0; k < p->lever.items[i].n; k++)
            fill_row(e, p->lever.items[i].row + k, p->number.items[p->lever.items[i].value + k]);
}

static void apply_assignment(paso_engine *e, const paso_assignment *a) {
    const paso_schedule *s = e->schedule;
    paso_engine_ops(e, s->op.items + a->code.first, a->code.n, s->pool.items, s->number.items);
    double cover = s->number.items[a->cover], number = s->number.items[a->number];
    const double *source = a->source >= 0 ? paso_row(e, a->source) : NULL;
    double *lever = paso_row(e, a->row);
    for (size_t l = 0; l < e->lanes; l++) {
        double value = source ? source[l] : number;
        lever[l] = cover == 1 ? value : lever[l] * (1 - cover) + value * cover;
    }
}

static void apply_change(paso_engine *e) {
    const paso_change *change = &e->schedule->change.items[e->change];
    reset_levers(e);
    for (int32_t i = 0; i < change->n; i++)
        apply_assignment(e, &e->schedule->assignment.items[change->first + i]);
    paso_engine_block(e, PASO_BLOCK_LEVER);
}

static size_t change_at(const paso_schedule *s, int32_t day) {
    size_t i = 0;
    while (i + 1 < s->change.n && s->change.items[i + 1].day <= day) i++;
    return i;
}

static void set_levers(paso_engine *e) {
    size_t change = change_at(e->schedule, e->today);
    if (change == e->change) return;
    e->change = change;
    apply_change(e);
}

static int32_t period_after_end(const paso_prog_data *d, int32_t i) {
    if (d->after == PASO_AFTER_HOLD) return d->n_periods - 1;
    if (d->after != PASO_AFTER_REPEAT) return -1;
    return d->n_periods - d->repeat + (i - d->n_periods) % d->repeat;
}

/* Index of the period that holds the day, were the series endless; found by walking the calendar.
 */
static int32_t period_index(const paso_program *p, const paso_prog_data *d, int32_t day) {
    const int32_t *first = p->pool.items + d->first_day;
    if (day < first[0]) return -1;
    int32_t low = 0, high = d->n_periods;
    while (low < high) {
        int32_t middle = (low + high) / 2;
        if (first[middle + 1] > day)
            high = middle;
        else
            low = middle + 1;
    }
    int32_t end = first[d->n_periods];
    if (low < d->n_periods) return low;
    for (int32_t i = d->n_periods;; i++) {
        end = paso_period_next(end, (paso_period)d->every);
        if (day < end) return i;
    }
}

static double data_value(const paso_engine *e, const paso_prog_data *d, int32_t i, int32_t cell) {
    if (d->known && (e->today >= e->known_until || i >= d->n_periods)) return NAN;
    if (i >= d->n_periods) i = period_after_end(d, i);
    return i < 0 ? NAN : e->program->number.items[d->value + i * d->n + cell];
}

static void set_data(paso_engine *e) {
    for (size_t i = 0; i < e->program->data.n; i++) {
        const paso_prog_data *d = &e->program->data.items[i];
        int32_t period = period_index(e->program, d, e->today);
        for (int32_t k = 0; k < d->n; k++) fill_row(e, d->row + k, data_value(e, d, period, k));
    }
    fill_row(e, PASO_ROW_TODAY, e->today);
    fill_row(e, PASO_ROW_MONTH_LENGTH, paso_month_length(e->today));
}

static double draw_parameter(const paso_engine *e, const paso_prog_parameter *p, int32_t cell,
                             double z) {
    const double *number = e->program->number.items;
    double value = number[p->value + cell];
    double bound = number[p->value + (z > 0 ? 2 : 1) * p->n + cell];
    double w = (z < 0 ? -z : z) / 1.6448536269514722;
    if (p->scale == PASO_LOG) return value * paso_exp(w * (paso_log(bound) - paso_log(value)));
    if (p->scale == PASO_LINEAR) return value + w * (bound - value);
    double b0 = number[p->bound], b1 = number[p->bound + 1];
    double g = paso_log((value - b0) / (b1 - value)), h = paso_log((bound - b0) / (b1 - bound));
    return b0 + (b1 - b0) * paso_logistic(g + w * (h - g));
}

static void draw_parameters(paso_engine *e) {
    for (size_t i = 0; i < e->program->parameter.n; i++) {
        const paso_prog_parameter *p = &e->program->parameter.items[i];
        for (int32_t k = 0; k < p->n; k++) {
            paso_key key = paso_engine_key(e, p->hash, PASO_DRAW_PARAMETER, p->each ? k : 0, 0);
            for (size_t l = 0; l < e->lanes; l++) {
                double z = e->quick ? 0 : paso_normal_quantile(paso_uniform(&key, e->member[l]));
                paso_row(e, p->row + k)[l] = draw_parameter(e, p, k, z);
            }
        }
    }
}

/* ---- the eve
 * ----------------------------------------------------------------------------------------- */

/* Over the steps of a passage a start stands evenly; with ages all of it is new. */
static void place_start(paso_engine *e, const paso_prog_stage *s, int32_t cell, size_t l,
                        double count) {
    for (int32_t b = 0; b < s->n_bins; b++) {
        double part = b == 0 ? count : 0;
        if (e->quick && s->steps > 0)
            part = count / s->steps;
        else if (s->steps > 0)
            part = paso_engine_floor(count * (b + 1) / s->steps) -
                   paso_engine_floor(count * b / s->steps);
        paso_row(e, s->count + cell * s->n_bins + b)[l] = part;
    }
}

static double start_count(const paso_engine *e, double start, const paso_key *key, size_t l) {
    return e->quick ? start : paso_engine_floor(start + paso_uniform(key, e->member[l]));
}

static paso_status start_stage(paso_engine *e, const paso_prog_stage *s) {
    for (int32_t cell = 0; cell < s->n_cells && s->start.row >= 0; cell++) {
        const double *start = paso_operand_row(e, s->start, cell);
        paso_status status = paso_engine_fail_rate(e, start, s->name, cell);
        if (status) return status;
        paso_key key = paso_engine_key(e, s->hash, PASO_DRAW_START, cell, 0);
        for (size_t l = 0; l < e->lanes; l++)
            place_start(e, s, cell, l, start_count(e, start[l], &key, l));
    }
    return PASO_OK;
}

static void fill_rings(paso_engine *e) {
    for (size_t i = 0; i < e->program->ring.n; i++) {
        const paso_prog_ring *r = &e->program->ring.items[i];
        for (int32_t k = 0; k < r->days * r->n; k++)
            memcpy(paso_row(e, r->row + k), paso_operand_row(e, r->before, k % r->n),
                   e->lanes * sizeof(double));
    }
}

static paso_status start_stages(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        paso_status status = s->junction ? PASO_OK : start_stage(e, s);
        if (status) return status;
        if (!s->junction) paso_engine_total(e, s);
    }
    paso_engine_present(e, e->present);
    return PASO_OK;
}

static void set_constants(paso_engine *e) {
    const paso_program *p = e->program;
    for (size_t i = 0; i < p->constant.n; i++)
        fill_row(e, p->constant.items[i].row, p->number.items[p->constant.items[i].number]);
}

paso_status paso_engine_start(paso_engine *e, uint64_t seed, const uint32_t *member, int32_t day,
                              int32_t known_until) {
    memset(e->v, 0, e->n_rows * e->lanes * sizeof *e->v);
    memcpy(e->member, member, e->lanes * sizeof *e->member);
    e->seed = seed;
    e->known_until = known_until;
    e->n_clipped = 0;
    e->fault = (paso_fault){PASO_FAULT_NONE, -1, 0, 0, 0};
    e->today = e->program->start - 1;
    set_constants(e);
    draw_parameters(e);
    paso_engine_block(e, PASO_BLOCK_FIXED);
    e->today = day;
    e->change = change_at(e->schedule, day);
    apply_change(e);
    set_data(e);
    e->today = e->program->start - 1;
    paso_engine_block(e, PASO_BLOCK_START);
    fill_rings(e);
    paso_status status = start_stages(e);
    paso_engine_block(e, PASO_BLOCK_EVE);
    e->today = day;
    return status;
}

/* ---- the day
 * ------------------------------------------------------------------------------------------ */

static void clear_inboxes(paso_engine *e) {
    for (size_t i = 0; i < e->program->stage.n; i++) {
        const paso_prog_stage *s = &e->program->stage.items[i];
        memset(paso_row(e, s->inbox), 0, (size_t)s->n_cells * e->lanes * sizeof(double));
    }
    memset(e->entered, 0, PASO_COUNTING_UNITS * e->lanes * sizeof *e->entered);
    memset(e->left, 0, PASO_COUNTING_UNITS * e->lanes * sizeof *e->left);
}

static paso_status check_signals(paso_engine *e) {
    for (size_t i = 0; i < e->program->signal.n; i++) {
        const paso_prog_signal *s = &e->program->signal.items[i];
        for (int32_t k = 0; k < s->n; k++) {
            const double *v = paso_row(e, s->row + k);
            for (size_t l = 0; l < e->lanes; l++)
                if (!(v[l] - v[l] == 0))
                    return paso_engine_fail(e, PASO_FAULT_NOT_A_NUMBER, s->name, k, l);
        }
    }
    return PASO_OK;
}

static paso_status run_stages(paso_engine *e) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < e->program->stage.n && !status; i++)
        if (!e->program->stage.items[i].junction)
            status = paso_engine_stage(e, &e->program->stage.items[i]);
    return status;
}

static paso_status run_junctions(paso_engine *e) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < e->program->junction.n && !status; i++)
        status = paso_engine_junction(e, &e->program->stage.items[e->program->junction.items[i]]);
    return status;
}

/* One day, in the order that docs/language.md promises. */
paso_status paso_engine_day(paso_engine *e) {
    paso_status status;
    set_levers(e);
    set_data(e);
    clear_inboxes(e);
    if ((status = paso_engine_events(e))) return status;
    paso_engine_block(e, PASO_BLOCK_DAY);
    if ((status = check_signals(e))) return status;
    if ((status = run_stages(e))) return status;
    if ((status = run_junctions(e))) return status;
    if ((status = paso_engine_close(e))) return status;
    e->today++;
    return PASO_OK;
}

/* ---- looking, forking
 * ----------------------------------------------------------------------------------- */

int32_t paso_engine_today(const paso_engine *e) {
    return e->today;
}

const paso_fault *paso_engine_fault(const paso_engine *e) {
    return &e->fault;
}

void paso_engine_quick(paso_engine *e, bool quick) {
    e->quick = quick;
}

void paso_engine_strict(paso_engine *e, bool strict) {
    e->strict = strict;
}

uint64_t paso_engine_clipped(const paso_engine *e) {
    return e->n_clipped;
}

paso_status paso_engine_reschedule(paso_engine *e, const paso_schedule *schedule) {
    size_t n = (size_t)schedule->n_rows;
    if (n > e->n_rows) {
        double *v = realloc(e->v, n * e->lanes * sizeof *v);
        if (!v) return PASO_ERR_MEMORY;
        memset(v + e->n_rows * e->lanes, 0, (n - e->n_rows) * e->lanes * sizeof *v);
        e->v = v;
        e->n_rows = n;
    }
    e->schedule = schedule;
    e->change = change_at(schedule, e->today);
    apply_change(e);
    return PASO_OK;
}

void paso_engine_copy(paso_engine *e, const paso_engine *from) {
    size_t rows = e->n_rows < from->n_rows ? e->n_rows : from->n_rows;
    memcpy(e->v, from->v, rows * e->lanes * sizeof *e->v);
    memcpy(e->member, from->member, e->lanes * sizeof *e->member);
    memcpy(e->present, from->present, PASO_COUNTING_UNITS * e->lanes * sizeof *e->present);
    e->seed = from->seed;
    e->today = from->today;
    e->known_until = from->known_until;
    e->change = from->change;
    e->strict = from->strict;
    e->quick = from->quick;
    e->n_clipped = from->n_clipped;
    e->fault = from->fault;
    e->schedule = from->schedule;
}

/* The close is that of the day before the next one to run. */
const double *paso_engine_observe(paso_engine *e, size_t o) {
    const paso_program *p = e->program;
    const paso_prog_observable *observable = &p->observable.items[o];
    int32_t today = e->today;
    e->today = today - 1;
    paso_engine_ops(e, p->op.items + observable->code.first, observable->code.n, p->pool.items,
                    p->number.items);
    e->today = today;
    return paso_row(e, observable->row);
}

const double *paso_engine_row(const paso_engine *e, int32_t row) {
    return paso_row(e, row);
}
