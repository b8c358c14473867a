/* paso trace: what single members do day by day, to the last bit: observables at each close, or
 * with --rows levers, signals, stages and exits. tests/reference.py prints the same lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session.h"

/* The text of Python's float.hex(). */
static void write_hex(double value, char text[40]) {
    if (isnan(value)) {
        snprintf(text, 40, "nan");
    } else if (value == 0) {
        snprintf(text, 40, signbit(value) ? "-0x0.0p+0" : "0x0.0p+0");
    } else {
        snprintf(text, 40, "%.13a", value);
    }
}

typedef struct tracer {
    const paso_program *program;
    paso_engine *engine;
    char day[16];
    uint32_t member;
} tracer;

static void print_values(const tracer *t, const char *name, const double *value, int32_t n) {
    char text[40];
    for (int32_t i = 0; i < n; i++) {
        write_hex(value[i], text);
        printf("%s %u %s %d %s\n", t->day, t->member, name, (int)i, text);
    }
}

static void print_rows(const tracer *t, int32_t name, int32_t row, int32_t n) {
    print_values(t, paso_program_name(t->program, name), paso_engine_row(t->engine, row), n);
}

static void print_stage(const tracer *t, const paso_prog_stage *stage) {
    print_rows(t, stage->name, stage->junction ? stage->inbox : stage->total, stage->n_cells);
    for (int32_t i = 0; i < stage->n_exits; i++) {
        const paso_prog_exit *exit = &t->program->exit.items[stage->first_exit + i];
        print_rows(t, exit->name, exit->flow, stage->n_cells);
    }
}

static void print_all_rows(const tracer *t) {
    const paso_program *p = t->program;
    for (size_t i = 0; i < p->lever.n; i++) {
        print_rows(t, p->lever.items[i].name, p->lever.items[i].row, p->lever.items[i].n);
    }
    for (size_t i = 0; i < p->signal.n; i++) {
        print_rows(t, p->signal.items[i].name, p->signal.items[i].row, p->signal.items[i].n);
    }
    for (size_t i = 0; i < p->stage.n; i++) print_stage(t, &p->stage.items[i]);
}

static void print_observables(const tracer *t) {
    for (size_t o = 0; o < t->program->observable.n; o++) {
        const paso_prog_observable *observable = &t->program->observable.items[o];
        print_values(t, paso_program_name(t->program, observable->name),
                     paso_engine_observe(t->engine, o), observable->n);
    }
}

/* Days before --from are run, because a history is needed, but not printed. */
static paso_status trace_member(cli_session *s, tracer *t) {
    const paso_plan *plan = &s->run.plan;
    paso_status status =
        paso_engine_start(t->engine, plan->seed, &t->member, t->program->start, plan->known_until);
    while (status == PASO_OK && paso_engine_today(t->engine) < plan->until) {
        int32_t day = paso_engine_today(t->engine);
        status = paso_engine_day(t->engine);
        if (status != PASO_OK || day < plan->from) continue;
        paso_date_write(day, t->day);
        if (s->c->args.rows) {
            print_all_rows(t);
        } else {
            print_observables(t);
        }
    }
    if (status == PASO_ERR_MODEL) cli_session_fault(s, paso_engine_fault(t->engine));
    return status;
}

/* "A:B", B not included, or one number. */
static paso_status take_range(const cli *c, uint32_t *first, uint32_t *end) {
    char *rest;
    unsigned long a = strtoul(c->args.range, &rest, 10), b = a + 1;
    if (*rest == ':') b = strtoul(rest + 1, &rest, 10);
    if (*rest != '\0' || b <= a || b > UINT32_MAX || c->args.range[0] == '-') {
        return cli_usage(c, "write 0:5 for members 0 to 4", "--members: expected A:B, found \"%s\"",
                         c->args.range);
    }
    *first = (uint32_t)a;
    *end = (uint32_t)b;
    return PASO_OK;
}

static paso_status trace_members(cli_session *s, uint32_t first, uint32_t end) {
    tracer t = {.program = s->run.program[0],
                .engine = paso_engine_create(s->run.program[0], s->run.schedule[0], 1)};
    if (!t.engine) return PASO_ERR_MEMORY;
    paso_engine_strict(t.engine, s->run.plan.strict);
    paso_engine_quick(t.engine, s->run.plan.quick);
    paso_status status = PASO_OK;
    for (t.member = first; t.member < end && status == PASO_OK; t.member++) {
        status = trace_member(s, &t);
    }
    paso_engine_free(t.engine);
    return status;
}

static paso_status trace_corridor(cli *c) {
    cli_session s = {0};
    uint32_t first = 0, end = 0;
    c->args.members = 1;
    paso_status status = take_range(c, &first, &end);
    if (status == PASO_OK && c->args.policy.n > 1) {
        status = cli_usage(c, NULL, "--policy: expected one");
    }
    if (status == PASO_OK) status = cli_session_read(&s, c, c->args.place);
    if (status == PASO_OK && c->args.from == CLI_NO_DAY) c->args.from = s.model->clock_start;
    if (status == PASO_OK && c->args.until == CLI_NO_DAY) c->args.until = s.model->clock_end;
    if (status == PASO_OK) status = cli_session_compile(&s);
    if (status == PASO_OK) status = cli_session_plan(&s);
    if (c->args.quick) first = 0, end = 1;
    if (status == PASO_OK) status = trace_members(&s, first, end);
    cli_session_close(&s);
    return status;
}

static const cli_option trace_options[] = {
    CLI_POLICY,
    {"members", 'n', CLI_TEXT, "A:B", "0:1", "which members, B not included", CLI_OPTION(range)},
    CLI_SEED,
    {"from", 0, CLI_DAY, "DATE", "the clock's start", "first printed day", CLI_OPTION(from)},
    {"until", 0, CLI_DAY, "DATE", "the clock's end", "day after the last one", CLI_OPTION(until)},
    {"rows", 0, CLI_FLAG, NULL, NULL, "levers, signals, stages and exits, not observables",
     CLI_OPTION(rows)},
    CLI_SET,
    CLI_WITHOUT,
    CLI_KNOWN,
    CLI_STRICT,
    CLI_QUICK,
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_trace = {
    .name = "trace",
    .operand = "DIR",
    .doc = "prints single members day by day: day member name cell value (hexadecimal floats)",
    .example = "paso trace us-mexico --members 0:1 --from 2023-12-01 --until 2023-12-08",
    .option = trace_options,
    .n_options = CLI_COUNT_OF(trace_options),
    .run = trace_corridor,
};
