/* One lever over several values: each value is a policy of the run, from the first recorded day on,
 * with the same draws as the others. What --sweep and --until-target share. */
#ifndef PASO_CLI_VARY_H
#define PASO_CLI_VARY_H

#include "cli/session.h"

typedef struct cli_vary {
    char name[128]; /* "slots", "open[west]" */
    const char *unit;
    double first, last, step; /* in the written unit; step 0: not given */
} cli_vary;

/* "lever=a:b" or "lever=a:b:step" of option `option`; both ends must fit the lever's bounds. */
paso_status cli_vary_parse(cli_session *s, const char *option, const char *text, cli_vary *vary);
/* Makes the session's one policy into n, one for each value. After cli_session_plan; may be called
 * again. */
paso_status cli_vary_set(cli_session *s, const cli_vary *vary, const double *value, size_t n);
const char *cli_vary_number(double value, char text[40]); /* as one would type it */

paso_status cli_sweep(cli_session *s, int format);
paso_status cli_target(cli_session *s, int format);

#endif
