/* program.bin and state.bin: every policy compiled, policies that switch off the same sharing a
 * program, and members' states at the page's first day, once for each different history. */
#include <stdlib.h>
#include <string.h>

#include "ensemble/history.h"
#include "live/live.h"
#include "page/page.h"
#include "program/compile.h"

enum { MAX_WITHOUT = 64 };

typedef struct names {
    const char *name[MAX_WITHOUT];
    int n;
} names;

typedef struct builder {
    const paso_model *model;
    const paso_page_options *options;
    size_t n; /* policies; one without settings if the corridor has none */
    names *without;
    const paso_program **program; /* [n] may repeat the same pointer */
    paso_program **own;           /* [n_own] */
    size_t n_own;
    paso_schedule **schedule;
    paso_live_policy *policy;
    size_t *leader; /* [n_slots] policies whose histories are run */
    size_t n_slots;
    int32_t from;
    paso_diags *diags; /* or NULL */
} builder;

static void collect_without(const paso_model *m, int policy, names *list) {
    for (int p = policy; p >= 0; p = m->policy[p].base) {
        for (int i = 0; i < m->policy[p].n_without && list->n < MAX_WITHOUT; i++)
            list->name[list->n++] = m->policy[p].without[i];
    }
}

static bool holds(const names *list, const char *name) {
    for (int i = 0; i < list->n; i++)
        if (strcmp(list->name[i], name) == 0) return true;
    return false;
}

static bool same_names(const names *a, const names *b) {
    for (int i = 0; i < a->n; i++)
        if (!holds(b, a->name[i])) return false;
    for (int i = 0; i < b->n; i++)
        if (!holds(a, b->name[i])) return false;
    return true;
}

static paso_status compile_program(builder *b, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (!same_names(&b->without[i], &b->without[k])) continue;
        b->program[i] = b->program[k];
        b->policy[i].program = b->policy[k].program;
        return PASO_OK;
    }
    paso_compile_options options = {
        .without = b->without[i].name, .n_without = b->without[i].n, .diags = b->diags};
    paso_status status = paso_program_compile(b->model, &options, &b->own[b->n_own]);
    b->policy[i].program = (int32_t)b->n_own;
    b->program[i] = b->own[b->n_own];
    if (status == PASO_OK) b->n_own++;
    return status;
}

static paso_status compile_policy(builder *b, size_t i) {
    int policy = (int)i;
    int n = b->model->n_policies > 0;
    if (n) collect_without(b->model, policy, &b->without[i]);
    paso_status status = compile_program(b, i);
    if (status == PASO_OK)
        status =
            paso_schedule_compile(b->model, b->program[i], &policy, n, NULL, 0, &b->schedule[i]);
    b->policy[i].schedule = b->schedule[i];
    return status;
}

static void find_slot(builder *b, size_t i) {
    for (size_t k = 0; k < b->n_slots; k++) {
        size_t leader = b->leader[k];
        if (b->program[leader] != b->program[i]) continue;
        if (!paso_schedule_same_before(b->schedule[leader], b->schedule[i], b->from)) continue;
        b->policy[i].slot = (int32_t)k;
        return;
    }
    b->policy[i].slot = (int32_t)b->n_slots;
    b->leader[b->n_slots++] = i;
}

static paso_status drop_sample(void *context, size_t policy, uint32_t member, size_t observable,
                               const double *value, size_t n) {
    (void)context, (void)policy, (void)member, (void)observable, (void)value, (void)n;
    return PASO_OK;
}

static paso_status run_leaders(builder *b, paso_page *page, paso_fault *fault) {
    const paso_program **program = calloc(b->n_slots + 1, sizeof *program);
    const paso_schedule **schedule = calloc(b->n_slots + 1, sizeof *schedule);
    const char **name = calloc(b->n_slots + 1, sizeof *name);
    struct paso_state *state = NULL;
    uint64_t clipped = 0;
    paso_ensemble_hooks hooks = {
        .sink = drop_sample, .context = b->options->context, .stop = b->options->stop};
    paso_plan plan = {.program = program,
                      .schedule = schedule,
                      .n_policies = b->n_slots,
                      .seed = b->options->seed,
                      .n_members = b->options->n_members,
                      .from = b->from - 1,
                      .until = b->from,
                      .known_until = b->model->clock_now,
                      .threads = b->options->threads};
    paso_status status = program && schedule && name ? PASO_OK : PASO_ERR_MEMORY;
    for (size_t i = 0; i < b->n_slots && !status; i++) {
        program[i] = b->program[b->leader[i]];
        schedule[i] = b->schedule[b->leader[i]];
        name[i] = b->model->n_policies > 0 ? b->model->policy[b->leader[i]].item.name : "levers";
    }
    if (!status) status = paso_state_create(&plan, b->model->name, name, &state);
    plan.save = state;
    if (!status) status = paso_ensemble_run(&plan, &hooks, fault, &clipped);
    if (!status) status = paso_live_pack_state(state, &page->state, &page->n_state);
    paso_state_free(state);
    free(program);
    free(schedule);
    free(name);
    return status;
}

static paso_status make_room(builder *b) {
    b->without = calloc(b->n, sizeof *b->without);
    b->program = calloc(b->n, sizeof *b->program);
    b->own = calloc(b->n, sizeof *b->own);
    b->schedule = calloc(b->n, sizeof *b->schedule);
    b->policy = calloc(b->n, sizeof *b->policy);
    b->leader = calloc(b->n, sizeof *b->leader);
    bool good = b->without && b->program && b->own && b->schedule && b->policy && b->leader;
    return good ? PASO_OK : PASO_ERR_MEMORY;
}

static void clear(builder *b) {
    for (size_t i = 0; i < b->n_own; i++) paso_program_free(b->own[i]);
    for (size_t i = 0; b->schedule && i < b->n; i++) paso_schedule_free(b->schedule[i]);
    free(b->without);
    free(b->program);
    free(b->own);
    free(b->schedule);
    free(b->policy);
    free(b->leader);
}

paso_status paso_page_build(const paso_model *model, const paso_page_options *options,
                            paso_page *page, paso_fault *fault) {
    int32_t until;
    builder b = {.model = model, .options = options};
    b.n = model->n_policies > 0 ? (size_t)model->n_policies : 1;
    *page = (paso_page){0};
    paso_page_days(model, &b.from, &until);
    if (options->from != PASO_PAGE_NO_DAY) b.from = options->from;
    bool states = options->n_members > 0 && b.from > model->clock_start;
    paso_status status = make_room(&b);
    for (size_t i = 0; i < b.n && !status; i++) status = compile_policy(&b, i);
    for (size_t i = 0; i < b.n && !status; i++) {
        b.policy[i].slot = -1;
        if (states) find_slot(&b, i);
    }
    if (!status)
        status = paso_live_pack((const paso_program *const *)b.own, b.n_own, b.policy, b.n,
                                &page->program, &page->n_program);
    if (!status && states) status = run_leaders(&b, page, fault);
    if (!status) status = paso_page_corridor(model, options, &page->corridor);
    if (!status) page->n_corridor = strlen(page->corridor);
    clear(&b);
    return status;
}

paso_status paso_page_check(const paso_model *model, paso_diags *diags) {
    builder b = {.model = model, .diags = diags};
    b.n = model->n_policies > 0 ? (size_t)model->n_policies : 1;
    paso_status status = make_room(&b), worst = PASO_OK;
    for (size_t i = 0; i < b.n && !status; i++) {
        int policy = (int)i;
        status = compile_policy(&b, i);
        if (status || model->n_policies == 0) continue;
        paso_status one =
            paso_schedule_bounds(model, b.program[i], b.schedule[i], &policy, 1, diags);
        *(one == PASO_ERR_INPUT ? &worst : &status) = one;
    }
    clear(&b);
    return status ? status : worst;
}

void paso_page_free(paso_page *page) {
    free(page->corridor);
    free(page->program);
    free(page->state);
    *page = (paso_page){0};
}
