/* A Flee scenario folder, read and checked: places, links, what happens on which day, the counts of
 * people, and the settings. Distances in km, speeds in km a day, times in days from the start. */
#ifndef PASO_FLEE_SCENARIO_H
#define PASO_FLEE_SCENARIO_H

#include "base/diag.h"

typedef enum flee_mode { FLEE_COUNTS = 0, FLEE_CONSTANT, FLEE_POISSON, FLEE_POP_RATIO } flee_mode;

typedef struct flee_numbers {
    double *item;
    size_t n;
} flee_numbers;

/* Names are those of simsetting.yml. Defaults: settings.c. */
typedef struct flee_settings {
    bool take_from_population, insert_day0, empty_camps_on_day0, conflict_zone_spawning_only;
    bool camps_are_sinks, sum_from_camps;
    flee_mode mode;
    double displaced_per_conflict_day;
    flee_numbers conflict_spawn_decay; /* n 0: none */
    double conflict_spawn_decay_interval, default_conflict_intensity;
    double max_move_speed, max_walk_speed, foreign_weight, camp_weight, conflict_weight;
    double conflict_movechance, camp_movechance, idpcamp_movechance, default_movechance;
    double awareness_level; /* whole */
    double capacity_buffer, capacity_scaling;
    bool avoid_short_stints, start_on_foot, use_v1_rules;
    double softening, distance_power, weight_softening, weight_power;
    bool stay_close_to_home;
    double home_distance_power;
    bool use_pop_for_loc_weight;
    double pop_power_for_loc_weight, movechance_pop_base, movechance_pop_scale_factor;
    double pruning_threshold;
    bool use_economic_pull;
    bool children_avoid_hazards, boys_take_risk, elderly_avoid_hazards, women_avoid_hazards;
    bool match_camp_religion, match_camp_ethnicity, match_town_ethnicity, match_conflict_ethnicity;
    double avg_religion_fraction, hasten;
    bool idp_totals; /* out.csv has a last column with the people in IDP camps */
} flee_settings;

typedef enum flee_kind {
    FLEE_TOWN,
    FLEE_CAMP,
    FLEE_IDP_CAMP, /* `idpcamp`: a camp with its own move chance */
    FLEE_CONFLICT,
    FLEE_FORWARD,
    FLEE_MARKER,
    FLEE_OTHER /* a type nobody knows: move chance 1, neither town nor camp */
} flee_kind;

typedef struct flee_place {
    const char *name, *region, *country;
    double x, y;
    flee_kind kind;
    int conflict_date;
    double population; /* divided by hasten */
    double capacity;   /* divided by hasten; -1: no limit */
    double conflict_intensity, capacity_per_day, initial_idps, trade_volume, hdi;
    bool foreign;
    int camp;            /* index among the camps of the output, or -1 */
    int first;           /* the first place of the name, mostly itself */
    int conflict_column; /* in conflicts.csv, or -1 */
} flee_place;

typedef struct flee_link {
    int from, to;
    double km;
    double speed; /* km a day; 0: the setting's */
    double walk;  /* chance of a day on foot; 0 where none is given */
    bool forced;
} flee_link;

typedef enum flee_closure_kind {
    FLEE_CLOSE_COUNTRY,
    FLEE_CLOSE_LOCATION,
    FLEE_CLOSE_CAMP,
    FLEE_CLOSE_IDP_CAMP,
    FLEE_CLOSE_LINK,
    FLEE_CLOSE_FORCED
} flee_closure_kind;

typedef struct flee_closure {
    flee_closure_kind kind;
    int place, other;          /* -1: not a place */
    const char *name1, *name2; /* countries */
    int start, end;
} flee_closure;

typedef struct flee_change {
    int place, day;
    flee_kind kind;
} flee_change;

/* A series of counts: value at whole days from the start, interpolated between them. */
typedef struct flee_series {
    int *day;
    double *value;
    size_t n;
} flee_series;

/* What sets people apart under the rules that are on; one class alone if none is. */
typedef struct flee_class {
    int hazard;    /* 0: as it is, 1: score squared, 2: score is 1 */
    int ethnicity; /* index, -1: none */
    int religion;
} flee_class;

typedef struct paso_flee_scenario {
    paso_arena *arena;
    const char *name, *settings_name;
    flee_settings set;
    bool fixed;
    size_t n_places, n_links, n_camps, n_routes; /* n_routes: rows of routes.csv */
    flee_place *place;
    flee_link *link; /* both directions of each row, in file order */
    int *camp;       /* [n_camps] places, in file order */
    flee_closure *closure;
    size_t n_closures;
    flee_change *change;
    size_t n_changes;
    int n_cells;       /* whole kilometres of the longest day */
    int16_t *span;     /* [n_places][n_cells] last kilometre nothing ahead can tell apart, or -1 */
    double *intensity; /* [days][n_conflict_columns] of conflicts.csv */
    size_t n_conflict_columns;
    int start; /* calendar day of day 0 */
    int days;
    flee_series *column; /* [n_columns]: the rows of data_layout.csv, the first of all people */
    size_t n_columns;
    int total;            /* the column of that name, or -1 */
    int *camp_column;     /* [n_camps] */
    flee_class *class_of; /* [n_classes] */
    size_t n_classes;
    double *class_weight; /* [n_places][n_classes], rows add up to 1 */
    size_t n_ethnicities, n_religions;
} paso_flee_scenario;

/* Interpolated count of a series on a day, cut to a whole number as Flee does. */
double paso_flee_series_at(const flee_series *series, int day);

#endif
