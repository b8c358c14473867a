/* Results of a run: values of members, summaries, paired differences, observed series, and the
 * files made from them. Just run, or opened from a store that the command or the library wrote. */
#ifndef PASO_RESULTS_H
#define PASO_RESULTS_H

#include <paso/corridor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct paso_results paso_results;

/* What a row of a summary holds, in this order. */
enum {
    PASO_SUMMARY_MEAN = 0,
    PASO_SUMMARY_Q05 = 1,
    PASO_SUMMARY_Q25 = 2,
    PASO_SUMMARY_Q50 = 3,
    PASO_SUMMARY_Q75 = 4,
    PASO_SUMMARY_Q95 = 5,
    PASO_SUMMARY_WIDTH = 6,
    /* Rows of pairs have two more. */
    PASO_PAIR_SAME_SIGN = 6, /* share of members whose difference has the sign of the mean one */
    PASO_PAIR_GAIN = 7, /* what pairing shrank the variance by; infinite where it never varies */
    PASO_PAIR_WIDTH = 8
};

/* The cell that stands for the total of all, where they may be added; also the only cell. */
#define PASO_TOTAL (-1)

/* Opens a store.
 * Returns PASO_OK; PASO_ERR_IO; PASO_ERR_INPUT for another file, another format, or a run that was
 * never finished; PASO_ERR_MEMORY. Free *results with paso_results_free. */
PASO_API paso_status paso_results_open(const char *path, paso_errors *errors,
                                       paso_results **results);
PASO_API void paso_results_free(paso_results *results);

/* ---- what there is ---- */

/* A fact about the run: "corridor", "corridor_hash", "seed", "members", "from", "until", "now",
 * "interrupted", "clipped", "version", "command", ...; "" if absent (docs/store.md lists them).
 * Belongs to the results. */
PASO_API const char *paso_results_meta(paso_results *results, const char *key);

/* Members finished for every policy; their numbers, member [that many]. */
PASO_API size_t paso_results_members(const paso_results *results);
PASO_API paso_status paso_results_member_numbers(paso_results *results, uint32_t *member,
                                                 paso_errors *errors);

/* Items of kind PASO_KIND_POLICY or PASO_KIND_OBSERVABLE, in the order of the run; as in
 * paso/corridor.h. */
PASO_API size_t paso_results_count(const paso_results *results, paso_kind kind);
PASO_API int paso_results_find(const paso_results *results, paso_kind kind, const char *name);
PASO_API const char *paso_results_text(const paso_results *results, paso_kind kind, size_t i,
                                       paso_about about);
PASO_API bool paso_results_headline(const paso_results *results, size_t observable);

/* Cells of an observable, their names ("" for the only one) and labels; whether a total over them
 * makes sense. NULL if there is no such cell. */
PASO_API size_t paso_results_cells(const paso_results *results, size_t observable);
PASO_API const char *paso_results_cell(const paso_results *results, size_t observable, size_t cell);
PASO_API const char *paso_results_cell_label(const paso_results *results, size_t observable,
                                             size_t cell, bool spanish);
PASO_API bool paso_results_has_total(const paso_results *results, size_t observable);

/* Whole periods recorded of an observable; their first days, first_day [that many]. */
PASO_API size_t paso_results_periods(const paso_results *results, size_t observable);
PASO_API paso_status paso_results_days(const paso_results *results, size_t observable,
                                       int32_t *first_day);

/* ---- numbers ---- */

/* Every value of an observable under a policy.
 * value: [paso_results_members][paso_results_cells][paso_results_periods], members in the order of
 * their numbers, in the observable's unit.
 * Returns PASO_OK; PASO_ERR_USAGE for no such item; PASO_ERR_IO or PASO_ERR_INPUT for a store that
 * can not be read. */
PASO_API paso_status paso_results_values(paso_results *results, size_t policy, size_t observable,
                                         double *value, paso_errors *errors);

/* Mean and quantiles over the members.
 * cell: a cell or PASO_TOTAL. summary: [paso_results_periods][PASO_SUMMARY_WIDTH].
 * Of take "first", quantiles are days (NAN: never) and the mean is the share of members that have
 * one; of "any", all are the chance. Errors as paso_results_values. */
PASO_API paso_status paso_results_summary(paso_results *results, size_t policy, size_t observable,
                                          int cell, double *summary, paso_errors *errors);

/* The same over all recorded periods at once: of each member's sum where periods are sums, else of
 * its mean. summary: [PASO_SUMMARY_WIDTH]. */
PASO_API paso_status paso_results_window(paso_results *results, size_t policy, size_t observable,
                                         int cell, double *summary, paso_errors *errors);

/* Differences of two policies, `second` minus `first`, taken member by member; of take "first" in
 * days, over the members that have a date under both.
 * pair: [paso_results_periods][PASO_PAIR_WIDTH]. window: [PASO_PAIR_WIDTH] over all periods; may be
 * NULL. Errors as paso_results_values. */
PASO_API paso_status paso_results_pairs(paso_results *results, size_t first, size_t second,
                                        size_t observable, int cell, double *pair, double *window,
                                        paso_errors *errors);

/* The attached series of an observable by date, also outside the run.
 * first_day, value: [cap]; both may be NULL with cap 0. n: how many there are, also beyond cap; 0
 * without a series. Errors as paso_results_values. */
PASO_API paso_status paso_results_observed(paso_results *results, size_t observable, int cell,
                                           size_t cap, int32_t *first_day, double *value, size_t *n,
                                           paso_errors *errors);

/* ---- files ---- */

/* Each is written complete or not at all; an existing file is refused without `force`.
 * Returns PASO_OK; PASO_ERR_IO; PASO_ERR_MEMORY.
 * save: the store, as `paso run --out` writes it. */
PASO_API paso_status paso_results_save(paso_results *results, const char *path, bool force,
                                       paso_errors *errors);
/* A table as `paso export` writes it, and path.manifest.json on what made it.
 * format: "csv" or "json", the tidy table of all summaries; "hubverse"; "hxl". Another one, and
 * "hubverse" of a central path, gives PASO_ERR_USAGE. */
PASO_API paso_status paso_results_export(paso_results *results, const char *format,
                                         const char *path, bool force, paso_errors *errors);
/* One self-contained HTML page. */
PASO_API paso_status paso_results_report(paso_results *results, const char *path, bool force,
                                         paso_errors *errors);

#ifdef __cplusplus
}
#endif

#endif
