/* The checked model: every name resolved, every unit converted, every expression annotated. This is
 * what the compiler, the report and `explain` read. Everything lives in the model's arena.
 *
 * Values of vector items are in row-major order of the item's `shape`. Units inside: days and the
 * declared units (base/units.h). Texts that may be absent are NULL. */
#ifndef PASO_CORRIDOR_MODEL_H
#define PASO_CORRIDOR_MODEL_H

#include "base/calendar.h"
#include "base/kinds.h"
#include "corridor/expr.h"
#include "corridor/texts.h"

enum { PASO_MAX_MECHANISMS = 64 };

typedef enum paso_layer { PASO_ACCOUNTING, PASO_BEHAVIOUR, PASO_POLITICS } paso_layer;

/* What every named item has. */
typedef struct paso_item {
    const char *name;
    const char *en, *es;      /* labels; NULL if absent */
    const char *doc, *doc_es; /* a sentence, and the same in Spanish; NULL if absent */
    const char *source;       /* key of sources, or "assumed"; NULL if absent */
    paso_layer layer;
    uint64_t tags;  /* bit per mechanism of the model */
    paso_mark mark; /* of the name */
    paso_shape shape;
    paso_unit unit;
    const char *unit_text; /* as written: "people/month" */
} paso_item;

typedef struct paso_source {
    const char *key, *title, *by, *url;
} paso_source;

typedef struct paso_attribute {
    const char *name;
    paso_unit unit;
    double *value; /* [n_members] */
} paso_attribute;

typedef struct paso_set {
    paso_item item;        /* shape unused */
    const char **member;   /* [n_members] */
    const char **en, **es; /* [n_members] labels; NULL entries fall back to the member's name */
    int n_members;
    paso_attribute *attribute;
    int n_attributes;
    int *maps; /* [n_maps] sets that this one maps to */
    int **map; /* [n_maps][n_members] member of that set */
    int n_maps;
    const double *lat, *lon; /* [n_members] degrees, for maps, NAN of a member without a place;
                                NULL if the set has none */
} paso_set; /* sets 0 and 1 are the built-in calendar_month (jan ... dec) and weekday (mon ... sun)
             */

typedef struct paso_data {
    paso_item item;
    paso_period every;
    paso_after after;
    int repeat;     /* periods, for PASO_AFTER_REPEAT */
    int n_periods;  /* consecutive, without holes */
    int *first_day; /* [n_periods + 1]; the last is the day after the end */
    double *value;  /* [n_periods][n_cells], NAN where not reported, internal units */
    const char *file;
} paso_data;

typedef struct paso_parameter {
    paso_item item;
    paso_scale scale;
    bool each; /* one draw for each member instead of one for all */
    double *value, *low,
        *high;       /* [n_cells] median, 5 % and 95 % points; low == high == value: fixed */
    double bound[2]; /* for PASO_LOGIT */
} paso_parameter;

typedef struct paso_lever {
    paso_item item;
    const char *who, *group;
    double *value; /* [n_cells] default */
    double bound[2];
} paso_lever;

typedef struct paso_signal {
    paso_item item;
    paso_expr *is; /* or next; exactly one */
    paso_expr *next;
    paso_expr *start; /* with next */
    bool shock;
    int shock_df;        /* 0 normal */
    double shock_common; /* share of variance that all cells share */
    int known;           /* data index or -1 */
    paso_expr *neutral;  /* NULL if none */
} paso_signal;

typedef struct paso_event {
    paso_item item;
    paso_expr *rate;         /* NULL: dates only */
    paso_expr *size, *lasts; /* NULL: 1, one day */
    int size_law, lasts_law; /* 0 expression, 1 lognormal(median, sd of log), 2 exponential(mean) */
    paso_expr *size_sd;      /* for law 1 */
    paso_expr *lasts_sd;
    bool has_dates;
    int n_dates;
    int *date;         /* [n_dates] day */
    double *date_size; /* [n_dates] */
} paso_event;

typedef enum paso_exit_kind { PASO_EXIT_HAZARD, PASO_EXIT_SHARE } paso_exit_kind;
typedef struct paso_order_part {
    paso_order_kind kind;
    paso_expr *share; /* NULL: all */
} paso_order_part;

typedef struct paso_exit {
    const char *name;
    const char *dotted; /* "custody.processed" */
    const char *en, *es, *doc;
    paso_mark mark;
    paso_exit_kind kind;
    bool rest;
    paso_expr *rate;  /* hazard or share, broadcast to the stage's shape; NULL for rest */
    paso_expr *limit; /* NULL: none; its shape says the groups */
    paso_order_part order[3];
    int n_order;       /* 0: even */
    int to;            /* stage index, or -1 for outside */
    paso_expr *across; /* NULL: none */
} paso_exit;

typedef struct paso_stage {
    paso_item item; /* unit is a counting unit */
    bool junction;
    int steps;         /* passage: Erlang steps; 0: no passage */
    paso_expr *mean;   /* passage mean */
    int age_width;     /* ages: days in a bin; 0: no ages */
    int age_keep;      /* ages: bins */
    paso_expr *start;  /* NULL: 0 */
    paso_expr *enters; /* NULL: none; count/time */
    paso_exit *exit;
    int n_exits;
} paso_stage;

/* One line of a policy's `set`: lever cells and what they get. */
typedef struct paso_setting {
    int lever;
    int *cell; /* [n_cells] cells that it writes */
    int n_cells;
    paso_expr *value; /* an expression of levers and parameters; NULL if dated */
    int n_dates;      /* dated numbers: each holds from its time until the next */
    double *time;     /* [n_dates] day and fraction */
    double *number;   /* [n_dates] internal units */
    paso_mark mark;
} paso_setting;

typedef struct paso_policy {
    paso_item item;     /* shape and unit unused */
    int base;           /* policy index or -1 */
    double from, until; /* day and fraction; -INFINITY, INFINITY where absent */
    paso_setting *setting;
    int n_settings;
    const char **without; /* layers, signals, events */
    int n_without;
} paso_policy;

/* One output that must change once a lever has moved. */
typedef struct paso_effect {
    int observable;
    int *cell; /* [n_cells] those that it speaks of: their sum, or mean where cells are not added */
    int n_cells;
    const char *text; /* as written: "waiting[west]" */
    int sign;         /* 1 or -1 */
    int first, until; /* the first whole period after the delay: its first day, the day after */
    double delay;     /* days from the lever's move to the first whole period that must show it */
    const char *delay_text; /* as written: "4 years" */
} paso_effect;

typedef struct paso_move {
    const char *text;     /* the lever as written: "slots[west]" */
    const char *to_text;  /* the value as written */
    paso_setting setting; /* the lever from `now` on */
    paso_effect *effect;
    int n_effects;
} paso_move;

/* What items may be tagged with. One that is more than a tag has a number, and then all the rest:
 * levers that move, outputs that answer, what that rests on, and at least one source. */
typedef struct paso_mechanism {
    paso_item item; /* name, labels, doc */
    int number;     /* 0: a tag only */
    paso_move *move;
    int n_moves;
    bool scenario;           /* rests on a guess, perhaps beside the items of `rests` */
    const paso_item **rests; /* [n_rests] series, parameters and events with sources */
    const char **source;     /* [n_sources] keys: its own, then those of `rests` */
    int n_rests, n_sources;
} paso_mechanism;

typedef enum paso_noise {
    PASO_NOISE_NONE,
    PASO_NOISE_EXACT,
    PASO_NOISE_NEGBIN,
    PASO_NOISE_LOGNORMAL,
    PASO_NOISE_BINOMIAL,
    PASO_NOISE_NORMAL
} paso_noise;

/* The same words in both languages; NULL where absent. */
typedef struct paso_words {
    const char *en, *es;
} paso_words;

typedef struct paso_claim {
    double says;
    int when, when_end; /* first day, day after the period named */
    bool total;
    paso_words by, doc;         /* the Spanish of these may be NULL though the English is not */
    paso_words said, seen, why; /* what was said, what the record counts, why they differ */
} paso_claim;

/* Where a move begins or ends, on the map. */
typedef struct paso_end {
    int set, member; /* member -1: that of the cell */
} paso_end;

typedef struct paso_path {
    paso_end from, to;
} paso_path;

typedef struct paso_observable {
    paso_item item;
    paso_path *path; /* NULL: it counts no moves between places */
    paso_expr *is;   /* a value; for take any and first a condition */
    paso_period every;
    paso_take take;
    bool headline;
    int data; /* index or -1 */
    paso_noise noise;
    double noise_size;
    bool fit;
    paso_claim *claim;
    int n_claims;
    unsigned rests_on; /* bit per paso_layer, computed by the checker */
} paso_observable;

/* A field that an `override:` section put in place of another. */
typedef struct paso_changed {
    const char *item, *field;
    const char *text; /* what stands there; NULL for a map or a list */
    paso_mark mark;
} paso_changed;

typedef struct paso_model {
    paso_arena *arena;
    const char *name, *file, *folder;
    const char *title_en, *title_es;
    const char *doc; /* what it is for; NULL if absent */
    int clock_start, clock_now, clock_facts,
        clock_end; /* days; `end` is the last simulated day + 1 */
    paso_units units;
    const char *unit_es[PASO_MAX_UNITS]; /* how Spanish calls them; NULL where not said */
    paso_words *word; /* [n_words] what else Spanish calls: who sets levers, and their groups */
    int n_words;
    paso_source *source;
    int n_sources;
    paso_changed *changed; /* in the order in which they act */
    int n_changed;
    paso_mechanism *mechanism; /* in the order of the files */
    int n_mechanisms;
    paso_set *set;
    int n_sets;
    paso_data *data;
    int n_data;
    paso_parameter *parameter;
    int n_parameters;
    paso_lever *lever;
    int n_levers;
    paso_signal *signal;
    int n_signals;
    paso_event *event;
    int n_events;
    paso_stage *stage;
    int n_stages;
    paso_policy *policy;
    int n_policies;
    paso_observable *observable;
    int n_observables;
    int *signal_order;   /* [n_signals] order of need */
    int *junction_order; /* [n_junctions] stage indices, order of need */
    int n_junctions;
    char hash[65]; /* of all files read, SHA-256 in hex: names the corridor in stores */
} paso_model;

/* Reads and checks a corridor folder (its corridor.yml) or a corridor file. On success *model is
 * owned by the caller. Warnings may be in diags even then. */
paso_status paso_model_read(const char *path, paso_diags *diags, paso_model **model);
/* The same, keeping in `texts` what was read, also after an error; or, where `texts` is closed,
 * from them alone, for which `path` is not used. */
paso_status paso_model_read_texts(const char *path, paso_texts *texts, paso_diags *diags,
                                  paso_model **model);
void paso_model_free(paso_model *model);

int paso_shape_cells(const paso_model *model,
                     paso_shape shape); /* product of members; 1 for n = 0 */
/* For each cell of `fine`, the cell of `coarse` that a value over `coarse` is read from (by set
 * names and along maps). map has paso_shape_cells(fine) entries. -1 if a set of coarse cannot be
 * found in fine. */
int paso_shape_map(const paso_model *model, paso_shape fine, paso_shape coarse, int *map);
/* "origin=ven,kind=adult" for a cell; "" for a single value. Returns text. */
const char *paso_cell_write(const paso_model *model, paso_shape shape, int cell, char *text,
                            size_t size);
const char *paso_layer_name(paso_layer layer);
const char *paso_take_name(paso_take take);
int paso_policy_find(const paso_model *model, const char *name);     /* index or -1 */
int paso_observable_find(const paso_model *model, const char *name); /* index or -1 */
/* A total over cells makes sense for what is counted: people, people a day, but not for shares,
 * waiting times or prices. */
bool paso_observable_adds_up(const paso_model *model, const paso_observable *observable);

/* One `--set name=value` (lever, lever[member], or parameter), checked like a policy's setting. The
 * result, in the model's arena, is a setting of a lever, or a parameter override. */
typedef struct paso_override {
    bool is_lever;
    paso_setting setting; /* lever */
    int parameter;        /* else: fixed to `value`, all cells in [cell] */
    int *cell;
    int n_cells;
    double value;
} paso_override;
paso_status paso_model_override(paso_model *model, paso_diags *diags, const char *text,
                                paso_override *override);

#endif
