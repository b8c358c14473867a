/* paso check: every mistake of a corridor with its place, or one line that says what it has.
 * With --program it also writes the compiled program, which a second engine can run. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "cli/session.h"
#include "program/compile.h"

static int n_exits(const paso_model *m) {
    int n = 0;
    for (int i = 0; i < m->n_stages; i++) n += m->stage[i].n_exits;
    return n;
}

static void print_counts(const paso_model *m, bool json) {
    if (json) {
        json_t *counts = json_pack(
            "{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "severity", "ok", "corridor",
            m->name, "hash", m->hash, "stages", m->n_stages, "exits", n_exits(m), "signals",
            m->n_signals, "levers", m->n_levers, "parameters", m->n_parameters, "series", m->n_data,
            "policies", m->n_policies, "observables", m->n_observables);
        json_dumpf(counts, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(counts);
        return;
    }
    printf("ok: %s: %d stages, %d exits, %d signals, %d levers, %d parameters, %d series, "
           "%d policies, %d observables\n",
           m->name, m->n_stages, n_exits(m), m->n_signals, m->n_levers, m->n_parameters, m->n_data,
           m->n_policies, m->n_observables);
}

/* Compiles every policy, since that too may find a mistake. */
static paso_status compile_all(cli_session *s) {
    cli_list *list = &s->c->args.policy;
    for (int i = 0; list->n == 0 && i < s->model->n_policies && i < CLI_MAX_LIST; i++) {
        list->item[i] = s->model->policy[i].item.name;
    }
    if (list->n == 0) list->n = (size_t)s->model->n_policies;
    if (list->n > CLI_MAX_LIST) list->n = CLI_MAX_LIST;
    return cli_session_compile(s);
}

static paso_status save_program(cli_session *s) {
    const char *file = s->c->args.program;
    paso_diags own; /* the corridor's have been printed */
    if (paso_diags_init(&own) != 0) return PASO_ERR_MEMORY;
    paso_status status =
        paso_program_save(s->run.program[0], s->run.schedule[0], file, s->c->args.force, &own);
    paso_diags_print(&own, stderr, false);
    paso_diags_clear(&own);
    if (status == PASO_OK) cli_say(s->c, "wrote %s (policy %s)\n", file, s->run.stack[0].name);
    return status;
}

static paso_status check_corridor(cli *c) {
    cli_session s = {.c = c};
    const char *path = cli_corridor(c, c->args.place);
    if (!path) return PASO_ERR_INPUT;
    paso_status status = paso_model_read(path, &c->diags, &s.model);
    paso_diags_print(&c->diags, c->args.json ? stdout : stderr, c->args.json);
    if (status == PASO_OK) status = c->args.program ? cli_session_compile(&s) : compile_all(&s);
    if (status == PASO_OK && c->args.program) status = save_program(&s);
    if (status == PASO_OK) print_counts(s.model, c->args.json);
    if (status == PASO_ERR_INPUT && !c->args.quiet && !c->args.json) {
        fprintf(stderr, "%zu mistake%s\n", c->diags.n_errors, c->diags.n_errors == 1 ? "" : "s");
    }
    cli_session_close(&s);
    return status;
}

static const cli_option check_options[] = {
    {"program", 0, CLI_TEXT, "FILE", NULL, "write the compiled program", CLI_OPTION(program)},
    {"policy", 'p', CLI_LIST, "P", "every policy", "policy to compile; the first is written",
     CLI_OPTION(policy)},
    CLI_SET,
    CLI_WITHOUT,
    CLI_FORCE,
    {"json", 0, CLI_FLAG, NULL, NULL, "one JSON object a line, on stdout", CLI_OPTION(json)},
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_check = {
    .name = "check",
    .operand = "DIR",
    .doc = "reports every mistake with file, line, column and a hint",
    .example = "paso check us-mexico",
    .option = check_options,
    .n_options = CLI_COUNT_OF(check_options),
    .run = check_corridor,
};
