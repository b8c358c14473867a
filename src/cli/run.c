/* paso run: an ensemble under one policy or several; the headline numbers as a table, the whole as
 * a store. paso compare: the same run, and what each policy changes against the first, in pairs. */
#include "cli/flee.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/vary.h"

typedef paso_status table_fn(paso_store *store, int format, bool all);

static paso_status check_resume(cli *c) {
    const cli_args *args = &c->args;
    if (!args->resume) return PASO_OK;
    if (args->out || args->force) {
        return cli_usage(c, NULL, "--resume writes the store it names, without --out and --force");
    }
    if (args->save_state) {
        return cli_usage(c, "run all members anew", "--resume has not all members to save");
    }
    c->args.out = args->resume;
    return PASO_OK;
}

/* Other programs cannot go on from a state, nor is a central path a sample. */
static paso_status check_split(const cli *c) {
    const cli_args *args = &c->args;
    if (!args->split || (!args->quick && !args->start)) return PASO_OK;
    return cli_usage(c, NULL, "--split needs members from the first day: no --quick, no --start");
}

static paso_status check_vary(const cli *c) {
    const cli_args *args = &c->args;
    if (!args->sweep && !args->target && !args->vary) return PASO_OK;
    if (args->policy.n > 1) return cli_usage(c, NULL, "a lever is varied under one --policy");
    if (args->save_state) return cli_usage(c, NULL, "--save-state keeps one run, not several");
    if (args->sweep && (args->target || args->vary)) {
        return cli_usage(c, NULL, "--sweep and --until-target are two questions");
    }
    if (!args->sweep && (!args->target || !args->vary)) {
        return cli_usage(c, "as in --until-target \"waiting<500\" --vary slots=20:60",
                         "--until-target and --vary go together");
    }
    if (args->target && args->out) return cli_usage(c, NULL, "--until-target writes no store");
    return PASO_OK;
}

/* An interrupted run prints what its finished members say, and still ends with 5. */
static paso_status run_tables(cli_session *s, table_fn *table, int format) {
    const cli_args *args = &s->c->args;
    if (args->sweep) return cli_sweep(s, format);
    if (args->target) return cli_target(s, format);
    paso_status status = cli_session_run(s, args->out);
    if (!s->store) return status;
    paso_status printed = table(s->store, format, args->all);
    return status == PASO_OK ? printed : status;
}

static paso_status run_and_print(cli *c, table_fn *table, size_t least) {
    cli_session s = {0};
    int format = cli_format(c, "text|csv|json");
    paso_status status = format < 0 ? PASO_ERR_USAGE : PASO_OK;
    if (status == PASO_OK && c->args.policy.n < least) {
        status = cli_usage(c, "paso explain lists them",
                           "expected two policies or more, as in --policy A --policy B");
    }
    if (status == PASO_OK) status = check_resume(c);
    if (status == PASO_OK) status = check_vary(c);
    if (status == PASO_OK) status = check_split(c);
    if (status == PASO_OK) status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK) status = cli_session_compile(&s);
    if (status == PASO_OK) status = cli_session_plan(&s);
    if (status == PASO_OK) status = run_tables(&s, table, format);
    if ((status == PASO_OK && s.store) || status == PASO_STOPPED) {
        cli_session_say(&s, status, c->args.out);
    }
    cli_session_close(&s);
    return status;
}

static paso_status run_levels(cli *c) {
    return run_and_print(c, cli_table_levels, 0);
}

static paso_status run_pairs(cli *c) {
    const char *place = cli_corridor(c, c->args.place);
    if (!place) return PASO_ERR_INPUT;
    if (!cli_flee_is_folder(c, place)) return run_and_print(c, cli_table_pairs, 2);
    c->args.place = place;
    return cli_flee_compare(c);
}

#define RUN_OPTIONS                                                                                \
    CLI_FROM, CLI_UNTIL, CLI_SET, CLI_WITHOUT, CLI_MEMBERS("200"), CLI_SEED, CLI_KNOWN,            \
        CLI_STRICT, CLI_QUICK, CLI_OUT("store to write, as for paso report"), CLI_FORCE,           \
        CLI_RESUME, CLI_START, CLI_SAVE_STATE, CLI_FORMAT("text|csv|json", "text"), CLI_JSON,      \
        {"all",          0, CLI_FLAG, NULL, NULL, "all observables, not only the headline ones",   \
         CLI_OPTION(all)},                                                                         \
        CLI_THREADS, CLI_LANES, CLI_QUIET, CLI_COLOR, CLI_HELP

static const cli_option run_options[] = {
    CLI_POLICY,
    {"sweep", 0, CLI_TEXT, "LEVER=A:B:STEP", NULL,
     "the run at each value of a lever, set from --from on", CLI_OPTION(sweep)},
    {"until-target", 0, CLI_TEXT, "OBSERVABLE<X", NULL,
     "the smallest value of --vary at which the last median meets it", CLI_OPTION(target)},
    {"vary", 0, CLI_TEXT, "LEVER=A:B", NULL, "values that --until-target looks through",
     CLI_OPTION(vary)},
    RUN_OPTIONS};
static const cli_option compare_options[] = {
    {"policy", 'p', CLI_LIST, "P", NULL, "two or more; the others are held against the first",
     CLI_OPTION(policy)},
    {"split", 0, CLI_FLAG, NULL, NULL,
     "chance, parameters, politics: shares of each band, by two more runs", CLI_OPTION(split)},
    CLI_FLEE_OPTIONS,
    RUN_OPTIONS};

const cli_command cli_run = {
    .name = "run",
    .operand = "DIR",
    .doc = "runs an ensemble and prints its headline numbers",
    .example = "paso run us-mexico --policy more-judges --members 500 --out results.db",
    .option = run_options,
    .n_options = CLI_COUNT_OF(run_options),
    .run = run_levels,
};

const cli_command cli_compare = {
    .name = "compare",
    .operand = "DIR",
    .doc = "prints what each policy changes against the first one, in pairs",
    .example = "paso compare us-mexico --policy as-happened --policy more-judges",
    .option = compare_options,
    .n_options = CLI_COUNT_OF(compare_options),
    .run = run_pairs,
};
