/* What the engine's files share: the state of one block of lanes and its scratch rows. */
#ifndef PASO_ENGINE_INTERNAL_H
#define PASO_ENGINE_INTERNAL_H

#include "engine/engine.h"
#include "engine/lanes.h"
#include "random/random.h"

enum { PASO_COUNTING_UNITS = 16, PASO_SCRATCH = 8 };

struct paso_engine {
    const paso_program *program;
    const paso_schedule *schedule;
    size_t lanes;
    size_t wide;    /* lanes of all cells that are worked on side by side */
    int32_t beside; /* so many */
    size_t n_rows;
    double *v;        /* [n_rows][lanes] */
    uint32_t *member; /* [lanes] */
    uint64_t seed;
    int32_t today; /* the day being run, or to be run next */
    int32_t known_until;
    size_t supplied;      /* data item that shows `supply` */
    const double *supply; /* [n][lanes], or NULL */
    size_t change;        /* of the schedule: the one in force */
    bool strict, quick;
    uint64_t n_clipped;
    paso_fault fault;
    /* conservation, each [PASO_COUNTING_UNITS][lanes] */
    double *present, *entered, *left;
    /* scratch of the stage at hand */
    double *ready;              /* [cells][bins][lanes]: who may still be offered an exit today */
    double *came;               /* [cells][bins][lanes]: who came forward for the exit at hand */
    double *hazard;             /* [exits + 1][wide] */
    double *fan;                /* [longest fan + 1][lanes] */
    double *lane[PASO_SCRATCH]; /* [wide] each; 5 holds uniforms, 7 their quantiles */
    double *part;               /* [most parts of an order][lanes] uniforms */
    double *item;               /* [cells * bins][lanes] who is left to be dealt to */
    double *dealt;              /* [cells * bins][lanes] and what they are dealt */
    int32_t *open;              /* [n_open] cells of the stage at hand that are not empty */
    int32_t n_open;
    int32_t *cell;   /* [cells] those of the group at hand */
    paso_luck *luck; /* NULL: none is kept */
};

/* What was drawn at each site (an exit of a cell, its bins, a pair of a fan, a step of a passage, a
 * cell of a shock) on each day. */
struct paso_luck {
    const paso_program *program;
    size_t lanes;
    int32_t from, until;
    int32_t *first[PASO_DRAW_NOISE + 1]; /* [items + 1] sites by purpose; NULL: none are kept */
    size_t n_sites, n_days;
    uint32_t *at;  /* [n_days][n_sites] number of what was drawn, from 1; 0: nothing yet */
    double *drawn; /* [most][2][lanes] */
    size_t n_drawn, most;
};

/* Whether luck is kept of today. */
bool paso_engine_keeps(const paso_engine *e);
/* Today's draw at a site of an item, two rows of lanes, or NULL if it is not known; and where to
 * keep it then, or NULL where there is no room. */
const double *paso_engine_known(const paso_engine *e, paso_purpose purpose, ptrdiff_t item,
                                int32_t site);
double *paso_engine_keep(paso_engine *e, paso_purpose purpose, ptrdiff_t item, int32_t site);

static inline double *paso_row(const paso_engine *e, int32_t row) {
    return e->v + (size_t)row * e->lanes;
}

static inline double *paso_bin_row(const paso_engine *e, double *base, const paso_prog_stage *s,
                                   int32_t cell, int32_t bin) {
    return base + (size_t)(cell * s->n_bins + bin) * e->lanes;
}

static inline const double *paso_operand_row(const paso_engine *e, paso_operand o, int32_t i) {
    int32_t at = o.map == PASO_MAP_SAME  ? i
                 : o.map == PASO_MAP_ONE ? 0
                                         : e->program->pool.items[o.map + i];
    return paso_row(e, o.row + at);
}

void paso_engine_ops(paso_engine *e, const paso_op *op, int32_t n, const int32_t *pool,
                     const double *number);
void paso_engine_block(paso_engine *e, paso_block_kind kind);

paso_key paso_engine_key(const paso_engine *e, int32_t name, paso_purpose purpose, int32_t cell,
                         int32_t index);
/* The draws of an item of the program: key's cell and `site` are those of cell 0, whose next ones
 * stand `each` apart. */
typedef struct paso_draw {
    paso_key key;
    ptrdiff_t item;
    int32_t site, each;
} paso_draw;
/* The uniforms of a cell, which have a site of their own. */
void paso_engine_uniforms(paso_engine *e, const paso_key *key, ptrdiff_t item, double *u);
/* x = Bin(n, p) for all lanes of n_cells cells [n_cells][lanes], at most e->beside; draws only if
 * some lane needs it. x may not alias n or p. */
void paso_engine_binomials(paso_engine *e, const paso_draw *draw, const int32_t *cell,
                           int32_t n_cells, const double *n, const double *p, double *x);
/* Records the first fault of the run; returns PASO_ERR_MODEL. */
paso_status paso_engine_fail(paso_engine *e, paso_fault_kind kind, int32_t name, int32_t cell,
                             size_t lane);

/* The fault of the first lane that has `people` (NULL: of all lanes) and a rate that is below zero
 * or not finite; PASO_OK if there is none. */
paso_status paso_engine_check_rate(paso_engine *e, const double *rate, const double *people,
                                   int32_t name, int32_t cell);

/* Those who came forward at an exit (e->came, bins from first_bin on) leave the open cells, and the
 * ready where they stand among those, and arrive where they go. */
paso_status paso_engine_send(paso_engine *e, const paso_prog_stage *stage,
                             const paso_prog_exit *exit, int32_t first_bin, bool of_ready);
/* Cuts e->came to the exit's limit. */
paso_status paso_engine_limit(paso_engine *e, const paso_prog_stage *stage,
                              const paso_prog_exit *exit);
paso_status paso_engine_stage(paso_engine *e, const paso_prog_stage *stage);
paso_status paso_engine_junction(paso_engine *e, const paso_prog_stage *stage);
static inline double paso_engine_floor(double x) {
    double rounded = (x + 4503599627370496.0) - 4503599627370496.0;
    return rounded > x ? rounded - 1 : rounded;
}

void paso_engine_fill(const paso_engine *e, int32_t row, double value);
size_t paso_engine_change_at(const paso_schedule *schedule, int32_t day);
void paso_engine_apply_change(paso_engine *e); /* e->change, then block LEVER */
void paso_engine_set_levers(paso_engine *e);
void paso_engine_set_data(paso_engine *e);
void paso_engine_draw_parameters(paso_engine *e);
void paso_engine_begin(paso_engine *e, uint64_t seed, const uint32_t *member, int32_t known_until);

/* Deals k[l] over the n weights w[i * stride + l] in the lanes where that is more than none and
 * less than their total; the others keep what stands in `out`. The mean in the skeleton. Returns
 * the first lane that is too large to be dealt, or e->lanes. */
size_t paso_engine_deal(const paso_engine *e, const double *k, const double *u, const double *w,
                        const double *total, double *out, size_t n, size_t stride);
/* Equal counts; in the skeleton, equal but for rounding. */
bool paso_engine_same(const paso_engine *e, double a, double b);
paso_status paso_engine_events(paso_engine *e);
paso_status paso_engine_close(paso_engine *e);
void paso_engine_total(paso_engine *e, const paso_prog_stage *stage);
/* Counts now in all stages by counting unit, [PASO_COUNTING_UNITS][lanes]. */
void paso_engine_present(paso_engine *e, double *present);

#endif
