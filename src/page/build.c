/* program.bin and state.bin: every policy compiled, policies that switch off the same sharing a
 * program, and members' states at the page's first day, once for each different history. */
#include <stdlib.h>
#include <string.h>

#include "ensemble/history.h"
#include "live/live.h"
#include "page/page_internal.h"

typedef struct builder {
    const paso_page_options *options;
    paso_session session;
    size_t n;                     /* policies; one without settings if the corridor has none */
    const paso_program **program; /* [n_programs] each once */
    size_t n_programs;
    paso_live_policy *policy; /* [n] */
    size_t *leader;           /* [n_slots] policies whose histories are run */
    size_t n_slots;
    int32_t from;
} builder;

/* ---- programs ---- */

paso_status paso_page_session(paso_model *model, const paso_page_options *options,
                              paso_diags *diags, paso_session *session) {
    paso_status status = paso_session_init(session, model);
    session->seed = options->seed;
    session->n_members = options->n_members;
    session->threads = options->threads;
    for (int i = 0; i < model->n_policies && !status; i++)
        status = paso_session_add_policy(session, model->policy[i].item.name, diags);
    return status ? status : paso_session_compile(session, diags);
}

size_t paso_page_program(const paso_session *s, size_t policy) {
    size_t n = 0, first = 0;
    while (s->program[first] != s->program[policy]) first++;
    for (size_t i = 0; i < first; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) again |= s->program[k] == s->program[i];
        n += !again;
    }
    return n;
}

static void list_programs(builder *b) {
    for (size_t i = 0; i < b->n; i++) {
        size_t program = paso_page_program(&b->session, i);
        if (program == b->n_programs) b->program[b->n_programs++] = b->session.program[i];
        b->policy[i] = (paso_live_policy){
            .program = (int32_t)program, .slot = -1, .schedule = b->session.schedule[i]};
    }
}

/* ---- members ---- */

static void find_slot(builder *b, size_t i) {
    const paso_session *s = &b->session;
    for (size_t k = 0; k < b->n_slots; k++) {
        size_t leader = b->leader[k];
        if (s->program[leader] != s->program[i]) continue;
        if (!paso_schedule_same_before(s->schedule[leader], s->schedule[i], b->from)) continue;
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
    const paso_session *s = &b->session;
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
                      .known_until = s->model->clock_now,
                      .threads = b->options->threads};
    paso_status status = program && schedule && name ? PASO_OK : PASO_ERR_MEMORY;
    for (size_t i = 0; i < b->n_slots && !status; i++) {
        program[i] = s->program[b->leader[i]];
        schedule[i] = s->schedule[b->leader[i]];
        name[i] = s->stack[b->leader[i]].name;
    }
    if (!status) status = paso_state_create(&plan, s->model->name, name, &state);
    plan.save = state;
    if (!status) status = paso_ensemble_run(&plan, &hooks, fault, &clipped);
    if (!status) status = paso_live_pack_state(s->model->hash, state, &page->state, &page->n_state);
    paso_state_free(state);
    free(program);
    free(schedule);
    free(name);
    return status;
}

static paso_status make_room(builder *b) {
    b->n = b->session.n_stacks;
    b->program = calloc(b->n, sizeof *b->program);
    b->policy = calloc(b->n, sizeof *b->policy);
    b->leader = calloc(b->n, sizeof *b->leader);
    return b->program && b->policy && b->leader ? PASO_OK : PASO_ERR_MEMORY;
}

static void clear(builder *b) {
    paso_session_clear(&b->session);
    free(b->program);
    free(b->policy);
    free(b->leader);
}

/* ---- all ---- */

paso_status paso_page_build(paso_model *model, const paso_page_options *options, paso_diags *diags,
                            paso_page *page, paso_fault *fault) {
    int32_t until;
    builder b = {.options = options};
    *page = (paso_page){0};
    paso_page_days(model, &b.from, &until);
    if (options->from != PASO_PAGE_NO_DAY) b.from = options->from;
    bool states = options->n_members > 0 && b.from > model->clock_start;
    paso_status status = paso_page_session(model, options, diags, &b.session);
    if (!status) status = make_room(&b);
    if (!status) list_programs(&b);
    for (size_t i = 0; i < b.n && !status && states; i++) find_slot(&b, i);
    if (!status)
        status = paso_live_pack(model->hash, b.program, b.n_programs, b.policy, b.n, &page->program,
                                &page->n_program);
    if (!status && states) status = run_leaders(&b, page, fault);
    if (!status) status = paso_page_write(&b.session, options, &page->corridor);
    if (!status) page->n_corridor = strlen(page->corridor);
    clear(&b);
    return status;
}

paso_status paso_page_corridor(paso_model *model, const paso_page_options *options,
                               paso_diags *diags, char **text) {
    paso_session s;
    paso_status status = paso_page_session(model, options, diags, &s);
    if (!status) status = paso_page_write(&s, options, text);
    paso_session_clear(&s);
    return status;
}

void paso_page_free(paso_page *page) {
    free(page->corridor);
    free(page->program);
    free(page->state);
    free(page->claims);
    *page = (paso_page){0};
}
