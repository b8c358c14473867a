/* A fork in the library's few words: as it happened until a day, then two policies from there on,
 * compared member by member.
 *
 *   cc fork.c $(pkg-config --cflags --libs paso) -o fork
 *   ./fork corridors/tutorial 2023-09-10 more-slots waiting */
#include <paso/paso.h>
#include <stdio.h>
#include <stdlib.h>

/* Everything that can fail returns a status and fills the record: one way to end for all. */
static void need(paso_status status, paso_errors *errors) {
    if (status == PASO_OK) return;
    fprintf(stderr, "%s%s\n", paso_errors_text(errors), paso_status_text(status));
    exit(1);
}

/* What became of the members on the way to `day`, which nothing is asked about but their state. */
static paso_state *history(paso_corridor *corridor, int32_t day, paso_errors *errors) {
    paso_results *unused = NULL;
    paso_run *run = paso_run_create(corridor);
    paso_run_set_members(run, 0, 50);
    paso_run_set_days(run, paso_corridor_clock(corridor).start, day);
    paso_run_keep_state(run, true);
    need(paso_run_execute(run, NULL, false, errors, &unused), errors);
    paso_state *state = paso_run_take_state(run);
    paso_results_free(unused);
    paso_run_free(run);
    return state;
}

/* Both policies go on from the same members under the same draws. */
static paso_results *fork_at(paso_corridor *corridor, const paso_state *state, const char *policy,
                             paso_errors *errors) {
    paso_results *results = NULL;
    paso_run *run = paso_run_create(corridor);
    need(paso_run_add_policy(run, "as-happened", errors), errors);
    need(paso_run_add_policy(run, policy, errors), errors);
    paso_run_set_start(run, state);
    need(paso_run_execute(run, NULL, false, errors, &results), errors);
    paso_run_free(run);
    return results;
}

static void print_pairs(paso_results *results, const char *observable, paso_errors *errors) {
    int found = paso_results_find(results, PASO_KIND_OBSERVABLE, observable);
    size_t o = found < 0 ? 0 : (size_t)found, n = paso_results_periods(results, o);
    double *pair = calloc(n, PASO_PAIR_WIDTH * sizeof *pair);
    int32_t *first_day = calloc(n, sizeof *first_day);
    if (!pair || !first_day) exit(1);
    need(paso_results_days(results, o, first_day), errors);
    need(paso_results_pairs(results, 0, 1, o, PASO_TOTAL, pair, NULL, errors), errors);
    for (size_t k = 0; k < n; k++) {
        const double *row = pair + k * PASO_PAIR_WIDTH;
        char day[16];
        paso_day_write(first_day[k], day);
        printf("%s  %10.1f  %10.1f to %.1f\n", day, row[PASO_SUMMARY_MEAN], row[PASO_SUMMARY_Q05],
               row[PASO_SUMMARY_Q95]);
    }
    free(pair);
    free(first_day);
}

int main(int argc, char **argv) {
    int32_t day;
    if (argc != 5 || paso_day_read(argv[2], &day) != 0) {
        fprintf(stderr, "usage: fork CORRIDOR DATE POLICY OBSERVABLE\n");
        return 2;
    }
    paso_errors *errors = paso_errors_create();
    paso_corridor *corridor = NULL;
    need(paso_corridor_open(argv[1], errors, &corridor), errors);
    paso_state *state = history(corridor, day, errors);
    paso_results *results = fork_at(corridor, state, argv[3], errors);
    print_pairs(results, argv[4], errors);
    paso_results_free(results);
    paso_state_free(state);
    paso_corridor_free(corridor);
    paso_errors_free(errors);
    return 0;
}
