/* paso explain: what a corridor contains, before anything is run. One screen, or with --all
 * everything; --why tells where a name is defined and what changes it. */
#include "cli/explain.h"

#include <string.h>

#include "base/utf8.h"

void cli_print_entry(const char *label, const char *text) {
    enum { WIDTH = 79, INDENT = 14 };
    int at = INDENT;
    fputs("    ", stdout);
    cli_pad(stdout, label, 4 - INDENT);
    while (*text != '\0') {
        size_t n = strcspn(text, " ");
        int wide = (int)paso_utf8_count(text, n);
        if (at > INDENT && at + 1 + wide > WIDTH) {
            printf("\n%*s", INDENT, "");
            at = INDENT;
        } else if (at > INDENT) {
            putchar(' ');
            at++;
        }
        printf("%.*s", (int)n, text);
        at += wide;
        text += n + (text[n] == ' ');
    }
    putchar('\n');
}

static paso_status explain_claims(cli *c, int format) {
    cli_session s = {.c = c};
    paso_status status = cli_explain_claims(&s, format);
    cli_session_close(&s);
    return status;
}

static paso_status explain_model(cli *c) {
    cli_session s = {0};
    cli_flows flows = {0};
    int format = cli_format(c, "text|json|md");
    paso_status status = format < 0 || cli_language(c) < 0 ? PASO_ERR_USAGE : PASO_OK;
    if (status == PASO_OK && c->args.claims) return explain_claims(c, format);
    if (status == PASO_OK) status = cli_session_read(&s, c, c->args.place);
    cli_explainer e = {.c = c, .m = s.model, .session = &s};
    if (status == PASO_OK) status = cli_session_compile(&s);
    if (status == PASO_OK && format == CLI_EXPLAIN_MD && !c->args.mechanisms) {
        status =
            cli_usage(c, "--format text or json", "only --mechanisms and --claims print Markdown");
    } else if (status == PASO_OK && c->args.mechanisms) {
        status = cli_explain_mechanisms(&e, format);
    } else if (status == PASO_OK && c->args.feeds) {
        status = cli_explain_feeds(&e, c->args.feeds, format == CLI_EXPLAIN_JSON);
    } else if (status == PASO_OK && c->args.why) {
        status = cli_explain_why(&e, c->args.why);
    } else if (status == PASO_OK && c->args.all && format == 0) {
        status = cli_explain_all(&e);
    } else if (status == PASO_OK) {
        status = cli_explain_flows(&e, &flows);
        if (status == PASO_OK) {
            status = (format == 1 ? cli_explain_json : cli_explain_screen)(&e, &flows);
        }
    }
    cli_session_close(&s);
    return status;
}

static const cli_option explain_options[] = {
    {"why", 0, CLI_TEXT, "NAME", NULL, "where a name is defined, and all that changes it",
     CLI_OPTION(why)},
    {"feeds", 0, CLI_TEXT, "LEVER", NULL, "all that a lever can change, and what it cannot",
     CLI_OPTION(feeds)},
    {"mechanisms", 0, CLI_FLAG, NULL, NULL,
     "each mechanism: its levers, what they move, on what that rests", CLI_OPTION(mechanisms)},
    {"claims", 0, CLI_FLAG, NULL, NULL,
     "published figures beside the record and the model, run for them", CLI_OPTION(claims)},
    {"all", 0, CLI_FLAG, NULL, NULL, "every stage, exit, lever, policy and observable",
     CLI_OPTION(all)},
    CLI_POLICY,
    CLI_SET,
    CLI_MEMBERS("50"),
    CLI_SEED,
    CLI_THREADS,
    CLI_LANG,
    CLI_FORMAT("text|json|md", "text"),
    CLI_JSON,
    CLI_QUIET,
    CLI_COLOR,
    CLI_HELP};

const cli_command cli_explain = {
    .name = "explain",
    .operand = "DIR",
    .doc = "what a corridor contains, on one screen, and which capacities are too small",
    .example = "paso explain us-mexico --why port_slots",
    .option = explain_options,
    .n_options = CLI_COUNT_OF(explain_options),
    .run = explain_model,
};
