/* The map as it is today: open links in Flee's order, closures, and for each place the places
 * people may choose with their ways (awareness), found depth first as Flee does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

enum { MAX_STEPS = 64, MAX_CANDIDATES = 300000 };

/* ---- links ---- */

static int cut(int *list, size_t *n, size_t i) {
    int link = list[i];
    memmove(list + i, list + i + 1, (*n - i - 1) * sizeof *list);
    (*n)--;
    return link;
}

static bool country_is(const flee_state *st, int place, const char *name) {
    return strcmp(st->s->place[place].country, name) == 0;
}

static bool concerns(const flee_state *st, const flee_closure *c, int link) {
    int from = st->s->link[link].from, to = st->s->link[link].to;
    switch (c->kind) {
    case FLEE_CLOSE_COUNTRY:
        return (country_is(st, from, c->name1) && country_is(st, to, c->name2)) ||
               (country_is(st, from, c->name2) && country_is(st, to, c->name1));
    case FLEE_CLOSE_LOCATION:
        return from == c->place || to == c->place;
    case FLEE_CLOSE_LINK: /* Flee's comparison of names fails, so that nothing is closed */
        return st->s->fixed &&
               ((from == c->place && to == c->other) || (from == c->other && to == c->place));
    case FLEE_CLOSE_CAMP:
    case FLEE_CLOSE_IDP_CAMP:
    case FLEE_CLOSE_FORCED:
        return false;
    }
    return false;
}

/* Whoever is on a closed link is sent back at its end, also if it has opened again by then. */
static void cut_off(flee_state *st) {
    size_t n = st->s->n_links;
    for (uint32_t i = 0; i < st->on.n; i++) {
        flee_group group = st->on.item[i];
        if (group.place < n && st->link_closed[group.place]) group.place += (uint32_t)n;
        if (paso_flee_table_add(&st->next_on, &group) < 0) st->status = PASO_ERR_MEMORY;
    }
    paso_flee_table_swap(&st->on, &st->next_on);
}

static void move_links(flee_state *st, const flee_closure *c, bool close) {
    for (size_t p = 0; p < st->s->n_places; p++) {
        flee_spot *spot = &st->spot[p];
        int *from = close ? spot->link : spot->closed, *to = close ? spot->closed : spot->link;
        size_t *n_from = close ? &spot->n_links : &spot->n_closed;
        size_t *n_to = close ? &spot->n_closed : &spot->n_links;
        for (size_t i = 0; i < *n_from;) {
            if (!concerns(st, c, from[i])) {
                i++;
                continue;
            }
            int link = cut(from, n_from, i);
            to[(*n_to)++] = link;
            st->link_closed[link] = close;
        }
    }
    paso_flee_graph_forget(st);
    if (close) cut_off(st);
}

static void switch_camp(flee_state *st, const flee_closure *c, bool close) {
    flee_spot *spot = &st->spot[c->place];
    double capacity = spot->capacity, population = spot->population;
    bool idp = spot->idp && !close; /* Flee forgets that at a closure alone */
    paso_flee_people_retype(st, c->place,
                            close                            ? FLEE_TOWN
                            : c->kind == FLEE_CLOSE_IDP_CAMP ? FLEE_IDP_CAMP
                                                             : FLEE_CAMP);
    spot->capacity = capacity;
    spot->population = population;
    spot->idp |= idp;
    paso_flee_move_spare(st, spot);
    paso_flee_graph_forget(st);
}

static void switch_forced(flee_state *st, const flee_closure *c, bool close) {
    for (size_t i = 0; i < st->s->n_links; i++) {
        const flee_link *link = &st->s->link[i];
        if (link->from == c->place && link->to == c->other) st->link_forced[i] = !close;
    }
}

static void apply(flee_state *st, const flee_closure *c, bool close) {
    if (c->kind == FLEE_CLOSE_CAMP || c->kind == FLEE_CLOSE_IDP_CAMP)
        switch_camp(st, c, close);
    else if (c->kind == FLEE_CLOSE_FORCED)
        switch_forced(st, c, close);
    else
        move_links(st, c, close);
}

void paso_flee_graph_closures(flee_state *st) {
    for (size_t i = 0; i < st->s->n_closures; i++) {
        const flee_closure *c = &st->s->closure[i];
        if (c->start == st->day) apply(st, c, true);
        if (c->end == st->day) apply(st, c, false);
    }
}

int paso_flee_graph_link_to(const flee_state *st, int place, int to) {
    const flee_spot *spot = &st->spot[place];
    for (size_t i = 0; i < spot->n_links; i++)
        if (st->s->link[spot->link[i]].to == to) return spot->link[i];
    return -1;
}

/* ---- routes ---- */

static uint32_t *route_slot(const flee_state *st, int place, uint32_t rest) {
    size_t mask = st->route.n_slots - 1;
    size_t i = (size_t)paso_flee_mix((uint64_t)place, rest) & mask;
    for (; st->route.slot[i] != 0; i = (i + 1) & mask) {
        const flee_route *r = &st->route.items[st->route.slot[i]];
        if (r->place == place && r->rest == rest) break;
    }
    return &st->route.slot[i];
}

static int grow_routes(flee_state *st) {
    size_t n_slots = st->route.n_slots ? 2 * st->route.n_slots : 256;
    uint32_t *slot = calloc(n_slots, sizeof *slot);
    if (!slot) return -1;
    free(st->route.slot);
    st->route.slot = slot;
    st->route.n_slots = n_slots;
    for (size_t i = 1; i < st->route.n; i++)
        *route_slot(st, st->route.items[i].place, st->route.items[i].rest) = (uint32_t)i;
    return 0;
}

static uint32_t intern(flee_state *st, int place, uint32_t rest) {
    if (2 * st->route.n >= st->route.n_slots && grow_routes(st) != 0) {
        st->status = PASO_ERR_MEMORY;
        return 0;
    }
    uint32_t *slot = route_slot(st, place, rest);
    if (*slot != 0) return *slot;
    flee_route route = {.place = place, .rest = rest};
    route.final = rest ? st->route.items[rest].final : place;
    route.hash = paso_flee_mix(st->spot[place].hash, st->route.items[rest].hash);
    if (PASO_PUSH(&st->route, route) != 0) {
        st->status = PASO_ERR_MEMORY;
        return 0;
    }
    return *slot = (uint32_t)st->route.n - 1;
}

/* ---- candidates ---- */

typedef struct search {
    flee_state *st;
    flee_choice *choice;
    int node[MAX_STEPS]; /* from the place itself to the end */
    int depth, limit;
    int visits; /* markers are no candidates, and cost time too */
} search;

static bool on_path(const search *s, int place) {
    for (int i = 0; i < s->depth - 1; i++) /* the end itself is not looked at, as in Flee */
        if (s->node[i] == place) return true;
    return false;
}

static void too_much(flee_state *st, int most, const char *of_what) {
    snprintf(st->why, sizeof st->why, "more than %d %s: lower awareness_level", most, of_what);
    st->status = PASO_ERR_MODEL;
}

static void add_candidate(search *s, double km) {
    flee_state *st = s->st;
    const flee_settings *set = &st->s->set;
    flee_candidate c = {.end = s->node[s->depth - 1]};
    c.link = paso_flee_graph_link_to(st, s->node[0], s->node[1]);
    for (int i = s->depth - 1; i > 1; i--) c.route = intern(st, s->node[i], c.route);
    c.nearness = 1 / paso_pow(set->softening + km, set->distance_power);
    if (st->s->fixed && set->awareness_level < 0) c.nearness = 1;
    if (s->choice->n >= MAX_CANDIDATES) {
        too_much(st, MAX_CANDIDATES, "ways from one place");
    } else if (PASO_PUSH(s->choice, c) != 0) {
        st->status = PASO_ERR_MEMORY;
    }
}

static void walk(search *s, double km, int step) {
    flee_state *st = s->st;
    int end = s->node[s->depth - 1];
    const flee_spot *spot = &st->spot[end];
    if (s->visits++ > 10 * MAX_CANDIDATES) too_much(st, s->visits, "links on ways from one place");
    if (!spot->marker) {
        add_candidate(s, km);
        if (s->limit <= step) return;
        step++;
    }
    for (size_t i = 0; i < spot->n_links && st->status == PASO_OK; i++) {
        const flee_link *link = &st->s->link[spot->link[i]];
        if (on_path(s, link->to)) continue;
        if (s->depth >= MAX_STEPS) {
            too_much(st, MAX_STEPS - 1, "steps on a way");
            return;
        }
        s->node[s->depth++] = link->to;
        walk(s, km + link->km, step);
        s->depth--;
    }
}

/* Whoever enters such a link from another way is on it at the day's end, with a day's distance
 * done. */
static bool is_far(const flee_state *st, const flee_candidate *c) {
    const flee_link *link = &st->s->link[c->link];
    return link->walk == 0 && link->speed == 0 && st->s->set.max_move_speed <= link->km;
}

/* Near ones first, else in Flee's order. */
static void sort_far(flee_state *st, flee_choice *choice) {
    flee_candidate *far = malloc((choice->n + 1) * sizeof *far);
    size_t n_far = 0;
    choice->n_near = 0;
    if (!far) {
        st->status = PASO_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < choice->n; i++) {
        if (is_far(st, &choice->items[i]))
            far[n_far++] = choice->items[i];
        else
            choice->items[choice->n_near++] = choice->items[i];
    }
    if (n_far > 0) memcpy(choice->items + choice->n_near, far, n_far * sizeof *far);
    free(far);
}

static void find_candidates(flee_state *st, int place) {
    flee_spot *spot = &st->spot[place];
    search s = {.st = st, .choice = &spot->choice, .node = {place}, .depth = 1};
    double awareness = st->s->set.awareness_level;
    s.limit = awareness > 1 ? (int)awareness : 1;
    spot->choice.n = 0;
    if (awareness == 0 && !st->s->fixed) return; /* nobody finds a way: Flee freezes everybody */
    for (size_t i = 0; i < spot->n_links; i++) {
        const flee_link *link = &st->s->link[spot->link[i]];
        s.node[s.depth++] = link->to;
        walk(&s, link->km, 1);
        s.depth--;
    }
    sort_far(st, s.choice);
}

/* ---- weights ---- */

static double great_circle(const flee_state *st, int a, int b) {
    const flee_place *p = &st->s->place[a], *q = &st->s->place[b];
    const double rad = 3.14159265358979323846 / 180, radius = 6371;
    /* Flee takes the second column for the latitude. */
    double lat1 = p->y * rad, lat2 = q->y * rad, dlon = (q->x - p->x) * rad;
    if (st->s->fixed) lat1 = p->x * rad, lat2 = q->x * rad, dlon = (q->y - p->y) * rad;
    double u = sin((lat2 - lat1) / 2), v = sin(dlon / 2);
    double h = u * u + cos(lat1) * cos(lat2) * v * v;
    return 2 * radius * asin(sqrt(h < 1 ? h : 1));
}

static double ratio(const flee_spot *spot, const double *by_value, int value) {
    return by_value[value] / (spot->population < 1 ? 1e8 : spot->population);
}

/* The endpoint's attraction E(v) for a class of people who stand at `from`. */
static double attraction(const flee_state *st, int from, int end, const flee_class *class) {
    const flee_settings *set = &st->s->set;
    const flee_spot *spot = &st->spot[end];
    double e = spot->score;
    if (class->hazard == 1) e *= e;
    if (class->hazard == 2) e = 1;
    if (set->stay_close_to_home)
        e /= paso_pow(fmax(1, great_circle(st, end, from)), set->home_distance_power);
    if (spot->camp) {
        if (set->match_camp_ethnicity) e *= 10 * ratio(spot, spot->by_ethnicity, class->ethnicity);
        if (set->match_camp_religion)
            e *= ratio(spot, spot->by_religion, class->religion) / set->avg_religion_fraction;
        return e;
    }
    bool match = spot->intensity > 0 ? set->match_conflict_ethnicity : set->match_town_ethnicity;
    if (match) e *= 10 * ratio(spot, spot->by_ethnicity, class->ethnicity);
    if (set->use_pop_for_loc_weight)
        e *= paso_pow(fmax(1, spot->population), set->pop_power_for_loc_weight);
    return e;
}

static paso_status reserve_numbers(const flee_state *st, flee_choice *choice) {
    size_t need = (choice->n + 1) * (st->s->n_classes + 2);
    if (need <= choice->cap_numbers) return PASO_OK;
    double *numbers = realloc(choice->base, need * sizeof *numbers);
    if (!numbers) return PASO_ERR_MEMORY;
    choice->base = numbers;
    choice->cap_numbers = need;
    return PASO_OK;
}

/* Whether people in a place can ever keep others from choosing it. */
static bool has_limit(const flee_state *st, int place) {
    double capacity = st->spot[place].capacity;
    return capacity * st->s->set.capacity_scaling >= 1 || (st->s->fixed && capacity == 0) ||
           st->s->place[place].capacity_per_day != 0;
}

static void weigh(const flee_state *st, int place) {
    const flee_settings *set = &st->s->set;
    flee_choice *choice = &st->spot[place].choice;
    bool blind = st->s->fixed && set->awareness_level < 1; /* only ways are weighed */
    choice->limited = false;
    for (size_t i = 0; i < choice->n; i++) {
        const flee_candidate *c = &choice->items[i];
        choice->limited |= has_limit(st, c->end);
        for (size_t k = 0; k < st->s->n_classes; k++) {
            double e = blind ? 1 : attraction(st, place, c->end, &st->s->class_of[k]);
            double w = (set->weight_softening + e) * c->nearness;
            choice->base[k * choice->n + i] = paso_pow(w, set->weight_power);
        }
    }
    choice->up_to = choice->base + choice->n * st->s->n_classes;
    choice->near = choice->up_to + choice->n;
    choice->far = choice->near + choice->n_near + 1;
    choice->lumped = !choice->limited && choice->n - choice->n_near > 1;
    choice->of_class = -1;
    choice->fresh = true;
}

static void prune(const flee_settings *set, const flee_choice *choice) {
    double best = 0;
    if (set->pruning_threshold < 1.001) return;
    for (size_t i = 0; i < choice->n; i++) best = fmax(best, choice->up_to[i]);
    for (size_t i = 0; i < choice->n; i++)
        if (choice->up_to[i] < best / set->pruning_threshold) choice->up_to[i] = 0;
}

static void sum_up(const flee_state *st, flee_choice *choice, int class) {
    const flee_settings *set = &st->s->set;
    const double *base = choice->base + (size_t) class * choice->n;
    double sum = 0;
    for (size_t i = 0; i < choice->n; i++) {
        double spare = st->spot[choice->items[i].end].spare;
        choice->up_to[i] = spare == 1 ? base[i] : base[i] * paso_pow(spare, set->weight_power);
    }
    prune(set, choice);
    for (size_t i = 0; i < choice->n; i++) choice->up_to[i] = sum += choice->up_to[i];
    if (!(sum > 0)) /* nothing attracts: all the same */
        for (size_t i = 0; i < choice->n; i++) choice->up_to[i] = (double)i + 1;
    if (choice->lumped) {
        size_t n = choice->n_near;
        double before = n > 0 ? choice->up_to[n - 1] : 0;
        memcpy(choice->near, choice->up_to, n * sizeof *choice->near);
        choice->near[n] = choice->up_to[choice->n - 1];
        for (size_t i = n; i < choice->n; i++) choice->far[i - n] = choice->up_to[i] - before;
    }
    choice->of_class = class;
    choice->of_spare = st->spare_version;
}

paso_status paso_flee_graph_choice(flee_state *st, int place, int class) {
    flee_choice *choice = &st->spot[place].choice;
    if (!choice->fresh) {
        if (choice->n == 0) find_candidates(st, place);
        if (st->status == PASO_OK) st->status = reserve_numbers(st, choice);
        if (st->status != PASO_OK) return st->status;
        weigh(st, place);
    }
    if (choice->of_class != class || (choice->limited && choice->of_spare != st->spare_version))
        sum_up(st, choice, class);
    return PASO_OK;
}

void paso_flee_graph_stale(flee_state *st) {
    for (size_t p = 0; p < st->s->n_places; p++) st->spot[p].choice.fresh = false;
}

void paso_flee_graph_forget(flee_state *st) {
    for (size_t p = 0; p < st->s->n_places; p++) st->spot[p].choice.n = 0;
    paso_flee_graph_stale(st);
}

/* ---- start and end ---- */

paso_status paso_flee_graph_start(flee_state *st) {
    const paso_flee_scenario *s = st->s;
    st->link_closed = calloc(s->n_links + 1, sizeof *st->link_closed);
    st->link_forced = calloc(s->n_links + 1, sizeof *st->link_forced);
    st->link_store = calloc(2 * s->n_links + 1, sizeof *st->link_store);
    if (!st->link_closed || !st->link_forced || !st->link_store) return PASO_ERR_MEMORY;
    int *store = st->link_store;
    for (size_t p = 0; p < s->n_places; p++) {
        flee_spot *spot = &st->spot[p];
        spot->link = store;
        for (size_t i = 0; i < s->n_links; i++)
            if (s->link[i].from == (int)p) spot->link[spot->n_links++] = (int)i;
        spot->closed = store + spot->n_links;
        store += 2 * spot->n_links;
    }
    for (size_t i = 0; i < s->n_links; i++) st->link_forced[i] = s->link[i].forced;
    flee_route none = {.place = -1, .final = -1};
    return PASO_PUSH(&st->route, none) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

void paso_flee_graph_free(flee_state *st) {
    for (size_t p = 0; st->spot && p < st->s->n_places; p++) {
        free(st->spot[p].choice.items);
        free(st->spot[p].choice.base);
    }
    free(st->link_closed);
    free(st->link_forced);
    free(st->link_store);
    free(st->route.items);
    free(st->route.slot);
}
