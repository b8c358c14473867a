/* A day of movement. First everybody in a place decides, then everybody on a link travels; who
 * arrives with kilometres left decides again. Arrivals are worked off in the order of kilometres
 * done today, so that people who come to the same state by different ways are one count. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

#define SLICE 0.05 /* of a camp's capacity: what may arrive unseen by those after them */
enum { MAX_SLICES = 32 };

void paso_flee_move_spare(flee_state *st, flee_spot *spot) {
    const flee_settings *set = &st->s->set;
    double limit = spot->capacity * set->capacity_scaling, n = spot->count, spare;
    bool none = st->s->fixed && spot->capacity == 0;
    if (limit < 1 && !none)
        spare = 1;
    else if (n >= limit)
        spare = 0;
    else if (n <= set->capacity_buffer * limit)
        spare = 1;
    else
        spare = 1 - (n - set->capacity_buffer * limit) / (limit * (1 - set->capacity_buffer));
    if (spare == spot->spare) return;
    spot->spare = spare;
    st->spare_version++;
}

static void change_count(flee_state *st, uint32_t place, double by) {
    flee_spot *spot = &st->spot[place];
    spot->count += by;
    if (spot->capacity >= 0) paso_flee_move_spare(st, spot);
}

/* Half of what was and half of today; a tie goes down, so that rest ends at zero. */
static uint32_t state_after(const flee_state *st, const flee_group *g, double km, uint32_t first) {
    if (!st->s->set.avoid_short_stints) return flee_state_word(0, first, flee_class_of(g));
    double recent = 0.5 * ((double)flee_recent(g) + km * st->recent_per_km);
    uint32_t whole = (uint32_t)(recent + 0.5);
    whole -= (double)whole - recent == 0.5;
    return flee_state_word(whole, first, flee_class_of(g));
}

static void add(flee_state *st, flee_table *table, const flee_group *group) {
    if (paso_flee_table_add(table, group) < 0) st->status = PASO_ERR_MEMORY;
}

/* The day is over for n people of the group, who stay in `place` without, or with, their route. */
static void settle(flee_state *st, const flee_group *g, uint32_t place, uint32_t route, double n,
                   double km, uint32_t first) {
    flee_group group = {.n = n, .place = place, .route = route};
    group.state = state_after(st, g, km, first);
    add(st, &st->next_at, &group);
}

/* ---- the queue of those who go on ---- */

static void enqueue(flee_state *st, const flee_group *group) {
    size_t b = (size_t)group->km;
    int index = paso_flee_table_add(&st->queue, group);
    if (index < 0) {
        st->status = PASO_ERR_MEMORY;
        return;
    }
    flee_group *item = &st->queue.item[index];
    if (item->n != group->n) return; /* waits already */
    item->next = 0;                  /* may have been worked off before: links of length 0 */
    if (st->bucket[b] == 0)
        st->bucket[b] = (uint32_t)index + 1;
    else
        st->queue.item[st->bucket_end[b] - 1].next = (uint32_t)index + 1;
    st->bucket_end[b] = (uint32_t)index + 1;
}

/* ---- travel ---- */

/* n people of a group that have done `done` on link l and `km` today go on at `speed`. */
static void hop(flee_state *st, const flee_group *g, uint32_t l, uint32_t route, double n,
                double done, double km, double speed) {
    const flee_link *link = &st->s->link[l];
    flee_group group = {.n = n, .route = route};
    if (done + speed <= link->km) {
        group.place = l;
        group.km = done + speed;
        group.state = state_after(st, g, km + speed, flee_first(g));
        add(st, &st->next_on, &group);
        return;
    }
    km += link->km - done;
    group.place = (uint32_t)(st->link_closed[l] ? link->from : link->to);
    change_count(st, group.place, n);
    if (st->link_closed[l] || km >= speed) {
        settle(st, g, group.place, route, n, km, 0);
        return;
    }
    group.km = km;
    group.state = flee_state_word(flee_recent(g), 0, flee_class_of(g));
    enqueue(st, &group);
}

static uint64_t who_of(const flee_state *st, const flee_group *g, uint64_t place_hash) {
    uint64_t h =
        paso_flee_mix(place_hash ^ ((uint64_t)st->slice << 32 | g->state), paso_bits_of(g->km));
    return g->route ? paso_flee_mix(h, st->route.items[g->route].hash) : h;
}

static void travel(flee_state *st, const flee_group *g, uint32_t l, uint32_t route, double n,
                   double done, double km) {
    const flee_settings *set = &st->s->set;
    const flee_link *link = &st->s->link[l];
    double speed = link->speed > 0 ? link->speed : set->max_move_speed;
    st->n_steps++;
    if (flee_first(g)) speed = set->max_walk_speed;
    if (link->walk > 0) {
        uint64_t hash = paso_flee_mix(st->spot[link->from].hash, ((uint64_t)l << 32) ^ route);
        flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_STEP,
                                           paso_flee_mix(who_of(st, g, hash), paso_bits_of(km)));
        double walkers = paso_flee_draw_binomial(&draw, n, link->walk, 0);
        if (walkers > 0) hop(st, g, l, route, walkers, done, km, set->max_walk_speed);
        n -= walkers;
    }
    if (n > 0) hop(st, g, l, route, n, done, km, speed);
}

/* ---- decisions ---- */

/* n people of the group enter a link: at once in the queue's phase, after everybody's decision in
 * the first. */
static void enter(flee_state *st, const flee_group *g, int link, uint32_t route, double n) {
    change_count(st, g->place, -n);
    if (st->slice > 0) {
        travel(st, g, (uint32_t)link, route, n, 0, g->km);
        return;
    }
    flee_group mover = {.n = n, .place = (uint32_t)link, .route = route, .state = g->state};
    add(st, &st->on, &mover);
}

static bool refused(const flee_state *st, int place) {
    return st->spot[place].camp && st->spot[place].spare < 0.5;
}

/* The chance to leave, for people without a route. */
static double chance(const flee_state *st, const flee_group *g, double km) {
    const flee_settings *set = &st->s->set;
    const flee_spot *spot = &st->spot[g->place];
    bool pressed = st->slice > 0 && set->avoid_short_stints &&
                   (double)flee_recent(g) + km * st->recent_per_km < FLEE_RECENT;
    if (spot->town && pressed) return 1;
    if (set->movechance_pop_scale_factor == 0) return spot->move_chance;
    double size = fmax(spot->population, spot->capacity) / set->movechance_pop_base;
    return spot->move_chance * paso_pow(fmax(size, 0), set->movechance_pop_scale_factor);
}

static int forced_link(const flee_state *st, uint32_t place) {
    const flee_spot *spot = &st->spot[place];
    for (size_t i = 0; st->s->fixed && i < spot->n_links; i++)
        if (st->link_forced[spot->link[i]]) return spot->link[i];
    return -1;
}

/* Deals those who leave over the places they know; returns how many were refused. Nothing below
 * splits again, so that the parts can be read while people enter links. */
static double choose(flee_state *st, const flee_group *g, flee_draw *draw, double n) {
    const flee_choice *choice = &st->spot[g->place].choice;
    double back = 0;
    if (paso_flee_graph_choice(st, (int)g->place, (int)flee_class_of(g)) != PASO_OK) return n;
    int parts = paso_flee_draw_split(st, draw, choice->up_to, choice->n, n);
    if (parts < 0) st->status = PASO_ERR_MEMORY;
    if (parts <= 0) return n;
    for (int i = 0; i < parts; i++) {
        const flee_candidate *c = &choice->items[st->split_index[i]];
        if (refused(st, c->end))
            back += st->split_count[i];
        else
            enter(st, g, c->link, c->route, st->split_count[i]);
    }
    return back;
}

/* Returns how many stay, whose route is then forgotten. */
static double follow_route(flee_state *st, const flee_group *g) {
    const flee_route *route = &st->route.items[g->route];
    int link = paso_flee_graph_link_to(st, (int)g->place, route->place);
    if (link < 0 || refused(st, route->final)) return g->n;
    enter(st, g, link, route->rest, g->n);
    return 0;
}

static void decide(flee_state *st, const flee_group *g) {
    double stay = g->n;
    st->n_steps++;
    if (g->route != 0) {
        stay = follow_route(st, g);
    } else {
        uint64_t who = who_of(st, g, st->spot[g->place].hash);
        flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_EXIT, who);
        double n = paso_flee_draw_binomial(&draw, g->n, chance(st, g, g->km), 0);
        int forced = n > 0 ? forced_link(st, g->place) : -1;
        draw.key.purpose = PASO_DRAW_ACROSS;
        stay -= n;
        if (forced >= 0)
            enter(st, g, forced, 0, n);
        else if (n > 0)
            stay += choose(st, g, &draw, n);
    }
    if (stay > 0) settle(st, g, g->place, 0, stay, g->km, flee_first(g));
}

/* ---- the day ---- */

static void swap(flee_table *a, flee_table *b) {
    flee_table old = *a;
    *a = *b;
    *b = old;
    paso_flee_table_empty(b);
}

static double people_in(const flee_table *t) {
    double sum = 0;
    for (uint32_t i = 0; i < t->n; i++) sum += t->item[i].n;
    return sum;
}

static void work_off_queue(flee_state *st) {
    double limit = 1e8 + st->n_steps;
    for (size_t b = 0; b < st->n_buckets; b++) {
        while (st->bucket[b] != 0 && st->status == PASO_OK) {
            flee_group *first = &st->queue.item[st->bucket[b] - 1];
            flee_group group = *first;
            first->n = 0;
            st->bucket[b] = first->next;
            decide(st, &group);
            if (st->n_steps < limit) continue;
            snprintf(st->why, sizeof st->why,
                     "day %d: people go round without end on links of length 0", st->day);
            st->status = PASO_ERR_MODEL;
        }
        st->bucket[b] = 0;
    }
    paso_flee_table_empty(&st->queue);
}

/* Into how many parts the day's travellers go, one after another. One is exact where no capacity
 * binds; where a camp can fill today, later people must see what earlier ones did. */
static uint32_t slices_of(const flee_state *st) {
    double most = 1;
    for (size_t p = 0; p < st->s->n_places; p++) {
        flee_spot *spot = &st->spot[p];
        double limit = spot->capacity * st->s->set.capacity_scaling;
        if (limit < 1 || spot->coming <= 0 || !(spot->count < limit)) continue;
        if (spot->count + spot->coming <= st->s->set.capacity_buffer * limit) continue;
        most = fmax(most, ceil(spot->coming / (SLICE * limit)));
    }
    return most < MAX_SLICES ? (uint32_t)most : MAX_SLICES;
}

/* Counts who will arrive today by the link they are on. */
static void expect_arrivals(flee_state *st) {
    const flee_settings *set = &st->s->set;
    for (size_t p = 0; p < st->s->n_places; p++) st->spot[p].coming = 0;
    for (uint32_t i = 0; i < st->on.n; i++) {
        const flee_group *g = &st->on.item[i];
        const flee_link *link = &st->s->link[g->place];
        double speed = link->speed > 0 ? link->speed : set->max_move_speed;
        if (flee_first(g)) speed = set->max_walk_speed;
        if (g->km + speed > link->km) st->spot[link->to].coming += g->n;
    }
}

static void travel_all(flee_state *st) {
    expect_arrivals(st);
    uint32_t slices = slices_of(st);
    for (uint32_t k = 0; k < slices && st->status == PASO_OK; k++) {
        st->slice = k + 1;
        for (uint32_t i = 0; i < st->on.n && st->status == PASO_OK; i++) {
            const flee_group *g = &st->on.item[i];
            double n = g->n;
            if (slices > 1) n = floor(n * (k + 1) / slices) - floor(n * k / slices);
            if (n > 0) travel(st, g, g->place, g->route, n, g->km, 0);
        }
        work_off_queue(st);
    }
}

paso_status paso_flee_move_day(flee_state *st) {
    st->slice = 0;
    for (uint32_t i = 0; i < st->at.n && st->status == PASO_OK; i++) decide(st, &st->at.item[i]);
    travel_all(st);
    swap(&st->at, &st->next_at);
    swap(&st->on, &st->next_on);
    if (st->status == PASO_OK && people_in(&st->at) + people_in(&st->on) != st->people) {
        snprintf(st->why, sizeof st->why, "day %d: people were lost or made", st->day);
        st->status = PASO_ERR_MODEL;
    }
    return st->status;
}
