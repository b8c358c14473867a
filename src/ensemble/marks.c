#include "ensemble/marks.h"

#include <stdlib.h>
#include <string.h>

#include "ensemble/history.h"

typedef PASO_LIST_OF(paso_marked) list;

struct paso_marks {
    const paso_program *program;
    size_t lanes, n_sums, n_periods;
    list mark;   /* in order of days; those that were forgotten wait behind for the next ones */
    size_t made; /* of all these */
};

paso_marks *paso_marks_create(const paso_program *program, size_t lanes, size_t n_sums,
                              size_t n_periods) {
    paso_marks *m = calloc(1, sizeof *m);
    if (m)
        *m = (paso_marks){
            .program = program, .lanes = lanes, .n_sums = n_sums, .n_periods = n_periods};
    return m;
}

static void mark_free(paso_marked *mark) {
    paso_engine_free(mark->engine);
    free(mark->sum);
    free(mark->period);
}

void paso_marks_free(paso_marks *m) {
    if (!m) return;
    for (size_t i = 0; i < m->made; i++) mark_free(&m->mark.items[i]);
    free(m->mark.items);
    free(m);
}

static void copy(const paso_marks *m, paso_marked *to, const paso_marked *from) {
    paso_engine_copy(to->engine, from->engine);
    memcpy(to->sum, from->sum, m->n_sums * sizeof *to->sum);
    memcpy(to->period, from->period, m->n_periods * sizeof *to->period);
}

static paso_status make_mark(paso_marks *m, const paso_schedule *schedule) {
    if (m->made == m->mark.cap) {
        size_t cap = m->mark.cap ? 2 * m->mark.cap : 32;
        paso_marked *items = realloc(m->mark.items, cap * sizeof *items);
        if (!items) return PASO_ERR_MEMORY;
        m->mark.items = items, m->mark.cap = cap;
    }
    paso_marked mark = {paso_engine_create(m->program, schedule, m->lanes),
                        calloc(m->n_sums + 1, sizeof *mark.sum),
                        calloc(m->n_periods + 1, sizeof *mark.period)};
    if (mark.engine && mark.sum && mark.period) {
        m->mark.items[m->made++] = mark;
        return PASO_OK;
    }
    mark_free(&mark);
    return PASO_ERR_MEMORY;
}

static bool is_marked(const paso_marks *m, int32_t day) {
    return m->mark.n > 0 && paso_engine_today(m->mark.items[m->mark.n - 1].engine) == day;
}

paso_status paso_marks_add(paso_marks *m, const paso_marked *now, const paso_schedule *schedule) {
    if (is_marked(m, paso_engine_today(now->engine))) return PASO_OK;
    paso_status status = m->mark.n == m->made ? make_mark(m, schedule) : PASO_OK;
    if (status == PASO_OK) copy(m, &m->mark.items[m->mark.n++], now);
    return status;
}

bool paso_marks_back(paso_marks *m, const paso_schedule *old, const paso_schedule *schedule,
                     paso_marked *now) {
    size_t n = m->mark.n;
    while (n > 0 && !paso_schedule_same_before(old, schedule,
                                               paso_engine_today(m->mark.items[n - 1].engine)))
        n--;
    m->mark.n = n;
    if (n > 0) copy(m, now, &m->mark.items[n - 1]);
    return n > 0;
}
