/* paso filter: the course of a latent signal that the record speaks for, as a table that a corridor
 * may give to the signal's `known`. The table on stdout, how well it follows on stderr. */
#include "infer/filter.h"

#include <math.h>
#include <string.h>

#include "base/calendar.h"
#include "cli/session.h"

enum { MOST_LAG = 12, MOST_ROUNDS = 100, MOST_PARTICLES = 65536 };

static void print_course(const paso_course *course, const paso_set *set) {
    char day[16];
    printf("date,%s,value\n", set->item.name);
    for (int k = 0; k < course->n_months; k++) {
        paso_date_write(course->first_day[k], day);
        day[7] = '\0';
        for (int i = 0; i < course->n_members; i++)
            printf("%s,%s,%.6g\n", day, set->member[i], course->mean[k * course->n_members + i]);
    }
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

static bool judges_exist(const cli_session *s, int signal) {
    const char *names[CLI_MAX_LIST];
    int set = s->model->signal[signal].item.shape.set[0];
    size_t n = 0;
    for (int i = 0; i < s->model->n_observables && n < CLI_MAX_LIST; i++)
        if (paso_judge_fits(&s->model->observable[i], set))
            names[n++] = s->model->observable[i].item.name;
    for (size_t i = 0; i < s->c->args.by.n; i++) {
        size_t k = 0;
        while (k < n && strcmp(names[k], s->c->args.by.item[i]) != 0) k++;
        if (k < n) continue;
        cli_unknown(s->c, "observable to judge by", s->c->args.by.item[i], names, n);
        return false;
    }
    return true;
}

/* Misses of one member (or of all their totals, -1) over its record, in per cent. */
static double miss_of(const paso_course *c, int member) {
    double miss = 0, seen = 0;
    for (int k = 0; k < c->n_months; k++) {
        double month = 0;
        for (int i = 0; i < c->n_members; i++) {
            int at = k * c->n_members + i;
            if ((member >= 0 && i != member) || isnan(c->seen[at])) continue;
            month += c->drawn[at] - c->seen[at];
            seen += c->seen[at];
        }
        miss += fabs(month);
    }
    return seen > 0 ? 100 * miss / seen : 0;
}

static void say_how_well(const cli_session *s, const paso_course *c, const paso_set *set) {
    double least = INFINITY;
    for (int i = 0; i < c->n_months * c->n_members; i++) least = fmin(least, c->effective[i]);
    cli_say(s->c, "%d months; misses over record: totals %.1f %%", c->n_months, miss_of(c, -1));
    for (int i = 0; i < c->n_members; i++)
        cli_say(s->c, ", %s %.0f", set->member[i], miss_of(c, i));
    if (isfinite(least)) cli_say(s->c, "; fewest particles with weight %.0f", least);
    cli_say(s->c, "\n");
}

static paso_status find_course(cli_session *s, const paso_filter_plan *plan, paso_course *course) {
    paso_fault fault = {0};
    paso_status status = PASO_OK;
    const char *name = s->model->signal[plan->signal].item.name;
    if (s->c->args.around) {
        status = paso_course_known(plan, course);
        if (status == PASO_ERR_USAGE)
            return cli_usage(s->c, "without --around the course is sought from nothing",
                             "--around: %s has no `known` series of whole months", name);
    } else {
        status = paso_filter_run(plan, course, &fault);
    }
    if (!status && (s->c->args.rounds > 0 || s->c->args.around)) {
        status = paso_filter_refine(plan, (int)s->c->args.rounds, course, &fault);
        if (status == PASO_ERR_USAGE)
            return cli_usage(s->c, "give the signal `known: ...` with a monthly series",
                             "--rounds: %s has no `known` to put a course into", name);
    }
    if (status == PASO_ERR_MODEL) cli_session_fault(s, &fault);
    return status;
}

static paso_status filter_plan(cli_session *s, const paso_filter_plan *plan) {
    const paso_signal *signal = &s->model->signal[plan->signal];
    paso_course *course = NULL;
    paso_status status = paso_course_create(plan, &course);
    if (status == PASO_ERR_USAGE)
        return cli_usage(s->c,
                         "an observable taken as a monthly sum, with data and noise, over its set",
                         "nothing to judge %s by", signal->item.name);
    const paso_set *set = &s->model->set[signal->item.shape.set[0]];
    if (!status) status = find_course(s, plan, course);
    if (!status) {
        print_course(course, set);
        say_how_well(s, course, set);
    }
    paso_course_free(course);
    return status ? status : cli_flush(s->c);
}

static paso_status filter_session(cli_session *s) {
    const cli_args *args = &s->c->args;
    paso_filter_plan plan = {.model = s->model,
                             .program = s->run.program[0],
                             .schedule = s->run.schedule[0],
                             .signal = latent_signal(s),
                             .by = args->by.item,
                             .n_by = args->by.n,
                             .seed = args->seed,
                             .particles = (uint32_t)args->members,
                             .lag = (int)args->lag,
                             .threads = (int)args->threads,
                             .until = args->until};
    if (plan.signal < 0 || !judges_exist(s, plan.signal)) return PASO_ERR_USAGE;
    if (plan.until == CLI_NO_DAY) plan.until = s->model->clock_now;
    return filter_plan(s, &plan);
}

static paso_status check_numbers(cli *c) {
    if (c->args.policy.n > 1) return cli_usage(c, NULL, "--policy: expected one");
    if (c->args.lag > MOST_LAG) return cli_usage(c, NULL, "--lag: expected 0 to %d", MOST_LAG);
    if (c->args.rounds > MOST_ROUNDS)
        return cli_usage(c, NULL, "--rounds: expected 0 to %d", MOST_ROUNDS);
    if (c->args.members == 0 || c->args.members > MOST_PARTICLES)
        return cli_usage(c, NULL, "--particles: expected 1 to %d", MOST_PARTICLES);
    return PASO_OK;
}

static paso_status filter_corridor(cli *c) {
    cli_session s = {0};
    paso_status status = check_numbers(c);
    if (status == PASO_OK) status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK) status = cli_session_compile(&s);
    if (status == PASO_OK) status = filter_session(&s);
    cli_session_close(&s);
    return status;
}

static const cli_option filter_options[] = {
    {"signal", 0, CLI_TEXT, "NAME", NULL, "signal with a shock over one set; else the first",
     CLI_OPTION(signal)},
    {"by", 0, CLI_LIST, "NAME", "all that are fitted",
     "observable that judges; repeat it; misses are told of the first", CLI_OPTION(by)},
    CLI_POLICY,
    {"particles", 'n', CLI_COUNT, "N", "256", "lanes that are judged; pairs of a round",
     CLI_OPTION(members)},
    {"lag", 0, CLI_COUNT, "MONTHS", "3", "months after it that judge a month, 0 to 12",
     CLI_OPTION(lag)},
    {"rounds", 0, CLI_COUNT, "N", "0", "then move the course N times, to the record's middle",
     CLI_OPTION(rounds)},
    {"around", 0, CLI_FLAG, NULL, NULL, "rounds begin at the signal's `known`; no particles",
     CLI_OPTION(around)},
    CLI_SEED,
    {"until", 0, CLI_DAY, "DATE", "the corridor's now", "last month's end", CLI_OPTION(until)},
    CLI_SET,
    CLI_WITHOUT,
    CLI_THREADS,
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_filter = {
    .name = "filter",
    .operand = "DIR",
    .doc = "prints the course of a latent signal that the record speaks for, month by month",
    .example = "paso filter mine --signal wave --rounds 4 > wave.csv",
    .option = filter_options,
    .n_options = CLI_COUNT_OF(filter_options),
    .run = filter_corridor,
};
