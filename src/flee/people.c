/* The day before anybody moves: conflicts come and go, people arrive, places get their scores. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

#define THRESHOLD 1e-6

/* ---- kinds of places ---- */

void paso_flee_people_retype(flee_state *st, int place, flee_kind kind) {
    const flee_settings *set = &st->s->set;
    flee_spot *spot = &st->spot[place];
    spot->camp = kind == FLEE_CAMP || kind == FLEE_IDP_CAMP;
    spot->idp = kind == FLEE_IDP_CAMP;
    spot->town = kind == FLEE_TOWN;
    spot->marker = kind == FLEE_MARKER;
    spot->intensity = -1;
    switch (kind) {
    case FLEE_TOWN:
        spot->move_chance = set->default_movechance;
        break;
    case FLEE_CAMP:
        spot->move_chance = set->camp_movechance;
        break;
    case FLEE_IDP_CAMP:
        spot->move_chance = set->idpcamp_movechance;
        break;
    case FLEE_CONFLICT:
        spot->move_chance = set->conflict_movechance;
        spot->intensity = set->default_conflict_intensity;
        break;
    case FLEE_FORWARD:
    case FLEE_MARKER:
    case FLEE_OTHER:
        spot->move_chance = 1;
        break;
    }
    if (spot->camp && st->s->fixed && set->camps_are_sinks) spot->move_chance = 0;
}

static void start_conflict(flee_state *st, flee_spot *spot, double intensity) {
    spot->move_chance = st->s->set.conflict_movechance;
    spot->intensity = intensity;
    spot->town = false;
    spot->since = st->day;
}

static void end_conflict(flee_state *st, flee_spot *spot) {
    spot->move_chance = st->s->set.default_movechance;
    spot->intensity = -1;
    spot->town = true;
}

/* Whether a conflict began, ended or (with --fixed) changed. */
static bool follow_column(flee_state *st, size_t p) {
    const paso_flee_scenario *s = st->s;
    flee_spot *spot = &st->spot[p];
    int column = s->place[p].conflict_column;
    const double *value = s->intensity + (size_t)column;
    double now = value[(size_t)st->day * s->n_conflict_columns];
    double before = st->day > 0 ? value[(size_t)(st->day - 1) * s->n_conflict_columns] : 0;
    if (s->place[p].first != (int)p && now > THRESHOLD)
        return false; /* in Flee conflicts begin in the first place of a name and end in all */
    if (now > THRESHOLD && before < THRESHOLD)
        start_conflict(st, spot, now);
    else if (s->fixed && now > THRESHOLD)
        spot->intensity = now;
    else if ((now < THRESHOLD && before >= THRESHOLD) ||
             (s->fixed && st->day == 0 && spot->intensity > 0))
        end_conflict(st, spot);
    else
        return false;
    return true;
}

/* Who arrives today sees the conflicts that begin today; without such a change the weights are
 * yesterday's. */
void paso_flee_people_conflicts(flee_state *st) {
    const paso_flee_scenario *s = st->s;
    bool changed = false;
    for (size_t i = 0; i < s->n_changes; i++) {
        if (s->change[i].day != st->day) continue;
        paso_flee_people_retype(st, s->change[i].place, s->change[i].kind);
        paso_flee_graph_forget(st);
    }
    for (size_t p = 0; p < s->n_places; p++) {
        const flee_place *place = &s->place[p];
        if (place->conflict_column >= 0) {
            changed |= follow_column(st, p);
        } else if (s->fixed && place->conflict_date > 0 && place->conflict_date == st->day) {
            start_conflict(st, &st->spot[p], place->conflict_intensity);
            changed = true;
        }
    }
    if (changed) paso_flee_people_weights(st);
}

/* ---- arrivals ---- */

/* What is left of a conflict's push after a while, by conflict_spawn_decay. */
double paso_flee_people_decay(const flee_state *st, const flee_spot *spot) {
    const flee_settings *set = &st->s->set;
    const flee_numbers *decay = &set->conflict_spawn_decay;
    if (decay->n == 0) return 1;
    double age = floor((st->day - spot->since) / set->conflict_spawn_decay_interval);
    return decay->item[age < (double)(decay->n - 1) ? (size_t)fmax(age, 0) : decay->n - 1];
}

void paso_flee_people_weights(flee_state *st) {
    for (size_t p = 0; p < st->s->n_places; p++) {
        flee_spot *spot = &st->spot[p];
        spot->weight = 0;
        if (spot->intensity > 0)
            spot->weight = spot->population * spot->intensity * paso_flee_people_decay(st, spot);
    }
}

static bool has_room(flee_state *st, double n) {
    if (st->people + n <= FLEE_MOST_PEOPLE) return true;
    snprintf(st->why, sizeof st->why, "day %d: more than %d people; a larger hasten divides them",
             st->day, FLEE_MOST_PEOPLE);
    st->status = PASO_ERR_MODEL;
    return false;
}

static void add_people(flee_state *st, int place, double n) {
    const paso_flee_scenario *s = st->s;
    flee_spot *spot = &st->spot[place];
    double sum = 0;
    if (n <= 0 || !has_room(st, n)) return;
    flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_DEAL, spot->hash);
    for (size_t c = 0; c < s->n_classes; c++)
        st->weight_up_to[c] = sum += s->class_weight[(size_t)place * s->n_classes + c];
    if (!(sum > 0)) {
        snprintf(st->why, sizeof st->why,
                 "day %d: the demographics' weights of %.60s add up to 0, and people set out there",
                 st->day, s->place[place].name);
        st->status = PASO_ERR_MODEL;
        return;
    }
    int parts = paso_flee_draw_split(st, draw, st->weight_up_to, s->n_classes, (int32_t)n);
    if (parts < 0) st->status = PASO_ERR_MEMORY;
    for (int i = 0; i < parts; i++) {
        flee_group group = {.n = {{st->split_count[i]}},
                            .place = (uint32_t)place,
                            .state = flee_state_word(s->set.start_on_foot, st->split_index[i])};
        if (paso_flee_table_add(&st->at, &group) < 0) st->status = PASO_ERR_MEMORY;
    }
    spot->count += n;
    st->people += n;
    paso_flee_move_spare(st, spot);
}

static void spawn(flee_state *st, int place, double n) {
    flee_spot *spot = &st->spot[place];
    add_people(st, place, n);
    if (st->s->set.take_from_population) spot->population = fmax(0, spot->population - n);
}

/* The first column is of the total, whatever it is called. */
static double sum_of_columns(const flee_state *st, size_t first, int day) {
    double sum = 0;
    for (size_t i = first; i < st->s->n_columns; i++)
        sum += paso_flee_series_at(&st->s->column[i], day);
    return sum;
}

/* Flee's change of the counts on this day; on day 0 the total is added to what it sums up. */
static double change_of_counts(const flee_state *st) {
    const paso_flee_scenario *s = st->s;
    if (st->day == 0 && s->set.empty_camps_on_day0) return 0;
    if (!s->set.sum_from_camps) {
        const flee_series *total = &s->column[s->total];
        double before = st->day > 0 ? paso_flee_series_at(total, st->day - 1) : 0;
        return paso_flee_series_at(total, st->day) - before;
    }
    if (st->day == 0) return sum_of_columns(st, s->fixed ? 1 : 0, 0);
    return sum_of_columns(st, 1, st->day) - sum_of_columns(st, 1, st->day - 1);
}

/* Whoever is already in a camp on day 0 is also taken off its capacity (Flee's code). */
static void shrink_capacities(flee_state *st) {
    const paso_flee_scenario *s = st->s;
    for (size_t i = 0; i < s->n_camps; i++) {
        flee_spot *spot = &st->spot[s->camp[i]];
        if (spot->capacity <= 0 || (s->fixed && !s->set.empty_camps_on_day0)) continue;
        spot->capacity -= paso_flee_series_at(&s->column[s->camp_column[i]], 0);
        paso_flee_move_spare(st, spot);
    }
}

/* n people set out, each from a place drawn by the weights. */
static void set_out(flee_state *st, double n) {
    const paso_flee_scenario *s = st->s;
    flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_ENTER, paso_flee_mix(1, 1));
    if (!has_room(st, n)) return;
    int parts = paso_flee_draw_split(st, draw, st->weight_up_to, s->n_places, (int32_t)n);
    double *count = parts > 0 && s->n_places > 0 ? calloc(s->n_places, sizeof *count) : NULL;
    if (!count) {
        if (parts != 0) st->status = PASO_ERR_MEMORY;
        return;
    }
    for (int i = 0; i < parts; i++) count[st->split_index[i]] += st->split_count[i];
    for (size_t p = 0; p < s->n_places; p++) spawn(st, (int)p, count[p]);
    free(count);
}

static void arrive_by_counts(flee_state *st) {
    double change = change_of_counts(st), sum = 0;
    st->raw += change;
    double new = change - st->debt;
    if (st->day == 0 && st->s->set.insert_day0) {
        new = 0;
        shrink_capacities(st);
    }
    st->debt = new < 0 ? -new : 0;
    for (size_t p = 0; p < st->s->n_places; p++) st->weight_up_to[p] = sum += st->spot[p].weight;
    if (!(sum > 0)) { /* Flee asserts it on every day */
        snprintf(st->why, sizeof st->why,
                 "day %d: no conflict zone with people in it, so nobody can set out", st->day);
        st->status = PASO_ERR_MODEL;
        return;
    }
    if (new > 0) set_out(st, new);
}

static void arrive_by_conflict(flee_state *st) {
    const flee_settings *set = &st->s->set;
    double rate = set->displaced_per_conflict_day;
    for (size_t p = 0; p < st->s->n_places; p++) {
        const flee_spot *spot = &st->spot[p];
        double n = 0;
        if (!(spot->intensity > 0)) continue;
        if (set->mode == FLEE_CONSTANT) n = floor(rate * spot->intensity);
        if (set->mode == FLEE_POP_RATIO) n = floor(rate * spot->population * spot->intensity);
        if (set->mode == FLEE_POISSON) {
            flee_draw draw = paso_flee_draw_of(st, PASO_DRAW_ENTER, spot->hash);
            n = paso_poisson(rate * spot->intensity, paso_flee_draw_uniform(draw, 0));
        }
        spawn(st, (int)p, n);
    }
}

paso_status paso_flee_people_arrive(flee_state *st) {
    if (st->s->set.mode == FLEE_COUNTS)
        arrive_by_counts(st);
    else
        arrive_by_conflict(st);
    return st->status;
}

/* ---- scores ---- */

void paso_flee_people_scores(flee_state *st) {
    const flee_settings *set = &st->s->set;
    bool changed = false;
    for (size_t p = 0; p < st->s->n_places; p++) {
        const flee_place *place = &st->s->place[p];
        flee_spot *spot = &st->spot[p];
        double score = 1;
        if (place->foreign && set->use_economic_pull)
            score += place->trade_volume + place->hdi * place->hdi;
        if (place->foreign) score *= set->foreign_weight;
        if (spot->camp) score *= set->camp_weight;
        if (spot->intensity > 0)
            score *=
                paso_pow(set->conflict_weight, spot->intensity * paso_flee_people_decay(st, spot));
        changed |= score != spot->score;
        spot->score = score;
        if (place->capacity_per_day != 0) {
            spot->capacity += place->capacity_per_day;
            paso_flee_move_spare(st, spot);
        }
    }
    bool counted = st->s->n_ethnicities + st->s->n_religions > 0;
    if (changed || counted || (set->use_pop_for_loc_weight && set->take_from_population))
        paso_flee_graph_stale(st);
}

/* How many of each ethnicity and religion are in each place this morning. */
void paso_flee_people_count_values(flee_state *st) {
    const paso_flee_scenario *s = st->s;
    if (s->n_ethnicities + s->n_religions == 0) return;
    if (!s->fixed && st->on.n > 0) {
        snprintf(st->why, sizeof st->why,
                 "day %d: a Match rule is on and people are between places, where Flee stops; "
                 "--fixed counts those in places",
                 st->day);
        st->status = PASO_ERR_MODEL;
        return;
    }
    for (size_t p = 0; p < s->n_places; p++) {
        flee_spot *spot = &st->spot[p];
        memset(spot->by_ethnicity, 0, (s->n_ethnicities + s->n_religions) * sizeof(double));
    }
    for (uint32_t i = 0; i < st->at.n; i++) {
        const flee_group *g = &st->at.item[i];
        const flee_class *class = &s->class_of[flee_class_of(g)];
        flee_spot *spot = &st->spot[g->place];
        if (class->ethnicity >= 0) spot->by_ethnicity[class->ethnicity] += flee_people_of(&g->n);
        if (class->religion >= 0) spot->by_religion[class->religion] += flee_people_of(&g->n);
    }
}

/* ---- start ---- */

static paso_status start_spot(flee_state *st, size_t p) {
    const paso_flee_scenario *s = st->s;
    const flee_place *place = &s->place[p];
    flee_spot *spot = &st->spot[p];
    paso_flee_people_retype(st, (int)p, place->kind);
    if (place->kind == FLEE_CONFLICT) spot->intensity = place->conflict_intensity;
    if (place->camp >= 0 && !spot->camp) { /* by its move chance */
        spot->camp = true;
        spot->town = false;
    }
    spot->since = -1;
    spot->capacity = place->capacity;
    spot->population = place->population;
    spot->spare = 1;
    paso_flee_move_spare(st, spot);
    spot->first = place->first;
    spot->hash = paso_flee_mix(paso_name_hash(place->name), p);
    spot->by_ethnicity = calloc(s->n_ethnicities + s->n_religions + 1, sizeof(double));
    if (!spot->by_ethnicity) return PASO_ERR_MEMORY;
    spot->by_religion = spot->by_ethnicity + s->n_ethnicities;
    return PASO_OK;
}

paso_status paso_flee_people_start(flee_state *st) {
    const paso_flee_scenario *s = st->s;
    paso_status status = PASO_OK;
    for (size_t p = 0; p < s->n_places && status == PASO_OK; p++) status = start_spot(st, p);
    if (status == PASO_OK) status = paso_flee_graph_start(st);
    if (status == PASO_OK) paso_flee_people_weights(st);
    for (size_t i = 0; i < s->n_camps && status == PASO_OK; i++) {
        if (s->set.empty_camps_on_day0) break;
        double n = s->place[s->camp[i]].initial_idps;
        if (s->set.insert_day0) n += paso_flee_series_at(&s->column[s->camp_column[i]], 0);
        add_people(st, s->camp[i], n);
    }
    return status == PASO_OK ? st->status : status;
}
