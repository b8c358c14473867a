/* The engine: runs a program over a block of lanes, a day at a time. No I/O, no allocation after
 * create, no clock, no libm. Every lane is one member; lanes never read each other, so results do
 * not depend on how members are dealt into blocks.
 * What a day is: docs/language.md, section "What a day is". */
#ifndef PASO_ENGINE_ENGINE_H
#define PASO_ENGINE_ENGINE_H

#include "program/program.h"

typedef struct paso_engine paso_engine;

typedef enum paso_fault_kind {
    PASO_FAULT_NONE,
    PASO_FAULT_NOT_A_NUMBER, /* a signal, rate, limit, weight or start is not a finite number */
    PASO_FAULT_NEGATIVE,     /* a hazard, weight, limit, entry, mean or start below zero */
    PASO_FAULT_NO_WEIGHT,    /* people to deal and all weights 0 */
    PASO_FAULT_CONSERVATION, /* counts lost or made, a junction not empty, a limit passed */
    PASO_FAULT_CLIPPED,      /* strict: a share outside 0 to 1 */
    PASO_FAULT_TOO_MANY      /* a dealing passes 2^63 */
} paso_fault_kind;

typedef struct paso_fault {
    paso_fault_kind kind;
    int32_t name; /* in the program's text, -1 unknown */
    int32_t cell;
    int32_t day;
    uint32_t member;
} paso_fault;

/* n_lanes rows wide. Program and schedule must outlive the engine. NULL without memory. */
paso_engine *paso_engine_create(const paso_program *program, const paso_schedule *schedule,
                                size_t n_lanes);
void paso_engine_free(paso_engine *engine);

/* The eve of the first day: parameters, starts. `member` has n_lanes entries. known_until: first
 * day that `known` series may not show (INT32_MAX: all). */
paso_status paso_engine_start(paso_engine *engine, uint64_t seed, const uint32_t *member,
                              int32_t day, int32_t known_until);
/* One day. PASO_ERR_MODEL when a check failed: see paso_engine_fault. */
paso_status paso_engine_day(paso_engine *engine);
int32_t paso_engine_today(const paso_engine *engine); /* the next day to run */
const paso_fault *paso_engine_fault(const paso_engine *engine);
const char *paso_fault_text(paso_fault_kind kind);
/* The deterministic skeleton, to be said before the start: counts are real, every draw is its mean,
 * shocks are 0, parameters stand at their medians. A central path, not the mean. */
void paso_engine_quick(paso_engine *engine, bool quick);
void paso_engine_strict(paso_engine *engine, bool strict);
uint64_t paso_engine_clipped(const paso_engine *engine); /* shares clipped so far, all lanes */

/* Continues under another schedule, as a fork at the present day; allocates if that one needs more
 * rows. */
paso_status paso_engine_reschedule(paso_engine *engine, const paso_schedule *schedule);
/* One member's whole state between two days, as doubles: rows of the program, then the counts that
 * conservation remembers. Independent of lanes; good for any engine of the same program. */
size_t paso_engine_state_size(const paso_engine *engine);
size_t paso_program_state_size(const paso_program *program); /* the same, without an engine */
void paso_engine_state_get(const paso_engine *engine, size_t lane, double *state);
/* Instead of paso_engine_start: goes on from states [n_lanes] at the opening of `day`. The bits
 * that follow are those of an unbroken run. */
paso_status paso_engine_resume(paso_engine *engine, uint64_t seed, const uint32_t *member,
                               int32_t day, int32_t known_until, const double *const *state);

/* Instead of its series, data item `data` of the program shows `value` [n][n_lanes], which is read
 * each day and not copied; NANs hide it. NULL ends that. */
void paso_engine_supply(paso_engine *engine, size_t data, const double *value);

/* Resampling: in each of `row` [n], lane l takes what lane ancestor[l] had. paso_engine_recount
 * must follow before the next day, so that conservation starts from what is there now. */
void paso_engine_permute(paso_engine *engine, const int32_t *row, size_t n,
                         const uint32_t *ancestor);
void paso_engine_recount(paso_engine *engine);

/* Copies the whole state of `from` (same program, same lanes). */
void paso_engine_copy(paso_engine *engine, const paso_engine *from);

/* What chance brought to some members, for runs of the same members under several schedules: a draw
 * is a function of its key, so what one run has drawn the next one need not draw anew. Only speed
 * hangs on it. It holds the days [from, until) and at most about `bytes`; beyond, draws are made
 * as without. NULL without memory. */
typedef struct paso_luck paso_luck;
paso_luck *paso_luck_create(const paso_program *program, size_t n_lanes, int32_t from,
                            int32_t until, size_t bytes);
void paso_luck_free(paso_luck *luck);
/* NULL ends that. The program, the seed and the members must be those that the luck was made with;
 * another program or number of lanes is refused with PASO_ERR_USAGE. */
paso_status paso_engine_luck(paso_engine *engine, paso_luck *luck);

/* Evaluates observable o at the present close; [n][n_lanes], valid until the next call. */
const double *paso_engine_observe(paso_engine *engine, size_t o);
/* Row for tests and traces: [n_lanes]. */
const double *paso_engine_row(const paso_engine *engine, int32_t row);

#endif
