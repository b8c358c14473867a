/* One member at work. People in the same place in the same state are one group with a count; all
 * groups of a day stand in a table without order of persons (docs/flee.md, "Order of draws"). */
#ifndef PASO_FLEE_STATE_H
#define PASO_FLEE_STATE_H

#include "flee/flee.h"
#include "random/random.h"

/* Recent travel: the average of recent days' km by the longest day, in steps of 1/FLEE_RECENT. */
enum { FLEE_RECENT = 4, FLEE_BINS = 8 };

/* People alike but for their recent travel, of which each step has its own count: they draw
 * together, and what is drawn is dealt over the steps. `place` is a place or a link, as the table
 * says. */
typedef struct flee_group {
    double n[FLEE_BINS];
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
static inline double flee_people_of(const flee_group *g) {
    double sum = 0;
    for (int b = 0; b < FLEE_BINS; b++) sum += g->n[b];
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
    flee_candidate *items;
    size_t n, cap;
    double *base;  /* [n_classes][n] weight but for capacities */
    double *up_to; /* [n] running sums of one class with capacities */
    size_t cap_numbers;
    bool limited;      /* an end has a capacity */
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
    flee_spot *spot;
    bool *link_closed, *link_forced; /* [n_links] */
    int *link_store;                 /* what spots' lists point into */
    struct {
        flee_route *items;
        size_t n, cap;
    } route;
    flee_table at, on, next_at, next_on; /* people in places and on links, today and tomorrow */
    flee_table queue;                    /* arrived today and not yet done */
    uint32_t *bucket, *bucket_end;       /* [n_cells] first and last group of each kilometre */
    uint64_t spare_version;              /* grows when a capacity multiplier changes */
    double *weight_up_to;                /* [max(n_places, n_classes)] running sums */
    uint32_t *split_index;               /* results of a split */
    double *split_count;
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
void paso_flee_table_empty(flee_table *table);
void paso_flee_table_free(flee_table *table);

/* ---- graph.c ---- */
paso_status paso_flee_graph_start(flee_state *st);
void paso_flee_graph_free(flee_state *st);
void paso_flee_graph_closures(flee_state *st);
/* Brings the choice of a place up to date for a class; its running sums are then valid. */
paso_status paso_flee_graph_choice(flee_state *st, int place, int class);
void paso_flee_graph_stale(flee_state *st);                           /* scores have changed */
int paso_flee_graph_link_to(const flee_state *st, int place, int to); /* first open one, or -1 */

/* ---- people.c ---- */
paso_status paso_flee_people_start(flee_state *st);
void paso_flee_people_conflicts(flee_state *st);
paso_status paso_flee_people_weights(flee_state *st);
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
typedef struct flee_draw {
    paso_key key;
    uint32_t member;
} flee_draw;

flee_draw paso_flee_draw_of(const flee_state *st, paso_purpose purpose, uint64_t who);
double paso_flee_draw_uniform(flee_draw *draw, uint32_t index);
double paso_flee_draw_binomial(flee_draw *draw, double n, double p, uint32_t index);
/* Deals n people over running sums up_to [k]; which got how many is in st->split_index, _count.
 * The number of entries, or -1 without memory. */
int paso_flee_draw_split(flee_state *st, flee_draw *draw, const double *up_to, size_t k, double n);
/* Takes n of the people in from [bins] into `out`. u in [0, 1). */
void paso_flee_draw_deal(double *from, double *out, int bins, double n, double u);
uint64_t paso_flee_mix(uint64_t a, uint64_t b);

#endif
