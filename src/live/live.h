/* What the page runs: compiled programs, the policies' schedules and the states of some members,
 * from bytes; a person's steps on top; members' numbers as one array. No files, no threads: the
 * same code is the WebAssembly module and part of the library. The bytes: docs/page.md. */
#ifndef PASO_LIVE_LIVE_H
#define PASO_LIVE_LIVE_H

#include "ensemble/state.h"

/* ---- writing what the page reads; all bytes are the caller's to free ---- */

typedef struct paso_live_policy {
    int32_t program; /* index */
    int32_t slot;    /* of the states; -1: from the eve */
    const paso_schedule *schedule;
} paso_live_policy;

/* `corridor`, its hash, tells program and states of one corridor from those of another. */
paso_status paso_live_pack(const char *corridor, const paso_program *const *program,
                           size_t n_programs, const paso_live_policy *policy, size_t n_policies,
                           uint8_t **bytes, size_t *size);
/* Each policy of the state is a slot. */
paso_status paso_live_pack_state(const char *corridor, const paso_state *state, uint8_t **bytes,
                                 size_t *size);

/* ---- running; the functions below are the module's exports ---- */

typedef struct paso_live paso_live;

enum { PASO_LIVE_STEPS = 500 }; /* of one timeline */

void *paso_live_allocate(size_t size);
void paso_live_release(void *bytes);
/* NULL for bytes that are no bundle, or without memory. Copies what it needs. */
paso_live *paso_live_open(const uint8_t *bytes, size_t size);
void paso_live_close(paso_live *live);
/* States to go on from; without them every run begins on the eve. */
paso_status paso_live_states(paso_live *live, const uint8_t *bytes, size_t size);

/* A timeline: a policy and at most PASO_LIVE_STEPS on top, in any order. Days count from
 * 1970-01-01, values are internal. */
paso_status paso_live_begin(paso_live *live, uint32_t policy);
paso_status paso_live_step(paso_live *live, uint32_t lever, uint32_t cell, int32_t day,
                           double value);
/* Recorded days [from, until), and whose `known` series end at known_until. Then the numbers a
 * member has: cells by periods of each observable, one after the other. */
paso_status paso_live_plan(paso_live *live, int32_t from, int32_t until, int32_t known_until);
size_t paso_live_n_values(const paso_live *live);
size_t paso_live_n_cells(const paso_live *live, uint32_t observable);
size_t paso_live_n_periods(const paso_live *live, uint32_t observable);
int32_t paso_live_period(const paso_live *live, uint32_t observable, uint32_t period);
/* Members first to first + n - 1 into out [n][paso_live_n_values]. PASO_ERR_MODEL when a check
 * failed: paso_live_fault tells which. */
paso_status paso_live_run(paso_live *live, uint64_t seed, uint32_t first, uint32_t n, double *out);
/* The same some days at a time, so that a page can listen in between: PASO_STOPPED while there is
 * more to do, PASO_OK once `out`, which must live until then, is filled. A new timeline ends it. */
paso_status paso_live_start(paso_live *live, uint64_t seed, uint32_t first, uint32_t n,
                            double *out);
paso_status paso_live_go(paso_live *live, int32_t days);
void paso_live_stop(paso_live *live);
/* Of the runs that start from now on the last one stays, with its draws in about `bytes` of memory:
 * if the next one is of the same members and days, it begins where the timelines part and draws
 * nothing twice. 0: they leave nothing, and what stays is not touched. Same numbers, other times.
 */
void paso_live_keep(paso_live *live, size_t bytes);
/* Name of what failed, "" for none or for what has no name, and the rest of the story. */
const char *paso_live_fault(const paso_live *live);
const char *paso_live_fault_text(const paso_live *live);
int32_t paso_live_fault_day(const paso_live *live);
uint32_t paso_live_fault_member(const paso_live *live);

#endif
