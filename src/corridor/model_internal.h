/* What the files of the reader and the checker share: the places of errors, the merged sections,
 * the list of expressions with what each is for, and the functions by which the passes call each
 * other. The passes and their order are in model.c. */
#ifndef PASO_CORRIDOR_MODEL_INTERNAL_H
#define PASO_CORRIDOR_MODEL_INTERNAL_H

#include "base/sha256.h"
#include "corridor/model.h"
#include "corridor/tree.h"

/* Where an error is: for the caret and for the reader of the message. */
typedef struct paso_place {
    paso_mark mark;
    const char *path;
} paso_place;

typedef enum paso_section {
    PASO_IN_SOURCES,
    PASO_IN_MECHANISMS,
    PASO_IN_SETS,
    PASO_IN_DATA,
    PASO_IN_PARAMETERS,
    PASO_IN_LEVERS,
    PASO_IN_SIGNALS,
    PASO_IN_EVENTS,
    PASO_IN_STAGES,
    PASO_IN_POLICIES,
    PASO_IN_OBSERVABLES,
    PASO_N_SECTIONS
} paso_section;

/* One named item as it stands in a file, after merging and overriding. */
typedef struct paso_entry {
    paso_node *node;
    int file;         /* index into the reader's files */
    paso_mark mark;   /* of the name */
    const char *path; /* "stages.custody" */
    bool broken;      /* its sets or unit are unknown: whoever reads it stays silent */
    bool used;
} paso_entry;

typedef struct paso_entries {
    paso_entry *items;
    size_t n, cap;
} paso_entries;

typedef struct paso_file {
    const char *path, *folder; /* for people, as reached from the command line */
    const char *real;          /* for telling files apart */
    paso_node *root;
    int parent;       /* the file that includes it; -1 for the first */
    bool open;        /* its includes are being read: meeting it again is a ring */
    paso_layer layer; /* of its items, unless they say so */
    uint64_t tags;    /* of all of its items */
} paso_file;

/* When an expression is computed: what it may read follows from it. */
typedef enum paso_phase {
    PASO_AT_START,   /* on the eve of the first day */
    PASO_AT_EVENT,   /* events: opening stocks, yesterday's signals */
    PASO_AT_MORNING, /* signals, stages, junctions */
    PASO_AT_CLOSE,   /* observables, and inside lag and mean */
    PASO_AT_SETTING, /* values of levers in policies */
    PASO_AT_NEVER    /* constants: what stands for days before the start */
} paso_phase;

/* One expression and what is asked of it. */
typedef struct paso_use {
    paso_expr *expr;
    paso_place at;
    paso_phase phase;
    paso_section section; /* whose expression it is */
    int index;            /* in the model's array of that section */
    int own;              /* signal whose `next` this is, or -1 */
    bool is_start;        /* a signal's or stage's start or neutral: no need of today */
    const char *what;     /* "a hazard": for messages */
    paso_shape within;    /* the result's sets must be readable from these ... */
    bool any_shape;       /* ... unless this */
    paso_unit unit;
    bool any_unit;
    bool failed; /* an error was reported or is known elsewhere */
} paso_use;

typedef struct paso_uses {
    paso_use *items;
    size_t n, cap;
} paso_uses;

typedef struct paso_reader {
    paso_arena *arena;
    paso_diags *diags;
    paso_texts *texts; /* NULL: none are kept */
    paso_model *model;
    struct {
        paso_file *items;
        size_t n, cap;
    } files;
    paso_entries section[PASO_N_SECTIONS];
    struct {
        paso_entry *items; /* one for each `override:` section */
        size_t n, cap;
    } overrides;
    paso_uses uses;
    paso_sha256 hash;
    bool no_memory;
} paso_reader;

/* ---- reading by tables: for each section an array of keys with handlers, called in the table's
 * order whatever the order in the file, so that a handler may rely on those above it. */
typedef struct paso_context {
    void *item;        /* the struct being filled; begins with paso_item for named items */
    paso_entry *entry; /* NULL inside an item */
    paso_section section;
    int index;
    const paso_node *node;
    const struct paso_field *fields; /* its table, once it is being read */
    paso_place at;
} paso_context;

typedef void paso_handler(paso_reader *r, paso_context *c, const paso_node *node, paso_place at);

typedef struct paso_field {
    const char *key; /* NULL ends a table */
    paso_handler *read;
    const char *need; /* the hint when it is missing; NULL: optional */
} paso_field;

/* The keys of every kind of map; schema.c makes an editor's schema of them. */
extern const paso_field paso_clock_fields[], paso_source_fields[], paso_mechanism_fields[],
    paso_title_fields[], paso_data_fields[], paso_parameter_fields[], paso_lever_fields[],
    paso_signal_fields[], paso_event_fields[], paso_passage_fields[], paso_ages_fields[],
    paso_enters_fields[], paso_exit_fields[], paso_stage_fields[], paso_policy_fields[],
    paso_claim_fields[], paso_observable_fields[], paso_condition_fields[], paso_move_fields[],
    paso_words_fields[], paso_path_fields[];

extern const char *const paso_section_names[],
    *const paso_head_names[], *const paso_set_keys[]; /* the latter two end with NULL */

/* Absent, and not just misspelt, which is reported already. */
bool paso_key_is_missing(const paso_context *c, const char *key);
void paso_fields_read(paso_reader *r, paso_context *c, const paso_field *fields);
void paso_entry_read(paso_reader *r, paso_section section, int index, void *item,
                     const paso_field *fields, void (*after)(paso_reader *, paso_context *));
/* Calls read(r, context of item i) for each entry of a section that is a map. */
void paso_section_read(paso_reader *r, paso_section section, void *items, size_t size,
                       const paso_field *fields, void (*after)(paso_reader *, paso_context *));

/* Handlers that every item shares. */
paso_handler paso_read_en, paso_read_es, paso_read_doc, paso_read_source, paso_read_layer,
    paso_read_over, paso_read_unit, paso_read_tags, paso_read_path;
extern const char paso_need_unit[], paso_need_source[], paso_need_label[];
#define PASO_FIELDS_COMMON                                                                         \
    {"doc", paso_read_doc, NULL}, {"layer", paso_read_layer, NULL}, {                              \
        "tags", paso_read_tags, NULL                                                               \
    }
#define PASO_FIELDS_LABELS(need)                                                                   \
    {"en", paso_read_en, need}, {                                                                  \
        "es", paso_read_es, need                                                                   \
    }

/* ---- small readings; each reports its own error at `at` */
paso_place paso_place_child(paso_reader *r, const char *path, const paso_node *node);
bool paso_node_is(paso_reader *r, const paso_node *node, paso_place at, paso_node_kind kind);
const char *paso_text_read(paso_reader *r, const paso_node *node, paso_place at); /* NULL */
/* A text, which is English, or both languages: {en: ..., es: ...}. */
paso_words paso_words_read(paso_reader *r, const paso_node *node, paso_place at);
bool paso_flag_read(paso_reader *r, const paso_node *node, paso_place at);
bool paso_whole_read(paso_reader *r, const paso_node *node, paso_place at, int low, int high,
                     int *value);
bool paso_period_read(paso_reader *r, const paso_node *node, paso_place at, paso_period *period);
/* One of n words; its index or -1. */
int paso_word_read(paso_reader *r, const paso_node *node, paso_place at, const char *const *words,
                   int n, const char *what);
/* A number in `unit`, or a number with its own unit, or a date where unit is a date. */
bool paso_quantity_read(paso_reader *r, const char *text, paso_place at, paso_unit unit,
                        const char *unit_text, double *value);
bool paso_pair_read(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                    double pair[2]);
/* Parses the expression at `node` and files it with what is asked of it; NULL if it cannot. The
 * result stays good until the next call. */
paso_use *paso_use_add(paso_reader *r, const paso_context *c, const paso_node *node, paso_place at,
                       const char *what, paso_phase phase, paso_unit unit, paso_shape within);
/* Files an expression read from `text`. */
paso_use *paso_use_text(paso_reader *r, const paso_context *c, const char *text, paso_place at,
                        const char *what, paso_phase phase, paso_unit unit, paso_shape within);

/* A name with members in brackets: "open[west]". */
typedef struct paso_target {
    const char *name; /* without the brackets */
    const char *key;  /* between them, or NULL */
} paso_target;
bool paso_target_read(paso_reader *r, const char *text, paso_place at, paso_target *t);
/* The cells of `item` that it names, all of them without a key. */
bool paso_target_cells(paso_reader *r, const paso_target *t, paso_place at, const paso_item *item,
                       int **cell, int *n_cells);
/* `key: value` in the manner of a policy's `set`. */
bool paso_setting_read(paso_reader *r, const paso_context *c, const char *key, paso_place key_at,
                       const paso_node *value, paso_place at, paso_setting *s);

/* The table that the scalar `node` names, beside the file that holds it; its bytes go into the
 * hash. NULL when an error was reported. */
struct paso_table *paso_table_open(paso_reader *r, const paso_entry *entry, const paso_node *node,
                                   paso_place at);

/* ---- passes, one file each */
paso_status paso_files_load(paso_reader *r, const char *path); /* model_load.c */
/* A file's text, from the disk or the texts that stand in its place; it goes into the hash, and
 * into the texts that are kept. */
paso_status paso_source_read(paso_reader *r, const char *path, char **text, size_t *length);
bool paso_source_is_there(paso_reader *r, const char *path);
/* The hint for a file that is not there: `hint`, unless files are not looked for. */
const char *paso_source_missing(const paso_reader *r, const char *hint);
const char *paso_path_join(paso_reader *r, const char *folder, const char *name);
void paso_head_read(paso_reader *r);       /* clock, units, sources */
void paso_names_collect(paso_reader *r);   /* model_names.c */
void paso_names_hash(paso_reader *r);      /* collisions */
void paso_sets_read(paso_reader *r);       /* sets.c */
void paso_data_read(paso_reader *r);       /* model_data.c */
void paso_parameters_read(paso_reader *r); /* model_values.c */
void paso_levers_read(paso_reader *r);
void paso_signals_read(paso_reader *r);     /* model_signals.c */
void paso_events_read(paso_reader *r);      /* model_events.c */
void paso_stages_read(paso_reader *r);      /* model_stages.c */
void paso_policies_read(paso_reader *r);    /* model_policies.c */
void paso_observables_read(paso_reader *r); /* model_observables.c */
void paso_mechanisms_read(paso_reader *r);  /* model_mechanisms.c */
void paso_check_uses(paso_reader *r);       /* check_expr.c */
void paso_check_stages(paso_reader *r);     /* check_stages.c */
void paso_check_orders(paso_reader *r);     /* check_order.c */
void paso_check_layers(paso_reader *r);     /* check_layers.c */
void paso_check_warnings(paso_reader *r);   /* check_warn.c */

/* Names, sets, units and time of one expression; false when an error was reported or is known. */
bool paso_check_use(paso_reader *r, paso_use *use);
/* Value of an expression of literals only; false if it has a name in it. */
bool paso_expr_constant(const paso_expr *e, double *value);

/* ---- looking things up */
typedef struct paso_found {
    paso_ref_kind ref; /* PASO_REF_NONE: a set if `is_set`, else nothing */
    bool is_set;
    int index;
} paso_found;

paso_found paso_model_lookup(const paso_model *model, const char *word);
int paso_set_find(const paso_model *model, const char *name); /* or -1 */
bool paso_member_find(const paso_model *model, const char *name, int *set, int *member);
paso_entry *paso_entry_of(paso_reader *r, paso_section section, int index); /* NULL: built in */
paso_section paso_section_of(paso_ref_kind ref);
paso_item *paso_item_of(const paso_model *model, paso_section section, int index);
bool paso_name_reserved(const paso_model *model, const char *name);
bool paso_name_good(const char *name); /* lower case, digits, underscores */

/* Everything an expression reads, once for each name; `delayed` inside lag or mean. */
typedef void paso_visit(void *user, const paso_expr *name, bool delayed);
void paso_expr_visit(const paso_expr *e, bool delayed, paso_visit *visit, void *user);

/* ---- shapes (shape.c) */
int paso_set_map(const paso_model *model, int set, int onto); /* index into maps, or -1 */
bool paso_shape_has(paso_shape shape, int set);
/* The dimension of `shape` from which `set` is read (itself or by a map), or -1. */
int paso_shape_reads(const paso_model *model, paso_shape shape, int set);
bool paso_shape_covers(const paso_model *model, paso_shape fine, paso_shape coarse);
bool paso_shape_equal(paso_shape a, paso_shape b);
/* A cell's number must fit the key of a draw (random/random.h, 24 bits); an item as wide as this is
 * a mistake long before. */
enum { PASO_MAX_CELLS = 1 << 20 };
bool paso_shape_fits(const paso_model *model, paso_shape shape);
/* Union by names, the finer of a mapped pair stays, sorted. 0, or -1: more than PASO_MAX_DIMS. */
int paso_shape_union(const paso_model *model, paso_shape a, paso_shape b, paso_shape *sum);
const char *paso_shape_write(paso_reader *r, paso_shape shape); /* "[origin, kind]" */
void paso_shape_cell(const paso_model *model, paso_shape shape, int cell, int member[]);
/* Does the cell belong to the member of that set (own or mapped)? */
bool paso_cell_in(const paso_model *model, paso_shape shape, int cell, int set, int member);

/* Members picked by a key such as "mexico, adult"; weight is the specificity. */
enum { PASO_MAX_KEY = 8 };
typedef struct paso_key_members {
    int n;
    int set[PASO_MAX_KEY], member[PASO_MAX_KEY];
    int weight;
} paso_key_members;
bool paso_key_read(paso_reader *r, const char *text, paso_place at, const paso_item *item,
                   paso_key_members *key);
bool paso_key_holds(const paso_model *model, paso_shape shape, int cell,
                    const paso_key_members *key);

/* ---- units */
const char *paso_unit_text(paso_reader *r, paso_unit unit);
paso_unit paso_unit_time(void);              /* days */
paso_unit paso_unit_rate(paso_unit counted); /* unit / day */

/* ---- errors: one place for each wording that more than one file uses (model_errors.c) */
void paso_err(paso_reader *r, const char *id, paso_place at, const char *hint, const char *format,
              ...) __attribute__((format(printf, 5, 6)));
void paso_err_expected(paso_reader *r, paso_place at, const char *expected, const paso_node *found);
void paso_err_unknown(paso_reader *r, paso_place at, const char *what, const char *word,
                      const char *const *names, size_t n);
/* The candidates are all names that an expression can name, or those of one section. */
void paso_err_unknown_name(paso_reader *r, paso_place at, const char *word);
void paso_err_unknown_in(paso_reader *r, paso_place at, const char *what, const char *word,
                         paso_section section);
void paso_err_unit(paso_reader *r, paso_place at, const char *what, paso_unit expected,
                   paso_unit found);
/* A value outside the bounds of its item; `where` is a cell's text or "". */
void paso_err_bounds(paso_reader *r, paso_place at, const paso_item *item, const double bound[2],
                     double value, const char *where);
void paso_err_cells(paso_reader *r, paso_place at, int expected, int found);
void paso_err_many_cells(paso_reader *r, paso_place at);
void paso_err_no_members(paso_reader *r, paso_place at, const char *name);
void paso_err_sets(paso_reader *r, paso_place at, paso_shape expected, paso_shape found);

/* ---- memory: sets no_memory and returns NULL */
void *paso_reader_alloc(paso_reader *r, size_t n, size_t size);
#define PASO_NEW(r, n, type) ((type *)paso_reader_alloc((r), (size_t)(n), sizeof(type)))
const char *paso_reader_format(paso_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* "" without memory */

#endif
