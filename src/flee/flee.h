/* Flee's scenario folders (djgroen/flee) run as they stand: reader, movement of people counted by
 * place and state, and the validation error. docs/flee.md says what is the same and what differs.
 */
#ifndef PASO_FLEE_FLEE_H
#define PASO_FLEE_FLEE_H

#include "flee/scenario.h"

typedef struct paso_flee_source {
    const char *folder;
    const char *settings; /* NULL: folder/simsetting.yml */
    const char *input;    /* NULL: folder/input_csv */
    const char *data;     /* NULL: folder/source_data */
    int days;             /* 0: as sim_period.csv says */
    double hasten;        /* 0: as the settings say */
    bool fixed;           /* what Flee's documentation says, where its code differs */
} paso_flee_source;

/* PASO_OK, or an error with every mistake found in `diags`. Free the scenario in any case. */
paso_status paso_flee_read(const paso_flee_source *source, paso_diags *diags,
                           paso_flee_scenario **scenario);
void paso_flee_free(paso_flee_scenario *scenario);

/* What one member did. Arrays are [days] or [days][n_camps]; owned by the result. */
typedef struct paso_flee_result {
    int days;
    size_t n_camps;
    double *in_camp;                     /* people in each camp at the end of the day */
    double *data;                        /* the count of people it is held against */
    double *people;                      /* everywhere */
    double *raw;                         /* Flee's "raw UNHCR refugee count" */
    double *idps;                        /* in camps for internally displaced people */
    double *debt;                        /* arrivals held back because counts had fallen */
    bool driven;                         /* arrivals do not come from counts: raw is 0 throughout */
    double error_normal, error_rescaled; /* as defined by Flee's validation script */
    double n_steps;                      /* groups handled: what the time goes with */
} paso_flee_result;

/* One member: same seed and member, same bits. On PASO_ERR_MODEL `why` (may be NULL) says why. */
paso_status paso_flee_run(const paso_flee_scenario *scenario, uint64_t seed, uint32_t member,
                          paso_flee_result *result, char why[200]);
void paso_flee_result_clear(paso_flee_result *result);

/* Members first to first + n - 1 over threads (0: one for each processor). result [n], cleared by
 * the caller even after an error. */
paso_status paso_flee_members(const paso_flee_scenario *scenario, uint64_t seed, uint32_t first,
                              size_t n, int threads, paso_flee_result *result, char why[200]);

/* Flee's out.csv of one member. */
void paso_flee_write_csv(FILE *out, const paso_flee_scenario *scenario,
                         const paso_flee_result *result);

/* Means over days of |sim - data| and what they become over members. */
typedef struct paso_flee_camp {
    double difference; /* mean absolute difference, people */
    double sim, data;  /* means over days */
    double share;      /* part of error_normal */
} paso_flee_camp;

/* Of one day, the means over days of which are error_normal and error_rescaled. */
double paso_flee_day_error(const paso_flee_result *result, size_t day, bool rescaled);
void paso_flee_camp_error(const paso_flee_result *result, size_t camp, paso_flee_camp *error);

#endif
