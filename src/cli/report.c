/* paso report: a store as one HTML page. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* results.db becomes results.html beside it. */
static char *page_name(const char *store) {
    size_t n = strlen(store);
    if (n > 3 && strcmp(store + n - 3, ".db") == 0) n -= 3;
    char *name = malloc(n + 6);
    if (name) snprintf(name, n + 6, "%.*s.html", (int)n, store);
    return name;
}

static paso_status report_store(cli *c) {
    int language = cli_language(c);
    if (language < 0) return PASO_ERR_USAGE;
    char *own = c->args.out ? NULL : page_name(c->args.place);
    const char *out = c->args.out ? c->args.out : own;
    if (!out) return PASO_ERR_MEMORY;
    paso_status status =
        paso_report_write_in(c->args.place, out, (paso_language)language, c->args.force, &c->diags);
    paso_diags_print(&c->diags, stderr, false);
    if (status == PASO_OK) cli_say(c, "wrote %s\n", out);
    free(own);
    return status;
}

static const cli_option report_options[] = {{"out", 'o', CLI_TEXT, "FILE", NULL,
                                             "page to write; otherwise beside the store",
                                             CLI_OPTION(out)},
                                            CLI_LANG,
                                            CLI_FORCE,
                                            CLI_QUIET,
                                            CLI_HELP};

const cli_command cli_report = {
    .name = "report",
    .operand = "RESULTS.db",
    .doc = "writes one self-contained HTML page about a store",
    .example = "paso report results.db --out report.html",
    .option = report_options,
    .n_options = CLI_COUNT_OF(report_options),
    .run = report_store,
};
