/* From a command's option table to its arguments and its help.
 * Options: --name VALUE, --name=VALUE, -n VALUE; -- ends them; one operand at most. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/cli.h"

static void *field_of(cli_args *args, const cli_option *option) {
    return (char *)args + option->offset;
}

/* ---- values ---- */

static paso_status take_count(const cli *c, const cli_option *option, const char *text,
                              uint64_t *count) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0) {
        return cli_usage(c, NULL, "--%s: expected a whole number, found \"%s\"", option->name,
                         text);
    }
    *count = value;
    return PASO_OK;
}

static paso_status take_day(const cli *c, const cli_option *option, const char *text, int *day) {
    if (paso_date_parse(text, day, NULL) == 0) return PASO_OK;
    return cli_usage(c, "write 2024-02-01, or 2024-02 for the first of a month",
                     "--%s: expected a date, found \"%s\"", option->name, text);
}

static paso_status take_item(const cli *c, const cli_option *option, const char *text,
                             cli_list *list) {
    if (list->n == CLI_MAX_LIST) {
        return cli_usage(c, NULL, "--%s: given more than %d times", option->name, CLI_MAX_LIST);
    }
    list->item[list->n++] = text;
    return PASO_OK;
}

static paso_status take_value(cli *c, const cli_option *option, const char *text) {
    void *field = field_of(&c->args, option);
    switch (option->type) {
    case CLI_FLAG:
        *(bool *)field = true;
        return PASO_OK;
    case CLI_TEXT:
        *(const char **)field = text;
        return PASO_OK;
    case CLI_COUNT:
        return take_count(c, option, text, field);
    case CLI_DAY:
        return take_day(c, option, text, field);
    case CLI_LIST:
        return take_item(c, option, text, field);
    }
    return PASO_ERR_USAGE;
}

/* Defaults that are words about the corridor ("18 months later") are worked out by the command. */
static paso_status take_defaults(cli *c, const cli_command *command) {
    c->args = (cli_args){.from = CLI_NO_DAY, .until = CLI_NO_DAY, .known_until = CLI_NO_DAY};
    for (size_t i = 0; i < command->n_options; i++) {
        const cli_option *option = &command->option[i];
        if (!option->fallback || (option->type != CLI_COUNT && option->type != CLI_TEXT)) continue;
        paso_status status = take_value(c, option, option->fallback);
        if (status != PASO_OK) return status;
    }
    return PASO_OK;
}

/* ---- words ---- */

static const cli_option *find_option(const cli_command *command, const char *name, size_t length) {
    for (size_t i = 0; i < command->n_options; i++) {
        const cli_option *option = &command->option[i];
        if (strlen(option->name) == length && strncmp(option->name, name, length) == 0) {
            return option;
        }
    }
    return NULL;
}

static const cli_option *find_letter(const cli_command *command, char letter) {
    for (size_t i = 0; i < command->n_options; i++) {
        if (command->option[i].letter == letter) return &command->option[i];
    }
    return NULL;
}

static paso_status unknown_option(const cli *c, const cli_command *command, const char *word) {
    const char *names[CLI_MAX_LIST];
    char plain[64], hint[128];
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    for (size_t i = 0; i < command->n_options; i++) names[i] = command->option[i].name;
    const char *nearest = paso_nearest(plain, names, command->n_options);
    if (nearest) {
        snprintf(hint, sizeof hint, "did you mean --%s?", nearest);
    } else {
        snprintf(hint, sizeof hint, "paso %s --help lists the options", command->name);
    }
    return cli_usage(c, hint, "no option %s", word);
}

/* One option at argv[*i]; its value may be the next word. */
static paso_status take_option(cli *c, const cli_command *command, int argc, char **argv, int *i) {
    const char *word = argv[*i], *value = NULL;
    const cli_option *option;
    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        option = find_option(command, word + 2, length);
        if (word[2 + length] == '=') value = word + 3 + length;
    } else {
        option = find_letter(command, word[1]);
        if (option && word[2] != '\0') value = word + 2;
    }
    if (!option) return unknown_option(c, command, word[1] == '-' ? word : argv[*i]);
    if (c->n_given < CLI_MAX_LIST) c->given[c->n_given++] = option;
    if (option->type == CLI_FLAG) {
        if (value) return cli_usage(c, NULL, "--%s takes no value", option->name);
        return take_value(c, option, NULL);
    }
    if (!value && *i + 1 < argc) value = argv[++*i];
    if (!value) return cli_usage(c, NULL, "--%s: expected %s", option->name, option->value);
    if (value[0] == '\0')
        return cli_usage(c, NULL, "--%s: expected %s, found an empty word", option->name,
                         option->value);
    return take_value(c, option, value);
}

static paso_status take_operand(cli *c, const cli_command *command, const char *word) {
    if (!command->operand) return cli_usage(c, NULL, "expected no operand, found \"%s\"", word);
    if (word[0] == '\0')
        return cli_usage(c, NULL, "expected %s, found an empty word", command->operand);
    if (c->args.place && !c->args.place2 && strchr(command->operand, ' ')) {
        c->args.place2 = word;
        return PASO_OK;
    }
    if (c->args.place) {
        return cli_usage(c, NULL, "expected one %s, found also \"%s\"", command->operand, word);
    }
    c->args.place = word;
    return PASO_OK;
}

paso_status cli_parse(cli *c, const cli_command *command, int argc, char **argv) {
    bool options = true;
    paso_status status = take_defaults(c, command);
    for (int i = 0; i < argc && status == PASO_OK; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            status = take_option(c, command, argc, argv, &i);
        } else {
            status = take_operand(c, command, argv[i]);
        }
    }
    bool needed = command->operand && command->operand[0] != '[';
    if (status != PASO_OK || c->args.help || !needed || c->args.place) return status;
    return cli_usage(c, command->example, "expected %s", command->operand);
}

bool cli_given(const cli *c, const char *name) {
    for (size_t i = 0; i < c->n_given; i++) {
        if (strcmp(c->given[i]->name, name) == 0) return true;
    }
    return false;
}

/* ---- help ---- */

static void write_name(const cli_option *o, char name[64]) {
    char letter[8] = "    ";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    snprintf(name, 64, "%s--%s%s%s", letter, o->name, o->value ? " " : "",
             o->value ? o->value : "");
}

/* One line for each option, which pages and completion are made from. */
void cli_help(const cli_command *command, FILE *out) {
    fprintf(out, "paso %s%s%s [options]\n  %s\n\n", command->name, command->operand ? " " : "",
            command->operand ? command->operand : "", command->doc);
    char name[64];
    int width = 0;
    for (size_t i = 0; i < command->n_options; i++) {
        write_name(&command->option[i], name);
        if ((int)strlen(name) > width) width = (int)strlen(name);
    }
    for (size_t i = 0; i < command->n_options; i++) {
        const cli_option *o = &command->option[i];
        write_name(o, name);
        fprintf(out, "  %-*s  %s", width, name, o->doc);
        if (o->fallback && o->fallback[0]) fprintf(out, " (default: %s)", o->fallback);
        fputc('\n', out);
    }
    fprintf(out, "\n  %s\n", command->example);
}
