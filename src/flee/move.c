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
    if (!none && (limit < 1 || n <= set->capacity_buffer * limit))
        spare = 1;
    else if (none || n >= limit)
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

static int add(flee_state *st, flee_table *table, const flee_group *group) {
    int index = paso_flee_table_add(table, group);
    if (index < 0) st->status = PASO_ERR_MEMORY;
    return index;
}

/* At the day's end, with km travelled today, recent travel becomes half of what it was and half of
 * today, in whole steps. A tie goes down, so that rest ends at zero. */
static flee_steps after_day(const flee_state *st, const flee_steps *n, double km) {
    if (!st->s->set.avoid_short_stints) return *n;
    int today = paso_flee_ceil(km * st->recent_per_km), first = today >> 1;
    int32_t padded[FLEE_BINS + 4] = {0}, wide[FLEE_BINS + 5] = {0};
    flee_steps steps;
    if (first > FLEE_BINS) first = FLEE_BINS;
    memcpy(padded + 1, n->n, sizeof n->n);
    const int32_t *pair = padded + (today & 1 ? 0 : 1);
    for (int i = 0; i < 5; i++) wide[first + i] = pair[2 * i] + pair[2 * i + 1];
    for (int i = FLEE_BINS; i < FLEE_BINS + 5; i++) wide[FLEE_BINS - 1] += wide[i];
    memcpy(steps.n, wide, sizeof steps.n);
    return steps;
}

/* The day is over for these people, who stay in `place`. */
static void settle(flee_state *st, uint32_t place, uint32_t route, uint32_t state,
                   const flee_steps *n, double km) {
    flee_group group = {.n = after_day(st, n, km), .place = place, .route = route, .state = state};
    add(st, &st->next_at, &group);
}

/* ---- the queue of those who go on ---- */

/* People of one span are one count, with their mean distance; spans are worked off by their ends,
 * so that whoever can come into one has come. */
static void enqueue(flee_state *st, flee_group *group, int32_t all) {
    size_t b = (size_t)group->km;
    int span = st->s->span[group->place * (size_t)st->s->n_cells + b];
    group->far = group->km * all;
    if (span >= 0) {
        b = (size_t)span;
        group->km = span;
    }
    int index = add(st, &st->queue, group);
    if (index < 0) return;
    flee_group *item = &st->queue.item[index];
    if (item->waiting) return;
    if (b < st->bucket_now) b = st->bucket_now; /* spans of two places need not meet */
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
    const flee_link *link;
    bool closed; /* while they were on it */
    uint32_t route, state;
    double done, km; /* on the link, and today */
} flee_trip;

static flee_trip trip_of(const flee_state *st, const flee_group *g) {
    size_t n = st->s->n_links;
    bool closed = g->place >= n;
    return (flee_trip){.link = &st->s->link[closed ? g->place - n : g->place],
                       .closed = closed,
                       .route = g->route,
                       .state = g->state,
                       .done = g->km};
}

static uint32_t place_of(const flee_state *st, const flee_trip *trip) {
    size_t link = (size_t)(trip->link - st->s->link);
    return (uint32_t)(trip->closed ? link + st->s->n_links : link);
}

static void hop(flee_state *st, const flee_trip *trip, const flee_steps *n, int32_t all,
                double speed) {
    const flee_link *link = trip->link;
    flee_group group = {.route = trip->route, .state = trip->state};
    if (trip->done + speed <= link->km) {
        group.n = after_day(st, n, trip->km + speed);
        group.place = place_of(st, trip);
        group.km = trip->done + speed;
        add(st, &st->next_on, &group);
        return;
    }
    double km = trip->km + link->km - trip->done;
    group.place = (uint32_t)(trip->closed ? link->from : link->to);
    group.state &= 255; /* arrived somewhere */
    change_count(st, group.place, all);
    if (trip->closed || km >= speed) {
        settle(st, group.place, group.route, group.state, n, km);
        return;
    }
    group.n = *n;
    group.km = km;
    enqueue(st, &group, all);
}

static uint64_t who_of(const flee_state *st, uint32_t state, uint32_t route, double km,
                       uint64_t place_hash) {
    uint64_t h = paso_flee_mix(place_hash ^ ((uint64_t)st->slice << 32 | state), paso_bits_of(km));
    return route ? paso_flee_mix(h, st->route.items[route].hash) : h;
}

static void travel(flee_state *st, const flee_trip *trip, flee_steps *n, int32_t all) {
    const flee_settings *set = &st->s->set;
    const flee_link *link = trip->link;
    double speed = link->speed > 0 ? link->speed : set->max_move_speed;
    st->n_steps++;
    if (trip->state >= 256) speed = set->max_walk_speed;
    if (link->walk > 0) {
        uint64_t hash = paso_flee_mix(st->spot[link->from].hash, place_of(st, trip));
        hash = paso_flee_mix(hash, paso_bits_of(trip->done));
        flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_STEP,
                                           who_of(st, trip->state, trip->route, trip->km, hash));
        int32_t walkers = paso_flee_draw_binomial(draw, all, link->walk, 0);
        flee_steps walking = paso_flee_draw_deal(n, all, walkers, paso_flee_draw_uniform(draw, 1));
        if (walkers > 0) hop(st, trip, &walking, walkers, set->max_walk_speed);
        all -= walkers;
    }
    if (all > 0) hop(st, trip, n, all, speed);
}

/* ---- decisions ---- */

/* People of group g enter a link: at once in the queue's phase, after everybody's decision in the
 * first. */
static void enter(flee_state *st, const flee_group *g, int link, uint32_t route, flee_steps *n,
                  int32_t all) {
    change_count(st, g->place, -all);
    flee_group mover = {.n = *n, .place = (uint32_t)link, .route = route, .state = g->state};
    if (st->slice == 0) {
        add(st, &st->on, &mover);
        return;
    }
    flee_trip trip = trip_of(st, &mover);
    trip.km = g->far;
    travel(st, &trip, n, all);
}

static bool refused(const flee_state *st, int place) {
    const flee_spot *spot = &st->spot[st->spot[place].first];
    return spot->camp && spot->spare < 0.5;
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

/* They are on the way to somewhere at the day's end; where to is drawn for all of the place. */
static void go_far(flee_state *st, const flee_group *g, const flee_steps *n, int32_t all) {
    flee_group group = {.n = after_day(st, n, g->far + st->s->set.max_move_speed),
                        .place = g->place,
                        .state = g->state};
    change_count(st, g->place, -all);
    add(st, &st->away, &group);
}

static void deal_far(flee_state *st, flee_group *g) {
    const flee_choice *choice = &st->spot[g->place].choice;
    int32_t all = flee_people_of(&g->n);
    if (paso_flee_graph_choice(st, (int)g->place, (int)flee_class_of(g)) != PASO_OK) return;
    uint64_t who = paso_flee_mix(st->spot[g->place].hash, g->state);
    flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_BINS, who);
    int parts = paso_flee_draw_split(st, draw, choice->far, choice->n - choice->n_near, all);
    if (parts < 0) st->status = PASO_ERR_MEMORY;
    double u = paso_flee_draw_uniform(draw, UINT32_MAX);
    for (int i = 0; i < parts; i++) {
        const flee_candidate *c = &choice->items[choice->n_near + st->split_index[i]];
        flee_group group = {.n = paso_flee_draw_deal(&g->n, all, st->split_count[i], u),
                            .place = (uint32_t)c->link,
                            .route = c->route,
                            .state = g->state,
                            .km = st->s->set.max_move_speed};
        all -= st->split_count[i];
        u = u + GOLDEN < 1 ? u + GOLDEN : u + GOLDEN - 1;
        add(st, &st->next_on, &group);
    }
}

/* Deals `all` people who leave over the places they know; whoever is refused stays in n. Nothing
 * below splits again, so that the parts can be read while people enter links. */
static void choose(flee_state *st, const flee_group *g, uint64_t who, flee_steps *n, int32_t all) {
    const flee_choice *choice = &st->spot[g->place].choice;
    flee_steps back = {{0}};
    if (paso_flee_graph_choice(st, (int)g->place, (int)flee_class_of(g)) != PASO_OK) return;
    flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_ACROSS, who);
    bool lumped = choice->lumped && !flee_first(g);
    int parts = paso_flee_draw_split(st, draw, lumped ? choice->near : choice->up_to,
                                     lumped ? choice->n_near + 1 : choice->n, all);
    if (parts < 0) st->status = PASO_ERR_MEMORY;
    if (parts <= 0) return;
    double u = parts > 1 ? paso_flee_draw_uniform(draw, UINT32_MAX) : 0.5;
    for (int i = 0; i < parts; i++) {
        const flee_candidate *c = &choice->items[st->split_index[i]];
        int32_t part = st->split_count[i];
        flee_steps some = paso_flee_draw_deal(n, all, part, u);
        all -= part;
        u = u + GOLDEN < 1 ? u + GOLDEN : u + GOLDEN - 1;
        if (lumped && st->split_index[i] == choice->n_near) {
            go_far(st, g, &some, part);
        } else if (!refused(st, c->end)) {
            enter(st, g, c->link, c->route, &some, part);
        } else {
            for (int b = 0; b < FLEE_BINS; b++) back.n[b] += some.n[b];
        }
    }
    *n = back;
}

/* Whoever stays is left in n, without their route. */
static void follow_route(flee_state *st, const flee_group *g, flee_steps *n, int32_t all) {
    const flee_route *route = &st->route.items[g->route];
    int link = paso_flee_graph_link_to(st, (int)g->place, route->place);
    if (link < 0 || refused(st, route->final)) return;
    enter(st, g, link, route->rest, n, all);
    memset(n, 0, sizeof *n);
}

/* Whoever finds no way is left in n. */
static void leave(flee_state *st, const flee_group *g, uint64_t who, flee_steps *n, int32_t all) {
    int forced = forced_link(st, g->place);
    if (forced < 0) {
        choose(st, g, who, n, all);
        return;
    }
    enter(st, g, forced, 0, n, all);
    memset(n, 0, sizeof *n);
}

/* Below this step of recent travel the day was too short so far. */
static int pressed_below(const flee_state *st, const flee_group *g) {
    if (st->slice == 0 || !st->s->set.avoid_short_stints || !st->spot[g->place].town) return 0;
    int limit = paso_flee_ceil(FLEE_RECENT - g->far * st->recent_per_km);
    return limit > 0 ? limit : 0; /* at most FLEE_RECENT */
}

/* Who leaves is moved from n to `leaving`: all below the limit, and some of the others. */
static int32_t draw_leaving(flee_state *st, const flee_group *g, uint64_t who, flee_steps *n,
                            flee_steps *leaving) {
    int limit = pressed_below(st, g);
    int32_t pressed = 0, others = flee_people_of(n);
    flee_steps hurried = {{0}};
    for (int b = 0; b < limit; b++) {
        pressed += hurried.n[b] = n->n[b];
        n->n[b] = 0;
    }
    others -= pressed;
    flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_EXIT, who);
    int32_t out = paso_flee_draw_binomial(draw, others, chance(st, g), 0);
    *leaving = hurried;
    if (out == 0) return pressed;
    flee_steps some = paso_flee_draw_deal(n, others, out, paso_flee_draw_uniform(draw, 1));
    for (int b = 0; b < FLEE_BINS; b++) leaving->n[b] += some.n[b];
    return pressed + out;
}

static void decide(flee_state *st, const flee_group *g) {
    flee_steps n = g->n, leaving = {{0}};
    st->n_steps++;
    if (g->route != 0) {
        follow_route(st, g, &n, flee_people_of(&n));
    } else {
        uint64_t who = who_of(st, g->state, 0, g->km, st->spot[g->place].hash);
        int32_t out = draw_leaving(st, g, who, &n, &leaving);
        if (out > 0) leave(st, g, who, &leaving, out);
    }
    for (int b = 0; b < FLEE_BINS; b++) n.n[b] += leaving.n[b];
    if (flee_people_of(&n) > 0) settle(st, g->place, 0, g->state, &n, g->far);
}

/* ---- the day ---- */

static double people_in(const flee_table *t) {
    double sum = 0;
    for (uint32_t i = 0; i < t->n; i++) sum += flee_people_of(&t->item[i].n);
    return sum;
}

/* Takes a group out of the queue; `far` is then each one's distance today. */
static flee_group take(flee_state *st, uint32_t index) {
    flee_group *item = &st->queue.item[index], group = *item;
    bool alone = st->s->span[group.place * (size_t)st->s->n_cells + (size_t)group.km] < 0;
    group.far = alone ? group.km : group.far / flee_people_of(&group.n);
    memset(&item->n, 0, sizeof item->n);
    item->far = 0;
    item->waiting = false;
    return group;
}

static void work_off_queue(flee_state *st) {
    double limit = 1e8 + st->n_steps;
    for (size_t b = 0; b < (size_t)st->s->n_cells; b++) {
        st->bucket_now = b;
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
    st->bucket_now = 0;
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

/* Whoever is still on their link tonight rides on by a day; those who may arrive stay in `on` and
 * are counted. Nobody who enters a link today has as many kilometres done, so that nothing need be
 * looked up. */
static void ride_on(flee_state *st) {
    const flee_settings *set = &st->s->set;
    uint32_t kept = 0;
    for (size_t p = 0; p < st->s->n_places; p++) st->spot[p].coming = 0;
    for (uint32_t i = 0; i < st->on.n; i++) {
        flee_group *g = &st->on.item[i];
        flee_trip trip = trip_of(st, g);
        double speed = trip.link->speed > 0 ? trip.link->speed : set->max_move_speed;
        if (flee_first(g)) speed = set->max_walk_speed;
        bool arrives = g->km + speed > trip.link->km;
        if (arrives && !trip.closed) st->spot[trip.link->to].coming += flee_people_of(&g->n);
        if (arrives || trip.link->walk > 0) {
            st->on.item[kept++] = *g;
            continue;
        }
        g->n = after_day(st, &g->n, speed);
        g->km += speed;
        st->n_steps++;
        if (paso_flee_table_append(&st->next_on, g) != 0) st->status = PASO_ERR_MEMORY;
    }
    st->on.n = kept;
}

/* The k-th of the parts into which a group on a link is cut. */
static void travel_part(flee_state *st, const flee_group *g, uint32_t k, uint32_t slices) {
    flee_trip trip = trip_of(st, g);
    flee_steps n = g->n;
    for (int b = 0; b < FLEE_BINS && slices > 1; b++)
        n.n[b] = (int32_t)((int64_t)g->n.n[b] * (k + 1) / slices - (int64_t)g->n.n[b] * k / slices);
    int32_t all = flee_people_of(&n);
    if (all > 0) travel(st, &trip, &n, all);
}

static void travel_all(flee_state *st) {
    ride_on(st);
    uint32_t slices = slices_of(st);
    for (uint32_t k = 0; k < slices && st->status == PASO_OK; k++) {
        st->slice = k + 1;
        for (uint32_t i = 0; i < st->on.n && st->status == PASO_OK; i++) {
            travel_part(st, &st->on.item[i], k, slices);
        }
        work_off_queue(st);
    }
    for (uint32_t i = 0; i < st->away.n && st->status == PASO_OK; i++)
        deal_far(st, &st->away.item[i]);
    paso_flee_table_empty(&st->away);
}

paso_status paso_flee_move_day(flee_state *st) {
    st->slice = 0;
    for (uint32_t i = 0; i < st->at.n && st->status == PASO_OK; i++) decide(st, &st->at.item[i]);
    travel_all(st);
    paso_flee_table_swap(&st->at, &st->next_at);
    paso_flee_table_swap(&st->on, &st->next_on);
    if (st->status == PASO_OK && people_in(&st->at) + people_in(&st->on) != st->people) {
        snprintf(st->why, sizeof st->why, "day %d: people were lost or made", st->day);
        st->status = PASO_ERR_MODEL;
    }
    return st->status;
}
