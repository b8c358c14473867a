/* What the files of paso explain share: the corridor, and what its skeleton says about capacities.
 */
#ifndef PASO_CLI_EXPLAIN_H
#define PASO_CLI_EXPLAIN_H

#include <jansson.h>

#include "cli/session.h"

enum { CLI_EXPLAIN_TEXT, CLI_EXPLAIN_JSON, CLI_EXPLAIN_MD }; /* --format */

typedef struct cli_explainer {
    cli *c;
    const paso_model *m;
    const cli_session *session;
} cli_explainer;

/* A limited exit over the days that were looked at; people or other things a day. */
typedef struct cli_capacity {
    const char *exit; /* "queue.called" */
    double limit;     /* may go, the mean over the days */
    double arrives;   /* comes for it */
    double leaves;    /* goes through it */
    double worst;     /* the largest arrives / limit of its groups; INFINITY where one is closed */
} cli_capacity;

typedef struct cli_flows {
    cli_capacity *capacity; /* fullest first */
    size_t n_capacities;
    const char **warning;
    size_t n_warnings;
    int from, until; /* days looked at */
    bool ran;        /* false: the skeleton failed a check, and a warning says so */
} cli_flows;

/* Words after a label, wrapped under each other. */
void cli_print_entry(const char *label, const char *text);

paso_status cli_explain_flows(const cli_explainer *e, cli_flows *flows);
paso_status cli_explain_screen(const cli_explainer *e, const cli_flows *flows);
paso_status cli_explain_json(const cli_explainer *e, const cli_flows *flows);
paso_status cli_explain_all(const cli_explainer *e);
paso_status cli_explain_why(const cli_explainer *e, const char *name);
/* Whether anything rests on politics under it, at any time. */
bool cli_policy_is_political(const cli_explainer *e, int policy);
/* "slots = 36 people/day". Lives in the command's arena. */
const char *cli_setting_text(const cli_explainer *e, const paso_setting *setting);

/* Published figures of a corridor, which is run for them, or of a store. */
paso_status cli_explain_claims(cli_session *s, int format);

/* ---- mechanisms, and what a lever reaches in the compiled program ---- */

paso_status cli_explain_mechanisms(const cli_explainer *e, int format);
paso_status cli_explain_feeds(const cli_explainer *e, const char *lever, bool json);
/* [program's rows] what these cells of a lever reach; the caller frees. NULL without memory. */
bool *cli_feeds_rows(const cli_explainer *e, int lever, const int *cell, int n_cells);
bool cli_feeds_any(const bool *row, int32_t first, int32_t n);
/* Names of all that is reached, and of the observables that are not. A new reference. */
json_t *cli_feeds_json(const cli_explainer *e, int lever, const bool *row);

#endif
