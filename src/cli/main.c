/* paso: finds the command, parses its options, runs it, and turns its status into an exit code:
 * 0 ok, 1 model failed a check, 2 usage, 3 bad input, 4 I/O, 5 interrupted with results kept. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

static const cli_command *const commands[] = {
    &cli_demo,   &cli_init,  &cli_check,  &cli_explain,  &cli_run,  &cli_compare, &cli_report,
    &cli_export, &cli_trace, &cli_filter, &cli_describe, &cli_flee, &cli_site,    &cli_serve};
static const char *const later[] = {"fit", "forecast", "score"};

static int exit_code(paso_status status) {
    switch (status) {
    case PASO_OK:
        return 0;
    case PASO_STOPPED:
        return 5;
    case PASO_ERR_MODEL:
        return 1;
    case PASO_ERR_USAGE:
        return 2;
    case PASO_ERR_INPUT:
        return 3;
    case PASO_ERR_IO:
    case PASO_ERR_MEMORY:
        return 4;
    }
    return 4;
}

static void print_version(FILE *out) {
    fprintf(out, "paso %s%s%s\n", PASO_VERSION, PASO_GIT[0] ? " " : "", PASO_GIT);
}

/* What `paso` alone says: at most twelve lines, the next step among them. */
static void print_short(FILE *out) {
    fprintf(out,
            "paso %s: a policy laboratory for migration corridors\n\n"
            "  paso demo             run a shipped corridor and see a report: start here\n"
            "  paso init DIR         a small corridor of your own, to change\n"
            "  paso check DIR        find the mistakes in a corridor\n"
            "  paso explain DIR      what a corridor contains\n"
            "  paso run DIR          an ensemble under one policy or several\n"
            "  paso compare DIR -p A -p B      what a policy changes, in pairs\n"
            "  paso report RESULTS.db          one HTML page about a run\n"
            "  paso export RESULTS.db          the same as a table\n\n"
            "Each has --help; paso --help lists all.\n",
            PASO_VERSION);
}

static void print_help(FILE *out) {
    fputs("paso COMMAND [options]\n\n", out);
    for (size_t i = 0; i < CLI_COUNT_OF(commands); i++) {
        const cli_command *command = commands[i];
        char name[48];
        snprintf(name, sizeof name, "%s %s", command->name,
                 command->operand ? command->operand : "");
        fprintf(out, "  %-20s %s\n", name, command->doc);
    }
    fputs("\n  paso COMMAND --help  the options of a command\n"
          "  paso --version       version and commit\n\n"
          "stdout is data, stderr is talk. Exit codes: 0 ok, 1 the model failed a check, 2 usage,\n"
          "3 bad input, 4 input or output, 5 interrupted with partial results kept.\n"
          "PASO_CORRIDORS: folder of corridors that may be given by name.\n",
          out);
}

static const cli_command *find_command(const char *name) {
    for (size_t i = 0; i < CLI_COUNT_OF(commands); i++) {
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    }
    return NULL;
}

static int unknown_command(const char *name) {
    const char *names[CLI_COUNT_OF(commands)];
    cli c = {0};
    for (size_t i = 0; i < CLI_COUNT_OF(later); i++) {
        if (strcmp(later[i], name) != 0) continue;
        return exit_code(cli_usage(&c, "paso --help lists what is there", "%s: not yet", name));
    }
    for (size_t i = 0; i < CLI_COUNT_OF(commands); i++) names[i] = commands[i]->name;
    return exit_code(cli_unknown(&c, "command", name, names, CLI_COUNT_OF(commands)));
}

static void keep_line(cli *c, int argc, char **argv) {
    size_t at = (size_t)snprintf(c->line, sizeof c->line, "paso");
    c->argc = argc;
    c->argv = argv;
    for (int i = 1; i < argc && at < sizeof c->line; i++) {
        const char *word = cli_quote(c->diags.arena, argv[i]);
        at += (size_t)snprintf(c->line + at, sizeof c->line - at, " %s", word ? word : "?");
    }
}

static int run_command(const cli_command *command, int argc, char **argv) {
    cli c = {.command = command->name};
    if (paso_diags_init(&c.diags) != 0) return 4;
    keep_line(&c, argc, argv);
    paso_status status = cli_parse(&c, command, argc - 2, argv + 2);
    if (status == PASO_OK && c.args.help) {
        cli_help(command, stdout);
    } else if (status == PASO_OK) {
        status = command->run(&c);
    }
    if (status == PASO_ERR_MEMORY) fprintf(stderr, "paso %s: no memory\n", command->name);
    paso_status written = cli_flush(&c);
    paso_diags_clear(&c.diags);
    return exit_code(status == PASO_OK ? written : status);
}

int main(int argc, char **argv) {
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is told like a full disk */
    if (argc < 2) {
        print_short(stdout);
        return 0;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        print_version(stdout);
        return 0;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    const cli_command *command = find_command(word);
    return command ? run_command(command, argc, argv) : unknown_command(word);
}
