/* A day of movement. First everybody in a place decides, then everybody on a link travels; who
 * arrives with kilometres left decides again. Arrivals are worked off in the order of kilometres
 * done today, so that people who come to the same state by different ways are one count. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

#define GOLDEN 0.6180339887498949 /* keeps the roundings of one decision apart */
#define SLICE 0.05 /* of a camp's capacity: what may arrive unseen by those after them */
enum { MAX_SLICES = 32 };

void paso_flee_move_spare(flee_state *st, flee_spot *spot) {
    const flee_settings *set = &st->s->set;
    double limit = spot->capacity * set->capacity_scaling, n = spot->count, spare;
    bool none = st->s->fixed && spot->capacity == 0;
    if ((limit < 1 && !none) || (n < limit && n <= set->capacity_buffer * limit))
        spare = 1;
    else if (n >= limit)
        spare = 0;
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

/* Adds the counts n to a group of `table`; at the day's end, with km travelled today (else -1),
 * recent travel becomes half of what it was and half of today. A tie goes down, so that rest ends
 * at zero. */
static int add(flee_state *st, flee_table *table, flee_group *key, const double *n, double km) {
    memset(key->n, 0, sizeof key->n);
    if (km < 0 || !st->s->set.avoid_short_stints) {
        memcpy(key->n, n, sizeof key->n);
    } else {
        double today = km * st->recent_per_km;
        for (int b = 0; b < FLEE_BINS; b++) {
            if (n[b] == 0) continue;
            double recent = 0.5 * (b + today);
            int step = (int)(recent + 0.5);
            step -= step - recent == 0.5;
            key->n[step < FLEE_BINS ? step : FLEE_BINS - 1] += n[b];
        }
    }
    int index = paso_flee_table_add(table, key);
    if (index < 0) st->status = PASO_ERR_MEMORY;
    return index;
}

/* The day is over for these people, who stay in `place`. */
static void settle(flee_state *st, uint32_t place, uint32_t route, uint32_t state, const double *n,
                   double km) {
    flee_group group = {.place = place, .route = route, .state = state};
    add(st, &st->next_at, &group, n, km);
}

/* ---- the queue of those who go on ---- */

/* People of one span are one count, with their mean distance; spans are worked off by their ends,
 * so that whoever can come into one has come. */
static void enqueue(flee_state *st, flee_group *group, const double *n, double all) {
    size_t b = (size_t)group->km;
    int span = st->s->span[group->place * (size_t)st->s->n_cells + b];
    group->far = group->km * all;
    if (span >= 0) {
        b = (size_t)span;
        group->km = span;
    }
    int index = add(st, &st->queue, group, n, -1);
    if (index < 0) return;
    flee_group *item = &st->queue.item[index];
    if (item->waiting) return;
    item->waiting = true; /* may have been worked off before: links of length 0 */
    item->next = 0;
    if (st->bucket[b] == 0)
        st->bucket[b] = (uint32_t)index + 1;
    else
        st->queue.item[st->bucket_end[b] - 1].next = (uint32_t)index + 1;
    st->bucket_end[b] = (uint32_t)index + 1;
}

/* ---- travel ---- */

/* People on their way over a link in one go. */
typedef struct flee_trip {
    uint32_t link, route, state;
    double done, km; /* on the link, and today */
} flee_trip;

static void hop(flee_state *st, const flee_trip *trip, const double *n, double all, double speed) {
    const flee_link *link = &st->s->link[trip->link];
    flee_group group = {.route = trip->route, .state = trip->state};
    if (trip->done + speed <= link->km) {
        group.place = trip->link;
        group.km = trip->done + speed;
        add(st, &st->next_on, &group, n, trip->km + speed);
        return;
    }
    double km = trip->km + link->km - trip->done;
    bool closed = st->link_closed[trip->link];
    group.place = (uint32_t)(closed ? link->from : link->to);
    group.state &= 255; /* arrived somewhere */
    change_count(st, group.place, all);
    if (closed || km >= speed) {
        settle(st, group.place, group.route, group.state, n, km);
        return;
    }
    group.km = km;
    enqueue(st, &group, n, all);
}

static uint64_t who_of(const flee_state *st, uint32_t state, uint32_t route, double km,
                       uint64_t place_hash) {
    uint64_t h = paso_flee_mix(place_hash ^ ((uint64_t)st->slice << 32 | state), paso_bits_of(km));
    return route ? paso_flee_mix(h, st->route.items[route].hash) : h;
}

static void travel(flee_state *st, const flee_trip *trip, double *n, double all) {
    const flee_settings *set = &st->s->set;
    const flee_link *link = &st->s->link[trip->link];
    double speed = link->speed > 0 ? link->speed : set->max_move_speed;
    st->n_steps++;
    if (trip->state >= 256) speed = set->max_walk_speed;
    if (link->walk > 0) {
        double walking[FLEE_BINS];
        uint64_t hash = paso_flee_mix(st->spot[link->from].hash, trip->link);
        hash = paso_flee_mix(hash, paso_bits_of(trip->done));
        flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_STEP,
                                           who_of(st, trip->state, trip->route, trip->km, hash));
        double walkers = paso_flee_draw_binomial(&draw, all, link->walk, 0);
        paso_flee_draw_deal(n, walking, FLEE_BINS, walkers, paso_flee_draw_uniform(&draw, 1));
        if (walkers > 0) hop(st, trip, walking, walkers, set->max_walk_speed);
        all -= walkers;
    }
    if (all > 0) hop(st, trip, n, all, speed);
}

/* ---- decisions ---- */

/* People of group g enter a link: at once in the queue's phase, after everybody's decision in the
 * first. */
static void enter(flee_state *st, const flee_group *g, int link, uint32_t route, double *n,
                  double all) {
    change_count(st, g->place, -all);
    if (st->slice > 0) {
        flee_trip trip = {.link = (uint32_t)link, .route = route, .state = g->state, .km = g->far};
        travel(st, &trip, n, all);
        return;
    }
    flee_group mover = {.place = (uint32_t)link, .route = route, .state = g->state};
    add(st, &st->on, &mover, n, -1);
}

static bool refused(const flee_state *st, int place) {
    return st->spot[place].camp && st->spot[place].spare < 0.5;
}

/* The chance to leave, for people without a route. */
static double chance(const flee_state *st, const flee_group *g) {
    const flee_settings *set = &st->s->set;
    const flee_spot *spot = &st->spot[g->place];
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

/* Deals `all` people who leave over the places they know; whoever is refused stays in n. Nothing
 * below splits again, so that the parts can be read while people enter links. */
static void choose(flee_state *st, const flee_group *g, flee_draw *draw, double *n, double all) {
    const flee_choice *choice = &st->spot[g->place].choice;
    double back[FLEE_BINS] = {0}, some[FLEE_BINS];
    if (paso_flee_graph_choice(st, (int)g->place, (int)flee_class_of(g)) != PASO_OK) return;
    int parts = paso_flee_draw_split(st, draw, choice->up_to, choice->n, all);
    if (parts < 0) st->status = PASO_ERR_MEMORY;
    if (parts <= 0) return;
    double u = parts > 1 ? paso_flee_draw_uniform(draw, 50000) : 0.5;
    for (int i = 0; i < parts; i++) {
        const flee_candidate *c = &choice->items[st->split_index[i]];
        paso_flee_draw_deal(n, some, FLEE_BINS, st->split_count[i], u);
        u = u + GOLDEN < 1 ? u + GOLDEN : u + GOLDEN - 1;
        if (!refused(st, c->end)) {
            enter(st, g, c->link, c->route, some, st->split_count[i]);
            continue;
        }
        for (int b = 0; b < FLEE_BINS; b++) back[b] += some[b];
    }
    memcpy(n, back, sizeof back);
}

/* Whoever stays is left in n, without their route. */
static void follow_route(flee_state *st, const flee_group *g, double *n, double all) {
    const flee_route *route = &st->route.items[g->route];
    int link = paso_flee_graph_link_to(st, (int)g->place, route->place);
    if (link < 0 || refused(st, route->final)) return;
    enter(st, g, link, route->rest, n, all);
    memset(n, 0, FLEE_BINS * sizeof *n);
}

/* Whoever finds no way is left in n. */
static void leave(flee_state *st, const flee_group *g, flee_draw *draw, double *n, double all) {
    int forced = forced_link(st, g->place);
    if (forced < 0) {
        choose(st, g, draw, n, all);
        return;
    }
    enter(st, g, forced, 0, n, all);
    memset(n, 0, FLEE_BINS * sizeof *n);
}

/* Below this step of recent travel the day was too short so far. */
static int pressed_below(const flee_state *st, const flee_group *g) {
    if (st->slice == 0 || !st->s->set.avoid_short_stints || !st->spot[g->place].town) return 0;
    double limit = ceil(FLEE_RECENT - g->far * st->recent_per_km);
    return limit > FLEE_BINS ? FLEE_BINS : limit > 0 ? (int)limit : 0;
}

/* Who leaves is moved from n to `leaving`: all below the limit, and some of the others. */
static double draw_leaving(flee_state *st, const flee_group *g, flee_draw *draw, double *n,
                           double *leaving) {
    int limit = pressed_below(st, g);
    double others = 0, pressed = 0;
    for (int b = limit; b < FLEE_BINS; b++) others += n[b];
    double out = paso_flee_draw_binomial(draw, others, chance(st, g), 0);
    if (out > 0) {
        double u = out < others ? paso_flee_draw_uniform(draw, 1) : 0.5;
        paso_flee_draw_deal(n + limit, leaving + limit, FLEE_BINS - limit, out, u);
    }
    for (int b = 0; b < limit; b++) {
        pressed += leaving[b] = n[b];
        n[b] = 0;
    }
    return pressed + out;
}

static void decide(flee_state *st, const flee_group *g) {
    double n[FLEE_BINS], leaving[FLEE_BINS] = {0}, stay = 0;
    st->n_steps++;
    memcpy(n, g->n, sizeof n);
    if (g->route != 0) {
        follow_route(st, g, n, flee_people_of(g));
    } else {
        uint64_t who = who_of(st, g->state, 0, g->km, st->spot[g->place].hash);
        flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_EXIT, who);
        double out = draw_leaving(st, g, &draw, n, leaving);
        draw.key.purpose = PASO_DRAW_ACROSS;
        if (out > 0) leave(st, g, &draw, leaving, out);
    }
    for (int b = 0; b < FLEE_BINS; b++) stay += n[b] += leaving[b];
    if (stay > 0) settle(st, g->place, 0, g->state, n, g->far);
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
    for (uint32_t i = 0; i < t->n; i++) sum += flee_people_of(&t->item[i]);
    return sum;
}

/* Takes a group out of the queue; `far` is then each one's distance today. */
static flee_group take(flee_state *st, uint32_t index) {
    flee_group *item = &st->queue.item[index], group = *item;
    bool alone = st->s->span[group.place * (size_t)st->s->n_cells + (size_t)group.km] < 0;
    group.far = alone ? group.km : group.far / flee_people_of(&group);
    memset(item->n, 0, sizeof item->n);
    item->far = 0;
    item->waiting = false;
    return group;
}

static void work_off_queue(flee_state *st) {
    double limit = 1e8 + st->n_steps;
    for (size_t b = 0; b < (size_t)st->s->n_cells; b++) {
        while (st->bucket[b] != 0 && st->status == PASO_OK) {
            flee_group group = take(st, st->bucket[b] - 1);
            st->bucket[b] = group.next;
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
        if (g->km + speed > link->km) st->spot[link->to].coming += flee_people_of(g);
    }
}

/* The k-th of the parts into which a group on a link is cut. */
static void travel_part(flee_state *st, const flee_group *g, uint32_t k, uint32_t slices) {
    flee_trip trip = {.link = g->place, .route = g->route, .state = g->state, .done = g->km};
    double n[FLEE_BINS], all = 0;
    for (int b = 0; b < FLEE_BINS; b++) {
        n[b] = g->n[b];
        if (slices > 1 && n[b] > 0)
            n[b] = floor(g->n[b] * (k + 1) / slices) - floor(g->n[b] * k / slices);
        all += n[b];
    }
    if (all > 0) travel(st, &trip, n, all);
}

static void travel_all(flee_state *st) {
    expect_arrivals(st);
    uint32_t slices = slices_of(st);
    for (uint32_t k = 0; k < slices && st->status == PASO_OK; k++) {
        st->slice = k + 1;
        for (uint32_t i = 0; i < st->on.n && st->status == PASO_OK; i++) {
            travel_part(st, &st->on.item[i], k, slices);
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
