/* Spans of kilometres that nothing ahead can tell apart. Two people in a place have different days
 * ahead only if some way on from there brings one of them past a day's distance and the other not;
 * so limits are carried back over links, and people between two limits are one count. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/read.h"
#include "random/math.h"

/* Where recent travel counts, which is in coarser steps, less likely ways tell nobody apart. */
#define RARE 0.01F

enum { LIMIT, WITHIN, N_KINDS }; /* a limit where the kilometre begins; one somewhere within it */

typedef struct mark {
    int place, cell, kind;
    float likely; /* that somebody here goes the way on which the limit counts */
} mark;

typedef struct marks {
    const paso_flee_scenario *s;
    float *seen[N_KINDS];   /* [n_places][n_cells] the likeliest way to a limit, 0: no limit */
    float *share;           /* [n_links] how likely somebody in a place takes the link */
    float least;            /* ways less likely than this tell nobody apart */
    int *into, *into_up_to; /* links by the place they lead to: [n_links], ends [n_places] */
    struct {
        mark *items;
        size_t n, cap;
    } todo;
    bool failed;
} marks;

static void put(marks *m, mark one) {
    if (one.cell < 0 || one.cell >= m->s->n_cells || one.likely < m->least) return;
    float *seen = m->seen[one.kind] + (size_t)one.place * (size_t)m->s->n_cells;
    if (seen[one.cell] >= one.likely) return;
    seen[one.cell] = one.likely;
    m->failed |= PASO_PUSH(&m->todo, one) != 0;
}

/* A limit at `km`, or (kind WITHIN) somewhere between km and km + 1. */
static void put_at(marks *m, int place, double km, int kind, float likely) {
    int cell = (int)floor(km);
    bool whole = km == floor(km);
    put(m, (mark){place, cell, whole ? kind : WITHIN, likely});
    if (whole || kind != WITHIN) return;
    put(m, (mark){place, cell + 1, WITHIN, likely});
    put(m, (mark){place, cell + 1, LIMIT, likely});
}

/* Whoever enters a link is stopped by the speed they travel at. */
static void put_speeds(marks *m, size_t i) {
    const flee_link *link = &m->s->link[i];
    const flee_settings *set = &m->s->set;
    double speed = link->speed > 0 ? link->speed : set->max_move_speed;
    if (link->km < speed) put_at(m, link->from, speed - link->km, LIMIT, m->share[i]);
    if (link->walk > 0 && link->km < set->max_walk_speed)
        put_at(m, link->from, set->max_walk_speed - link->km, LIMIT, m->share[i]);
}

static void carry_back(marks *m, mark one) {
    int i = one.place > 0 ? m->into_up_to[one.place - 1] : 0;
    for (; i < m->into_up_to[one.place]; i++) {
        const flee_link *link = &m->s->link[m->into[i]];
        if (link->km <= one.cell + 1)
            put_at(m, link->from, one.cell - link->km, one.kind, one.likely * m->share[m->into[i]]);
    }
}

/* ---- what is likely ---- */

/* People seldom leave a camp, as long as it is one. */
static double chance_of(const paso_flee_scenario *s, int place) {
    flee_kind kind = s->place[place].kind;
    double chance = kind == FLEE_CAMP       ? s->set.camp_movechance
                    : kind == FLEE_IDP_CAMP ? s->set.idpcamp_movechance
                                            : 1;
    for (size_t i = 0; i < s->n_closures; i++)
        if (s->closure[i].place == place) chance = 1;
    for (size_t i = 0; i < s->n_changes; i++)
        if (s->change[i].place == place) chance = 1;
    return fmin(chance, 1);
}

/* By distance alone: an estimate that is good enough to leave out what is rare. */
static int estimate(marks *m) {
    const paso_flee_scenario *s = m->s;
    double *sum = calloc(s->n_places, sizeof *sum);
    if (!sum) return -1;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < s->n_links; i++) {
            const flee_link *link = &s->link[i];
            double near = 1 / paso_pow(s->set.softening + link->km, s->set.distance_power);
            if (pass == 0)
                sum[link->from] += near;
            else
                m->share[i] = (float)(chance_of(s, link->from) * near / sum[link->from]);
        }
    }
    free(sum);
    return 0;
}

static void sort_links(marks *m) {
    const paso_flee_scenario *s = m->s;
    for (size_t i = 0; i < s->n_links; i++) m->into_up_to[s->link[i].to]++;
    for (size_t p = 1; p < s->n_places; p++) m->into_up_to[p] += m->into_up_to[p - 1];
    for (size_t i = s->n_links; i-- > 0;) m->into[--m->into_up_to[s->link[i].to]] = (int)i;
    for (size_t p = 0; p + 1 < s->n_places; p++) m->into_up_to[p] = m->into_up_to[p + 1];
    m->into_up_to[s->n_places - 1] = (int)s->n_links;
}

/* Each kilometre gets its span's last one; -1 where every distance stands for itself. */
static void join(paso_flee_scenario *s, const marks *m) {
    for (size_t p = 0; p < s->n_places; p++) {
        size_t row = p * (size_t)s->n_cells;
        int last = s->n_cells - 1;
        for (int c = s->n_cells - 1; c >= 0; c--) {
            size_t next = row + (size_t)c + 1;
            bool limit =
                c + 1 < s->n_cells && (m->seen[LIMIT][next] > 0 || m->seen[WITHIN][next] > 0);
            if (limit) last = c;
            s->span[row + (size_t)c] = (int16_t)(m->seen[WITHIN][row + (size_t)c] > 0 ? -1 : last);
        }
    }
}

static void marks_free(marks *m) {
    for (int k = 0; k < N_KINDS; k++) free(m->seen[k]);
    free(m->share);
    free(m->into);
    free(m->todo.items);
}

paso_status paso_flee_find_spans(flee_reader *r) {
    paso_flee_scenario *s = r->s;
    double fastest = fmax(s->set.max_move_speed, s->set.max_walk_speed);
    marks m = {.s = s, .least = s->set.avoid_short_stints ? RARE : FLT_MIN};
    for (size_t i = 0; i < s->n_links; i++) fastest = fmax(fastest, s->link[i].speed);
    s->n_cells = (int)fastest + 2;
    size_t all = s->n_places * (size_t)s->n_cells;
    s->span = paso_arena_alloc(r->arena, all, sizeof *s->span);
    for (int k = 0; k < N_KINDS; k++) m.seen[k] = calloc(all, sizeof *m.seen[k]);
    m.share = calloc(s->n_links + 1, sizeof *m.share);
    m.into = calloc(s->n_links + s->n_places + 1, sizeof *m.into);
    m.into_up_to = m.into ? m.into + s->n_links : NULL;
    m.failed = !s->span || !m.seen[LIMIT] || !m.seen[WITHIN] || !m.share || !m.into;
    if (!m.failed) m.failed = estimate(&m) != 0;
    if (!m.failed) sort_links(&m);
    for (size_t i = 0; i < s->n_links && !m.failed; i++) put_speeds(&m, i);
    while (m.todo.n > 0 && !m.failed) carry_back(&m, m.todo.items[--m.todo.n]);
    if (!m.failed) join(s, &m);
    marks_free(&m);
    return m.failed ? PASO_ERR_MEMORY : PASO_OK;
}
