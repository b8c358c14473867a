/* One member at work. People in the same place in the same state are one group with a count; all
 * groups of a day stand in a table without order of persons (docs/flee.md, "Order of draws"). */
#ifndef PASO_FLEE_STATE_H
#define PASO_FLEE_STATE_H

#include "flee/flee.h"
#include "random/random.h"

/* Recent travel: the average of recent days' km by the longest day, in steps of 1/FLEE_RECENT.
 * MOST_PEOPLE: products of two counts are exact in doubles. */
enum { FLEE_RECENT = 4, FLEE_BINS = 8, FLEE_MOST_PEOPLE = 60000000 };

/* Counts of people by step of recent travel. */
typedef struct flee_steps {
    int32_t n[FLEE_BINS];
} flee_steps;

/* People alike but for their recent travel, of which each step has its own count: they draw
 * together, and what is drawn is dealt over the steps. `place` is a place or a link, as the table
 * says; a link's number + n_links is that link for those who were on it when it was closed. */
typedef struct flee_group {
    flee_steps n;
    double km;  /* on a link: done on it; in the queue: done today, or their span; else 0 */
    double far; /* km today: in the queue of all together, of each once taken out */
    uint32_t place;
    uint32_t route; /* 0: none */
    uint32_t state; /* first and class in one word: they are compared together */
    uint32_t next;  /* in the queue: the next group of the same kilometre */
    bool waiting;   /* in the queue and not yet worked off */
} flee_group;

/* first: has arrived nowhere yet; 0 for all where nobody starts on foot. */
static inline uint32_t flee_state_word(bool first, uint32_t class) {
    return (first ? 256U : 0U) | class;
}
static inline bool flee_first(const flee_group *g) {
    return g->state >= 256;
}
static inline uint32_t flee_class_of(const flee_group *g) {
    return g->state & 255;
}
static inline int32_t flee_people_of(const flee_steps *steps) {
    int32_t sum = 0;
    for (int b = 0; b < FLEE_BINS; b++) sum += steps->n[b];
    return sum;
}

/* Groups in the order in which they appeared, found by their state. */
typedef struct flee_table {
    flee_group *item;
    uint32_t n, cap;
    uint32_t *slot; /* [n_slots] index + 1 of a group, 0: free */
    uint32_t n_slots;
} flee_table;

/* What is left of a way: the next place and the rest. Number 0 is "no route". */
typedef struct flee_route {
    int place;
    uint32_t rest;
    int final;
    uint64_t hash;
} flee_route;

/* A place people may choose, with the way there. */
typedef struct flee_candidate {
    int link;       /* first link of the way */
    uint32_t route; /* the rest of the way */
    int end;
    double nearness; /* 1/(softening + length)^distance_power */
} flee_candidate;

typedef struct flee_choice {
    flee_candidate *items; /* near ones first */
    size_t n, cap, n_near;
    double *base;  /* [n_classes][n] weight but for capacities */
    double *up_to; /* [n] running sums of one class with capacities */
    double *near,
        *far; /* if lumped: running sums [n_near + 1] with all far ones last, and theirs */
    size_t cap_numbers;
    bool limited;      /* an end has a capacity */
    bool lumped;       /* those who go far are dealt over their links once a day */
    bool fresh;        /* base is of today's scores */
    int of_class;      /* whose up_to this is; -1: nobody's */
    uint64_t of_spare; /* and of which state of the camps */
} flee_choice;

typedef struct flee_spot {
    bool camp, idp, town, marker;
    double intensity; /* above 0 in a conflict zone */
    int since;        /* day on which the conflict began, -1: before the first */
    double move_chance, capacity, population;
    double score, weight; /* as a destination; for arrivals */
    double count;         /* people here now */
    double spare;         /* capacity multiplier, 1 to 0 */
    double coming;        /* people who arrive today by the link they are on */
    uint64_t hash;
    int first; /* place of its name that Flee asks whether it is full: mostly itself */
    int *link; /* open links in Flee's order */
    size_t n_links;
    int *closed;
    size_t n_closed;
    flee_choice choice;
    double *by_ethnicity, *by_religion; /* people by value this morning */
} flee_spot;

typedef struct flee_state {
    const paso_flee_scenario *s;
    uint64_t seed;
    uint32_t member;
    int day;
    uint64_t today; /* of seed, member and day: what all draws of the day begin with */
    flee_spot *spot;
    bool *link_closed, *link_forced; /* [n_links] */
    int *link_store;                 /* what spots' lists point into */
    struct {
        flee_route *items;
        size_t n, cap;
        uint32_t *slot; /* [n_slots] number of a route, 0: free */
        size_t n_slots;
    } route;
    flee_table at, on, next_at, next_on; /* people in places and on links, today and tomorrow */
    flee_table queue;                    /* arrived today and not yet done */
    flee_table away;                     /* left for a far link today, by the place they left */
    uint32_t *bucket, *bucket_end;       /* [n_cells] first and last group of each kilometre */
    size_t bucket_now;                   /* which is worked off */
    uint64_t spare_version;              /* grows when a capacity multiplier changes */
    double *weight_up_to;                /* [max(n_places, n_classes)] running sums */
    uint32_t *split_index;               /* results of a split */
    int32_t *split_count;
    size_t cap_split;
    double people, debt, raw;
    double recent_per_km; /* FLEE_RECENT in the longest day's km */
    double n_steps;
    uint32_t slice; /* 0: the morning's decisions; else which part of the travellers */
    paso_status status;
    char why[200];
} flee_state;

/* ---- table.c ---- */
int paso_flee_table_add(flee_table *table,
                        const flee_group *group); /* index, or -1 without memory */
/* Of a state that the table has not and will not be asked for; 0, or -1 without memory. */
int paso_flee_table_append(flee_table *table, const flee_group *group);
void paso_flee_table_empty(flee_table *table);
void paso_flee_table_swap(flee_table *a, flee_table *b); /* b is then empty */
void paso_flee_table_free(flee_table *table);

/* ---- graph.c ---- */
paso_status paso_flee_graph_start(flee_state *st);
void paso_flee_graph_free(flee_state *st);
void paso_flee_graph_closures(flee_state *st);
/* Brings the choice of a place up to date for a class; its running sums are then valid. */
paso_status paso_flee_graph_choice(flee_state *st, int place, int class);
void paso_flee_graph_stale(flee_state *st);                           /* scores have changed */
void paso_flee_graph_forget(flee_state *st);                          /* and ways: links, markers */
int paso_flee_graph_link_to(const flee_state *st, int place, int to); /* first open one, or -1 */

/* ---- people.c ---- */
paso_status paso_flee_people_start(flee_state *st);
void paso_flee_people_conflicts(flee_state *st);
void paso_flee_people_weights(flee_state *st);
paso_status paso_flee_people_arrive(flee_state *st);
void paso_flee_people_scores(flee_state *st);
void paso_flee_people_count_values(flee_state *st);
void paso_flee_people_retype(flee_state *st, int place, flee_kind kind);
double paso_flee_people_decay(const flee_state *st, const flee_spot *spot);

/* ---- move.c ---- */
paso_status paso_flee_move_day(flee_state *st);
void paso_flee_move_spare(flee_state *st,
                          flee_spot *spot); /* after a change of count or capacity */

/* ---- draw.c ---- */

/* What one group draws for one purpose on one day; uniforms are told apart by their index. */
typedef struct flee_draw {
    uint64_t key;
} flee_draw;

void paso_flee_draw_today(flee_state *st); /* before any draw of a day */
int32_t paso_flee_draw_binomial(flee_draw draw, int32_t n, double p, uint32_t index);
/* Deals n people over running sums up_to [k]; which got how many is in st->split_index, _count.
 * The number of entries, or -1 without memory. */
int paso_flee_draw_split(flee_state *st, flee_draw draw, const double *up_to, size_t k, int32_t n);
/* Takes n of the `all` people out of `from`. u in [0, 1). */
flee_steps paso_flee_draw_deal(flee_steps *from, int32_t all, int32_t n, double u);

static inline uint64_t paso_flee_mix(uint64_t a, uint64_t b) {
    uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    return h * 0xc4ceb9fe1a85ec53u ^ (h >> 29);
}
static inline uint64_t paso_flee_scramble(uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}
static inline flee_draw paso_flee_draw_of(const flee_state *st, paso_purpose purpose,
                                          uint64_t who) {
    return (flee_draw){paso_flee_scramble(paso_flee_mix(st->today + (uint64_t)purpose, who))};
}
/* An odd multiple of 2^-53, so that neither 0 nor 1 is drawn. */
static inline double paso_flee_draw_uniform(flee_draw draw, uint32_t index) {
    uint64_t word = paso_flee_scramble(draw.key + (index + 1ULL) * 0x9e3779b97f4a7c15u);
    return (paso_from_bits(0x3ff0000000000000u | word >> 12) - 1.0) + 0x1p-53;
}
static inline int32_t paso_flee_ceil(double x) { /* the library's is a call on plain x86-64 */
    int32_t whole = (int32_t)x;
    return whole + (whole < x);
}

#endif
