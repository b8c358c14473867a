/* Spans of kilometres that nothing ahead can tell apart. Two people in a place have different days
 * ahead only if some way on from there brings one of them past a day's distance and the other not;
 * so limits are carried back over links, and people between two limits are one count. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/read.h"

enum { LIMIT = 1, WITHIN = 2 }; /* a limit where the kilometre begins; one somewhere within it */

typedef struct mark {
    int place, cell, kind;
} mark;

typedef struct marks {
    const paso_flee_scenario *s;
    unsigned char *seen;    /* [n_places][n_cells] */
    int *into, *into_up_to; /* links by the place they lead to: [n_links], ends [n_places] */
    struct {
        mark *items;
        size_t n, cap;
    } todo;
    bool failed;
} marks;

static void put(marks *m, int place, int cell, int kind) {
    if (cell < 0 || cell >= m->s->n_cells) return;
    unsigned char *seen = &m->seen[(size_t)place * (size_t)m->s->n_cells + (size_t)cell];
    if (*seen & kind) return;
    *seen = (unsigned char)(*seen | kind);
    mark one = {place, cell, kind};
    m->failed |= PASO_PUSH(&m->todo, one) != 0;
}

/* A limit at `km`, or (kind WITHIN) somewhere between km and km + 1. */
static void put_at(marks *m, int place, double km, int kind) {
    int cell = (int)floor(km);
    bool whole = km == floor(km);
    put(m, place, cell, whole ? kind : WITHIN);
    if (whole || kind != WITHIN) return;
    put(m, place, cell + 1, WITHIN);
    put(m, place, cell + 1, LIMIT);
}

/* Whoever enters a link is stopped by the speed they travel at. */
static void put_speeds(marks *m, const flee_link *link) {
    const flee_settings *set = &m->s->set;
    double speed = link->speed > 0 ? link->speed : set->max_move_speed;
    if (link->km < speed) put_at(m, link->from, speed - link->km, LIMIT);
    if (link->walk > 0 && link->km < set->max_walk_speed)
        put_at(m, link->from, set->max_walk_speed - link->km, LIMIT);
}

static void carry_back(marks *m, mark one) {
    int i = one.place > 0 ? m->into_up_to[one.place - 1] : 0;
    for (; i < m->into_up_to[one.place]; i++) {
        const flee_link *link = &m->s->link[m->into[i]];
        if (link->km <= one.cell + 1) put_at(m, link->from, one.cell - link->km, one.kind);
    }
}

static void sort_links(marks *m) {
    const paso_flee_scenario *s = m->s;
    for (size_t i = 0; i < s->n_links; i++) m->into_up_to[s->link[i].to]++;
    for (size_t p = 1; p < s->n_places; p++) m->into_up_to[p] += m->into_up_to[p - 1];
    for (size_t i = s->n_links; i-- > 0;) m->into[--m->into_up_to[s->link[i].to]] = (int)i;
    for (size_t p = 0; p + 1 < s->n_places; p++) m->into_up_to[p] = m->into_up_to[p + 1];
    m->into_up_to[s->n_places - 1] = (int)s->n_links;
}

/* Each kilometre gets its span's last one; -1 where every distance stands for itself. Spans are at
 * least `least` kilometres long. */
static void join(paso_flee_scenario *s, const unsigned char *seen, int least) {
    for (size_t p = 0; p < s->n_places; p++) {
        const unsigned char *row = seen + p * (size_t)s->n_cells;
        int last = s->n_cells - 1;
        for (int c = s->n_cells - 1; c >= 0; c--) {
            bool limit = c + 1 < s->n_cells && row[c + 1] != 0;
            if (limit && last - c >= least) last = c;
            bool alone = row[c] & WITHIN && least <= 1;
            s->span[p * (size_t)s->n_cells + (size_t)c] = (int16_t)(alone ? -1 : last);
        }
    }
}

paso_status paso_flee_find_spans(flee_reader *r) {
    paso_flee_scenario *s = r->s;
    double fastest = fmax(s->set.max_move_speed, s->set.max_walk_speed);
    marks m = {.s = s};
    for (size_t i = 0; i < s->n_links; i++) fastest = fmax(fastest, s->link[i].speed);
    s->n_cells = (int)fastest + 2;
    size_t all = s->n_places * (size_t)s->n_cells;
    s->span = paso_arena_alloc(r->arena, all, sizeof *s->span);
    m.seen = calloc(all, 1);
    m.into = calloc(s->n_links + s->n_places + 1, sizeof *m.into);
    m.into_up_to = m.into ? m.into + s->n_links : NULL;
    m.failed = !s->span || !m.seen || !m.into;
    if (!m.failed) sort_links(&m);
    for (size_t i = 0; i < s->n_links && !m.failed; i++) put_speeds(&m, &s->link[i]);
    while (m.todo.n > 0 && !m.failed) carry_back(&m, m.todo.items[--m.todo.n]);
    /* Where recent travel counts, which is in coarser steps, 2 % of a day are not told apart. */
    int least = s->set.avoid_short_stints ? (int)(s->set.max_move_speed / 50) : 1;
    if (!m.failed) join(s, m.seen, least);
    free(m.seen);
    free(m.into);
    free(m.todo.items);
    return m.failed ? PASO_ERR_MEMORY : PASO_OK;
}
