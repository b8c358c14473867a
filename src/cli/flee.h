/* Runs of a Flee folder as the commands share them: flee runs, compares and stores them. */
#ifndef PASO_CLI_FLEE_H
#define PASO_CLI_FLEE_H

#include "cli/cli.h"
#include "flee/flee.h"
#include "store/store.h"

/* The members of one settings file. */
typedef struct cli_flee_run {
    paso_flee_scenario *s;
    paso_flee_result *result;
    size_t n;
    double wall;
} cli_flee_run;

#define CLI_FLEE_OPTIONS                                                                           \
    {"settings",                                                                                   \
     0,                                                                                            \
     CLI_LIST,                                                                                     \
     "FILE",                                                                                       \
     "DIR/simsetting.yml",                                                                         \
     "settings of a Flee folder; repeat it",                                                       \
     CLI_OPTION(settings)},                                                                        \
        {"days",          0, CLI_COUNT, "N", NULL, "length; otherwise as in sim_period.csv",       \
         CLI_OPTION(days)},                                                                        \
        {"hasten",                                                                                 \
         0,                                                                                        \
         CLI_COUNT,                                                                                \
         "N",                                                                                      \
         NULL,                                                                                     \
         "divides the people; otherwise as in the settings",                                       \
         CLI_OPTION(hasten)},                                                                      \
        {"fixed",                                                                                  \
         0,                                                                                        \
         CLI_FLAG,                                                                                 \
         NULL,                                                                                     \
         NULL,                                                                                     \
         "what Flee's documentation says, where its code differs",                                 \
         CLI_OPTION(fixed)},                                                                       \
        {"input",          0, CLI_TEXT, "DIR", NULL, "folder of inputs; otherwise DIR/input_csv",  \
         CLI_OPTION(input)},                                                                       \
    {                                                                                              \
        "data", 0, CLI_TEXT, "DIR", NULL, "folder of counts; otherwise DIR/source_data",           \
            CLI_OPTION(data)                                                                       \
    }

/* Whether the folder named on the command line is laid out as Flee's are. */
bool cli_flee_is_folder(const cli *c, const char *place);
/* Each file of --settings, or the folder's own: run [max(1, settings.n)], cleared by the caller
 * also after an error. Says what is wrong. */
paso_status cli_flee_run_all(cli *c, cli_flee_run *run, size_t n);
void cli_flee_clear(cli_flee_run *run, size_t n);
/* The runs as policies of a store that was created (flee_store.c); it is closed after an error. */
paso_status cli_flee_fill(cli *c, const cli_flee_run *run, size_t n, paso_store **store);
/* paso compare on a Flee folder. */
paso_status cli_flee_compare(cli *c);

#endif
