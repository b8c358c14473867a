/* paso flee: a Flee scenario folder, members of it, and how far they are from the counts. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "flee/flee.h"

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

typedef struct flee_job {
    cli *c;
    paso_flee_scenario *s;
    paso_flee_result *result;
    size_t n;
    double wall;
} flee_job;

static void spread(const flee_job *job, bool rescaled, double *mean, double *sd) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < job->n; i++) {
        const paso_flee_result *r = &job->result[i];
        sum += rescaled ? r->error_rescaled : r->error_normal;
    }
    *mean = sum / (double)job->n;
    for (size_t i = 0; i < job->n; i++) {
        const paso_flee_result *r = &job->result[i];
        double d = (rescaled ? r->error_rescaled : r->error_normal) - *mean;
        square += d * d;
    }
    *sd = job->n > 1 ? sqrt(square / (double)(job->n - 1)) : 0;
}

static void print_text(const flee_job *job) {
    double mean, sd;
    spread(job, false, &mean, &sd);
    printf("error_normal %.4f sd %.4f wall %.3f\n", mean, sd, job->wall);
}

static paso_status run_flee(cli *c) {
    flee_job job = {.c = c, .n = c->args.members};
    paso_flee_source source = {.folder = c->args.place, .settings = c->args.set.n ? c->args.set.item[0] : NULL};
    char why[200] = "";
    if (c->args.from != CLI_NO_DAY) source.hasten = c->args.from;
    if (getenv("HASTEN")) source.hasten = atof(getenv("HASTEN"));
    double start = seconds();
    paso_status status = paso_flee_read(&source, &c->diags, &job.s);
    paso_diags_print(&c->diags, stderr, false);
    if (status != PASO_OK) return status;
    double mid = seconds();
    job.result = calloc(job.n, sizeof *job.result);
    status = paso_flee_members(job.s, c->args.seed, 0, job.n, (int)c->args.threads, job.result, why);
    job.wall = seconds() - mid;
    fprintf(stderr, "read %.3f run %.3f steps %.0f %s\n", mid - start, job.wall, job.result[0].n_steps, why);
    if (status == PASO_OK) {
        if (strcmp(c->args.format, "csv") == 0) paso_flee_write_csv(stdout, job.s, &job.result[0]);
        else print_text(&job);
    }
    for (size_t i = 0; i < job.n; i++) paso_flee_result_clear(&job.result[i]);
    free(job.result);
    paso_flee_free(job.s);
    return status;
}

static const cli_option flee_options[] = {
    CLI_MEMBERS("1"), CLI_SEED, CLI_SET, CLI_THREADS, CLI_FORMAT("text|json|csv", "text"), CLI_HELP};

const cli_command cli_flee = {
    .name = "flee",
    .operand = "DIR",
    .doc = "runs a Flee scenario folder as it stands",
    .example = "paso flee corridors/flee-example --members 20",
    .option = flee_options,
    .n_options = CLI_COUNT_OF(flee_options),
    .run = run_flee,
};
