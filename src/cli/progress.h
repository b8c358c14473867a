/* Progress of a run on stderr, and Ctrl-C as a wish to stop. */
#ifndef PASO_CLI_PROGRESS_H
#define PASO_CLI_PROGRESS_H

#include <stdbool.h>

typedef struct cli_progress {
    bool quiet, bar;
    double started, shown; /* seconds */
    int tenths;            /* lines already printed without a terminal */
} cli_progress;

void cli_progress_begin(cli_progress *progress, bool quiet);
/* The hooks of an ensemble run; the context is the cli_progress. */
void cli_progress_show(void *context, double done, double all);
bool cli_progress_stop(void *context);
/* Clears the bar; seconds since the beginning. Ctrl-C has its usual meaning again. */
double cli_progress_end(cli_progress *progress);

#endif
