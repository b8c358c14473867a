/* Policies from bytes, steps on top, and runs of a few members through the same ensemble code as
 * the command's, so that the numbers are the same to the bit. */
#include "live/live.h"

#include <stdlib.h>
#include <string.h>

#include "ensemble/history.h"
#include "live/live_internal.h"
#include "live/timeline.h"

enum { MAX_PARTS = 4096 };

typedef struct collector {
    const paso_live *live;
    uint32_t first;
    size_t n_values;
    double *out;
} collector;

typedef struct policy {
    int32_t program, slot;
    paso_schedule *schedule;
} policy;

/* A run, and what it looks at. */
typedef struct running {
    paso_walk *walk; /* NULL: none */
    paso_plan plan;
    paso_ensemble_hooks hooks;
    collector collector;
    const paso_program *program;
    const paso_schedule *schedule;
    size_t slot;
} running;

/* The last run whose members are kept, with a schedule of its own, for the next one of them. */
typedef struct kept {
    running run;
    paso_schedule *schedule; /* the live's own where that one is still planned */
    paso_luck *luck;         /* NULL without memory: slower */
    size_t bytes;
} kept;

struct paso_live {
    uint8_t name[PASO_LIVE_NAME]; /* of the corridor */
    paso_program **program;
    policy *policy;
    size_t n_programs, n_policies;
    paso_state *state; /* NULL: none */
    size_t chosen;     /* policy */
    PASO_LIST_OF(paso_step) step;
    paso_schedule *schedule; /* with the steps */
    paso_grid *grid;
    int32_t from, until, known_until;
    paso_fault fault;
    running plain, *now; /* now: the one that is under way, or NULL */
    kept kept;
};

void *paso_live_allocate(size_t size) {
    return malloc(size ? size : 1);
}

void paso_live_release(void *bytes) {
    free(bytes);
}

/* ---- opening ---- */

static void state_free(paso_state *s) {
    for (size_t i = 0; s && i < s->n_policies; i++) free(s->policy[i].value);
    if (s) free(s->policy);
    free(s);
}

static void end_plain(paso_live *l) {
    paso_walk_end(l->plain.walk);
    l->plain.walk = NULL;
}

static void end_kept(paso_live *l) {
    kept *k = &l->kept;
    paso_walk_end(k->run.walk);
    paso_luck_free(k->luck);
    if (k->schedule != l->schedule) paso_schedule_free(k->schedule);
    *k = (kept){.bytes = k->bytes};
}

void paso_live_stop(paso_live *l) {
    l->now = NULL;
    end_plain(l);
}

void paso_live_keep(paso_live *l, size_t bytes) {
    l->kept.bytes = bytes;
}

static void forget_plan(paso_live *l) {
    paso_live_stop(l);
    if (l->schedule != l->kept.schedule) paso_schedule_free(l->schedule);
    paso_grid_free(l->grid);
    l->schedule = NULL;
    l->grid = NULL;
}

void paso_live_close(paso_live *l) {
    if (!l) return;
    forget_plan(l);
    end_kept(l);
    for (size_t i = 0; l->program && i < l->n_programs; i++) paso_program_free(l->program[i]);
    for (size_t i = 0; l->policy && i < l->n_policies; i++)
        paso_schedule_free(l->policy[i].schedule);
    free(l->program);
    free(l->policy);
    free(l->step.items);
    state_free(l->state);
    free(l);
}

static const uint8_t *take_packed(paso_live_bytes *b, size_t *size) {
    int32_t n, zero;
    paso_live_words(b, &n, &zero);
    if (n < 0) b->failed = true;
    *size = (size_t)n;
    return b->failed ? NULL : paso_live_take(b, *size);
}

static bool take_program(paso_live_bytes *b, paso_program **program) {
    size_t n;
    const uint8_t *at = take_packed(b, &n);
    paso_schedule *unused = NULL;
    paso_status status = at ? paso_program_unpack(at, n, program, &unused) : PASO_ERR_INPUT;
    paso_schedule_free(unused);
    return status == PASO_OK;
}

static bool take_policy(paso_live_bytes *b, paso_live *l, policy *p) {
    size_t n;
    paso_live_words(b, &p->program, &p->slot);
    const uint8_t *at = take_packed(b, &n);
    if (!at || p->program < 0 || (size_t)p->program >= l->n_programs) return false;
    return paso_schedule_unpack(l->program[p->program], at, n, &p->schedule) == PASO_OK;
}

/* The name behind the magic, or NULL. */
static const uint8_t *take_name(paso_live_bytes *b, const char *magic) {
    const uint8_t *at = paso_live_take(b, 8);
    return at && memcmp(at, magic, 8) == 0 ? paso_live_take(b, PASO_LIVE_NAME) : NULL;
}

static bool take_all(paso_live_bytes *b, paso_live *l) {
    int32_t n_programs, n_policies;
    const uint8_t *name = take_name(b, PASO_LIVE_MAGIC);
    if (!name) return false;
    memcpy(l->name, name, sizeof l->name);
    paso_live_words(b, &n_programs, &n_policies);
    if (n_programs < 1 || n_programs > MAX_PARTS || n_policies < 1 || n_policies > MAX_PARTS)
        return false;
    l->program = calloc((size_t)n_programs, sizeof *l->program);
    l->policy = calloc((size_t)n_policies, sizeof *l->policy);
    if (!l->program || !l->policy) return false;
    l->n_programs = (size_t)n_programs, l->n_policies = (size_t)n_policies;
    for (size_t i = 0; i < l->n_programs; i++)
        if (!take_program(b, &l->program[i])) return false;
    for (size_t i = 0; i < l->n_policies; i++)
        if (!take_policy(b, l, &l->policy[i])) return false;
    return !b->failed;
}

paso_live *paso_live_open(const uint8_t *bytes, size_t size) {
    paso_live_bytes b = {.at = bytes, .left = size};
    paso_live *l = calloc(1, sizeof *l);
    if (l && take_all(&b, l)) return l;
    paso_live_close(l);
    return NULL;
}

/* Slots must fit the programs that go on from them. */
static bool slots_fit(const paso_live *l, const paso_state *s) {
    for (size_t i = 0; i < l->n_policies; i++) {
        const policy *p = &l->policy[i];
        if (p->slot < 0) continue;
        if ((size_t)p->slot >= s->n_policies) return false;
        if (s->policy[p->slot].n_values != paso_program_state_size(l->program[p->program]))
            return false;
    }
    return true;
}

paso_status paso_live_states(paso_live *l, const uint8_t *bytes, size_t size) {
    paso_live_bytes b = {.at = bytes, .left = size};
    int32_t n_slots = 0, n_members = 0;
    paso_state *s = calloc(1, sizeof *s);
    paso_status status = s ? PASO_OK : PASO_ERR_MEMORY;
    if (status) goto out;
    const uint8_t *name = take_name(&b, PASO_LIVE_STATE_MAGIC);
    if (!name || memcmp(name, l->name, sizeof l->name) != 0) status = PASO_ERR_INPUT;
    if (status) goto out;
    paso_live_words(&b, &n_slots, &n_members);
    paso_live_words(&b, &s->day, &s->known_until);
    const uint8_t *seed = paso_live_take(&b, 8);
    if (!seed || n_slots < 0 || n_slots > MAX_PARTS || n_members < 0) status = PASO_ERR_INPUT;
    if (status) goto out;
    memcpy(&s->seed, seed, 8);
    s->n_members = (uint32_t)n_members;
    s->policy = calloc((size_t)n_slots + 1, sizeof *s->policy);
    if (!s->policy) status = PASO_ERR_MEMORY;
    for (; !status && s->n_policies < (size_t)n_slots; s->n_policies++)
        status = paso_live_take_slot(&b, s, &s->policy[s->n_policies]);
    if (!status && !slots_fit(l, s)) status = PASO_ERR_INPUT;
    if (status) goto out;
    state_free(l->state);
    l->state = s;
    s = NULL;
out:
    state_free(s);
    return status;
}

/* ---- a timeline ---- */

paso_status paso_live_begin(paso_live *l, uint32_t chosen) {
    if (chosen >= l->n_policies) return PASO_ERR_USAGE;
    forget_plan(l);
    l->chosen = chosen;
    l->step.n = 0;
    return PASO_OK;
}

static const paso_program *program_of(const paso_live *l) {
    return l->program[l->policy[l->chosen].program];
}

paso_status paso_live_step(paso_live *l, uint32_t lever, uint32_t cell, int32_t day, double value) {
    const paso_program *p = program_of(l);
    if (lever >= p->lever.n || cell >= (uint32_t)p->lever.items[lever].n) return PASO_ERR_USAGE;
    if (l->step.n >= PASO_LIVE_STEPS) return PASO_ERR_USAGE;
    if (l->step.n == l->step.cap) {
        size_t cap = l->step.cap ? 2 * l->step.cap : 16;
        paso_step *items = realloc(l->step.items, cap * sizeof *items);
        if (!items) return PASO_ERR_MEMORY;
        l->step.items = items, l->step.cap = cap;
    }
    l->step.items[l->step.n++] =
        (paso_step){.row = p->lever.items[lever].row + (int32_t)cell, .day = day, .value = value};
    return PASO_OK;
}

paso_status paso_live_plan(paso_live *l, int32_t from, int32_t until, int32_t known_until) {
    const paso_program *p = program_of(l);
    forget_plan(l);
    if (from < p->start || until > p->end || from >= until) return PASO_ERR_USAGE;
    l->from = from, l->until = until, l->known_until = known_until;
    paso_status status = paso_schedule_with_steps(p, l->policy[l->chosen].schedule, l->step.items,
                                                  l->step.n, &l->schedule);
    return status ? status : paso_grid_create(p, from, until, &l->grid);
}

paso_status paso_live_timeline(paso_live *l, paso_timeline *timeline) {
    if (!l->schedule) return PASO_ERR_USAGE;
    end_kept(l);
    *timeline = (paso_timeline){program_of(l), l->schedule};
    l->schedule = NULL;
    forget_plan(l);
    return PASO_OK;
}

size_t paso_live_n_cells(const paso_live *l, uint32_t o) {
    return l->grid && o < l->grid->n_observables ? l->grid->item[o].n_cells : 0;
}

size_t paso_live_n_periods(const paso_live *l, uint32_t o) {
    return l->grid && o < l->grid->n_observables ? l->grid->item[o].n_periods : 0;
}

int32_t paso_live_period(const paso_live *l, uint32_t o, uint32_t k) {
    return k < paso_live_n_periods(l, o) ? l->grid->item[o].first_day[k] : 0;
}

size_t paso_live_n_values(const paso_live *l) {
    size_t n = 0;
    for (uint32_t o = 0; l->grid && o < l->grid->n_observables; o++)
        n += paso_live_n_cells(l, o) * paso_live_n_periods(l, o);
    return n;
}

/* ---- running ---- */

static paso_status collect(void *context, size_t number, uint32_t member, size_t observable,
                           const double *value, size_t n) {
    const collector *c = context;
    size_t at = (member - c->first) * c->n_values;
    (void)number;
    for (uint32_t o = 0; o < observable; o++)
        at += paso_live_n_cells(c->live, o) * paso_live_n_periods(c->live, o);
    memcpy(c->out + at, value, n * sizeof *value);
    return PASO_OK;
}

/* Whether the members' saved states are what this timeline would have come to. */
static bool may_go_on(const paso_live *l, uint64_t seed, uint32_t first, uint32_t n) {
    const paso_state *s = l->state;
    const policy *p = &l->policy[l->chosen];
    return s && p->slot >= 0 && s->seed == seed && s->day <= l->from &&
           s->known_until == l->known_until && (uint64_t)first + n <= s->n_members &&
           paso_schedule_same_before(p->schedule, l->schedule, s->day);
}

static paso_status begin(paso_live *l, running *r, uint64_t seed, uint32_t first, uint32_t n,
                         double *out) {
    r->program = program_of(l);
    r->schedule = l->schedule;
    r->collector = (collector){l, first, paso_live_n_values(l), out};
    r->hooks = (paso_ensemble_hooks){.sink = collect, .context = &r->collector};
    r->plan = (paso_plan){.program = &r->program,
                          .schedule = &r->schedule,
                          .n_policies = 1,
                          .seed = seed,
                          .first_member = first,
                          .n_members = n,
                          .from = l->from,
                          .until = l->until,
                          .known_until = l->known_until,
                          .threads = 1};
    if (may_go_on(l, seed, first, n)) {
        r->slot = (size_t)l->policy[l->chosen].slot;
        r->plan.start = l->state;
        r->plan.start_policy = &r->slot;
    }
    return paso_walk_begin(&r->plan, &r->hooks, &l->fault, &r->walk);
}

/* ---- running the kept members ---- */

static bool same_members(const paso_live *l, uint64_t seed, uint32_t first, uint32_t n) {
    const running *r = &l->kept.run;
    const paso_plan *p = &r->plan;
    return r->walk && r->program == program_of(l) && p->seed == seed && p->first_member == first &&
           p->n_members == n && p->from == l->from && p->until == l->until &&
           p->known_until == l->known_until;
}

/* The kept run has the planned schedule from here on. */
static void take_schedule(paso_live *l) {
    if (l->kept.schedule != l->schedule) paso_schedule_free(l->kept.schedule);
    l->kept.schedule = l->schedule;
}

/* Other members, or a policy with another past: of the latter what was drawn still serves. */
static paso_status begin_kept(paso_live *l, uint64_t seed, uint32_t first, uint32_t n,
                              double *out) {
    kept *k = &l->kept;
    paso_luck *luck = NULL;
    if (same_members(l, seed, first, n)) {
        luck = k->luck;
        k->luck = NULL;
    }
    end_kept(l);
    k->luck = luck ? luck : paso_luck_create(program_of(l), n, l->from, l->until, k->bytes);
    paso_status status = begin(l, &k->run, seed, first, n, out);
    if (status == PASO_OK) status = paso_walk_keep(k->run.walk, k->luck);
    if (status == PASO_OK) take_schedule(l);
    if (status != PASO_OK) end_kept(l);
    return status;
}

static paso_status start_kept(paso_live *l, uint64_t seed, uint32_t first, uint32_t n,
                              double *out) {
    running *r = &l->kept.run;
    paso_status status;
    if (!same_members(l, seed, first, n) || !paso_walk_again(r->walk, l->schedule, &status))
        return begin_kept(l, seed, first, n, out);
    take_schedule(l);
    r->collector.out = out;
    if (status != PASO_OK) end_kept(l);
    return status;
}

paso_status paso_live_start(paso_live *l, uint64_t seed, uint32_t first, uint32_t n, double *out) {
    if (!l->grid || n == 0) return PASO_ERR_USAGE;
    paso_live_stop(l);
    l->fault = (paso_fault){0};
    running *r = l->kept.bytes > 0 ? &l->kept.run : &l->plain;
    paso_status status =
        l->kept.bytes > 0 ? start_kept(l, seed, first, n, out) : begin(l, r, seed, first, n, out);
    l->now = status == PASO_OK ? r : NULL;
    return status;
}

paso_status paso_live_go(paso_live *l, int32_t days) {
    bool done = false;
    paso_status status = l->now ? paso_walk_days(l->now->walk, days, &done) : PASO_ERR_USAGE;
    if (status == PASO_OK && !done) return PASO_STOPPED;
    if (status != PASO_OK && l->now == &l->kept.run) end_kept(l);
    paso_live_stop(l);
    return status;
}

paso_status paso_live_run(paso_live *l, uint64_t seed, uint32_t first, uint32_t n, double *out) {
    paso_status status = paso_live_start(l, seed, first, n, out);
    if (status) return status;
    do {
        status = paso_live_go(l, l->until - program_of(l)->start);
    } while (status == PASO_STOPPED);
    return status;
}

const char *paso_live_fault(const paso_live *l) {
    if (l->fault.kind == PASO_FAULT_NONE || l->fault.name < 0) return "";
    return paso_program_name(program_of(l), l->fault.name);
}

const char *paso_live_fault_text(const paso_live *l) {
    return paso_fault_text(l->fault.kind);
}

int32_t paso_live_fault_day(const paso_live *l) {
    return l->fault.day;
}

uint32_t paso_live_fault_member(const paso_live *l) {
    return l->fault.member;
}
