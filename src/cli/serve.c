/* paso serve: the page of a corridor on this computer, until Ctrl-C. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/session.h"
#include "page/page.h"
#include "serve/http.h"

enum { PORTS = 100 }; /* tried after the first */

static paso_status check_args(const cli *c) {
    if (c->args.port > 65535) return cli_usage(c, NULL, "--port: expected at most 65535");
    if (c->args.members < 1 || c->args.members > 1000)
        return cli_usage(c, NULL, "--members: expected 1 to 1000");
    if (c->args.threads > 1024) return cli_usage(c, NULL, "--threads: expected at most 1024");
    return cli_page_seed(c);
}

static paso_status listen_somewhere(const cli *c, paso_serve *serve, paso_http **http) {
    int port = (int)c->args.port;
    paso_status status = paso_http_start(serve, port, cli_given(c, "port") ? 0 : PORTS, http);
    if (status == PASO_ERR_IO) {
        fprintf(stderr, "paso serve: 127.0.0.1:%d: %s\n", port, strerror(errno));
        if (errno == EADDRINUSE) fputs("  hint: without --port a free one is found\n", stderr);
    }
    if (status) return status;
    int found = paso_http_port(*http);
    if (port != 0 && found != port) cli_say(c, "port %d is taken: using %d\n", port, found);
    printf("http://127.0.0.1:%d/\n", found);
    return cli_flush(c);
}

/* Threads that are started from here on leave the signals to wait_for_end. */
static void hold_signals(sigset_t *signals) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_DFL); /* a shell lets background jobs ignore it */
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL);
}

/* A second Ctrl-C ends the process as usual. */
static void wait_for_end(const sigset_t *signals) {
    int number;
    sigwait(signals, &number);
    pthread_sigmask(SIG_UNBLOCK, signals, NULL);
}

static paso_status serve_corridor(cli *c) {
    paso_serve *serve = NULL;
    paso_http *http = NULL;
    sigset_t signals;
    paso_status status = check_args(c);
    const char *path = status ? NULL : cli_corridor(c, c->args.place);
    if (!path) return status ? status : PASO_ERR_INPUT;
    bool edit = !c->args.read_only;
    paso_serve_options options = {.path = path,
                                  .version = PASO_VERSION,
                                  .git = PASO_GIT,
                                  .seed = c->args.seed,
                                  .n_members = (uint32_t)c->args.members,
                                  .threads = c->args.threads,
                                  .edit = edit,
                                  .save = edit && path == c->args.place};
    hold_signals(&signals);
    status = paso_serve_create(&options, &c->diags, &serve);
    paso_diags_print(&c->diags, stderr, false);
    if (status == PASO_OK) status = paso_serve_start(serve);
    if (status == PASO_OK) status = listen_somewhere(c, serve, &http);
    if (status == PASO_OK) cli_say(c, "Ctrl-C ends it\n");
    if (status == PASO_OK) wait_for_end(&signals);
    if (serve) paso_serve_stop(serve);
    paso_http_stop(http);
    paso_serve_free(serve);
    return status;
}

static const cli_option serve_options[] = {
    {"port", 0, CLI_COUNT, "N", "8737", "of 127.0.0.1; 0: any that is free", CLI_OPTION(port)},
    CLI_MEMBERS("40"),
    CLI_SEED,
    CLI_THREADS,
    {"read-only", 0, CLI_FLAG, NULL, NULL, "the corridor's text cannot be edited in the page",
     CLI_OPTION(read_only)},
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_serve = {
    .name = "serve",
    .operand = "DIR",
    .doc = "the page on this computer: levers, bands that move, the corridor's text to edit",
    .example = "paso serve us-mexico",
    .option = serve_options,
    .n_options = CLI_COUNT_OF(serve_options),
    .run = serve_corridor,
};
