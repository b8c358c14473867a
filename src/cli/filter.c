/* paso filter: the course of a latent signal that the record speaks for, as a table that a corridor
 * may give to the signal's `known`. The table on stdout, how well it follows on stderr. */
#include "infer/filter.h"

#include <math.h>
#include <string.h>

#include "cli/session.h"

typedef struct listing {
    const cli_session *session;
    const paso_set *set;
    double worst, least; /* largest relative miss of a month, fewest particles with weight */
    int n_months;
} listing;

static paso_status print_month(void *context, const paso_filter_month *month) {
    listing *list = context;
    char day[16];
    paso_date_write(month->first_day, day);
    day[7] = '\0';
    for (int i = 0; i < list->set->n_members; i++) {
        printf("%s,%s,%.6g\n", day, list->set->member[i], month->mean[i]);
        if (isnan(month->seen[i]) || month->seen[i] < 1) continue;
        list->worst = fmax(list->worst, fabs(month->drawn[i] / month->seen[i] - 1));
        list->least = fmin(list->least, month->effective[i]);
    }
    list->n_months++;
    return PASO_OK;
}

static int latent_signal(const cli_session *s) {
    const char *names[CLI_MAX_LIST];
    size_t n = 0;
    for (int i = 0; i < s->model->n_signals; i++) {
        const paso_signal *signal = &s->model->signal[i];
        if (!signal->shock || signal->item.shape.n != 1) continue;
        if (!s->c->args.signal || strcmp(signal->item.name, s->c->args.signal) == 0) return i;
        if (n < CLI_MAX_LIST) names[n++] = signal->item.name;
    }
    if (s->c->args.signal) {
        cli_unknown(s->c, "latent signal over one set", s->c->args.signal, names, n);
    } else {
        cli_usage(s->c, NULL, "the corridor has no signal with a shock over one set");
    }
    return -1;
}

static void say_how_well(const listing *list) {
    cli_say(list->session->c,
            "%d months; worst month of a series %.0f %% off; fewest particles with weight %.0f\n",
            list->n_months, 100 * list->worst, list->least);
}

static paso_status filter_session(cli_session *s) {
    paso_fault fault;
    listing list = {.session = s, .least = INFINITY};
    paso_filter_plan plan = {.model = s->model,
                             .program = s->program[0],
                             .schedule = s->schedule[0],
                             .signal = latent_signal(s),
                             .seed = s->c->args.seed,
                             .particles = (uint32_t)s->c->args.members,
                             .until = s->c->args.until};
    if (plan.signal < 0) return PASO_ERR_USAGE;
    if (plan.until == CLI_NO_DAY) plan.until = s->model->clock_now;
    list.set = &s->model->set[s->model->signal[plan.signal].item.shape.set[0]];
    printf("date,%s,value\n", list.set->item.name);
    paso_status status = paso_filter_run(&plan, print_month, &list, &fault);
    if (status == PASO_ERR_MODEL) cli_session_fault(s, &fault);
    if (status == PASO_ERR_USAGE)
        cli_usage(s->c,
                  "an observable taken as a monthly sum, with data and noise, over the same set",
                  "nothing to judge %s by", s->model->signal[plan.signal].item.name);
    if (status == PASO_OK) say_how_well(&list);
    return status ? status : cli_flush(s->c);
}

static paso_status filter_corridor(cli *c) {
    cli_session s = {0};
    paso_status status = PASO_OK;
    if (c->args.policy.n > 1) status = cli_usage(c, NULL, "--policy: expected one");
    if (status == PASO_OK) status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK) status = cli_session_compile(&s);
    if (status == PASO_OK) status = filter_session(&s);
    cli_session_close(&s);
    return status;
}

static const cli_option filter_options[] = {
    {"signal", 0, CLI_TEXT, "NAME", NULL, "signal with a shock over one set; else the first",
     CLI_OPTION(signal)},
    CLI_POLICY,
    {"particles", 'n', CLI_COUNT, "N", "256", "lanes that are judged", CLI_OPTION(members)},
    CLI_SEED,
    {"until", 0, CLI_DAY, "DATE", "the corridor's now", "last month's end", CLI_OPTION(until)},
    CLI_SET,
    CLI_WITHOUT,
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_filter = {
    .name = "filter",
    .operand = "DIR",
    .doc = "prints the course of a latent signal that the record speaks for, month by month",
    .example = "paso filter mine --signal wave > mine/series/wave.csv",
    .option = filter_options,
    .n_options = CLI_COUNT_OF(filter_options),
    .run = filter_corridor,
};
