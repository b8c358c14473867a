/* A bar only on a terminal and at most ten times a second; elsewhere a line for every tenth.
 * The first Ctrl-C asks the run to stop; a second one ends the process as usual. */
#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 24 };

static volatile sig_atomic_t asked_to_stop;

static void ask_to_stop(int number) {
    (void)number;
    asked_to_stop = 1;
}

static void on_signals(void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void cli_progress_begin(cli_progress *p, bool quiet) {
    *p = (cli_progress){.quiet = quiet, .bar = isatty(STDERR_FILENO), .started = seconds_now()};
    asked_to_stop = 0;
    on_signals(ask_to_stop, (int)SA_RESETHAND);
}

bool cli_progress_stop(void *context) {
    (void)context;
    return asked_to_stop != 0;
}

static void write_left(double seconds, char *text, size_t size) {
    if (seconds < 100) {
        snprintf(text, size, "%.0f s left", seconds);
    } else {
        snprintf(text, size, "%.0f min left", seconds / 60);
    }
}

static void draw_bar(double share, const char *left) {
    int full = (int)(share * BAR);
    fputs("\r  [", stderr);
    for (int i = 0; i < BAR; i++) fputc(i < full ? '=' : ' ', stderr);
    fprintf(stderr, "] %3.0f %%  %s   ", 100 * share, left);
    fflush(stderr);
}

void cli_progress_show(void *context, double done, double all) {
    cli_progress *p = context;
    char left[32] = "";
    double now = seconds_now(), share = all > 0 ? done / all : 1;
    if (p->quiet) return;
    if (share > 0) write_left((now - p->started) * (1 - share) / share, left, sizeof left);
    if (p->bar) {
        if (now - p->shown < 0.1) return;
        p->shown = now;
        draw_bar(share, left);
    } else if ((int)(10 * share) > p->tenths) {
        p->tenths = (int)(10 * share);
        /* A run of a moment needs no ten lines. */
        if (now - p->started > 1) fprintf(stderr, "  %3.0f %%  %s\n", 100 * share, left);
    }
}

double cli_progress_end(cli_progress *p) {
    if (!p->quiet && p->bar) fputs("\r\033[K", stderr);
    on_signals(SIG_DFL, 0);
    return seconds_now() - p->started;
}
