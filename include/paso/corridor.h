/* A corridor: read, checked, and asked what it contains. */
#ifndef PASO_CORRIDOR_H
#define PASO_CORRIDOR_H

#include <paso/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct paso_corridor paso_corridor;

/* What can be counted and asked about. */
typedef enum paso_kind {
    PASO_KIND_POLICY = 0,
    PASO_KIND_LEVER = 1,
    PASO_KIND_PARAMETER = 2,
    PASO_KIND_OBSERVABLE = 3,
    PASO_KIND_STAGE = 4,
    PASO_KIND_SIGNAL = 5,
    PASO_KIND_EVENT = 6,
    PASO_KIND_SERIES = 7,
    PASO_KIND_SET = 8,      /* its cells are its members */
    PASO_KIND_MECHANISM = 9 /* what hangs together; items are tagged with it */
} paso_kind;

/* What an item says about itself. */
typedef enum paso_about {
    PASO_ABOUT_NAME = 0,
    PASO_ABOUT_LABEL = 1,         /* English; the name if there is none */
    PASO_ABOUT_LABEL_SPANISH = 2, /* the English one if there is none */
    PASO_ABOUT_UNIT = 3,          /* "people/month", "1" */
    PASO_ABOUT_DOC = 4,
    PASO_ABOUT_SOURCE = 5, /* key of the corridor's sources, or "assumed" */
    PASO_ABOUT_LAYER = 6,  /* "accounting", "behaviour", "politics" */
    PASO_ABOUT_WHO = 7,    /* levers: who decides */
    PASO_ABOUT_GROUP = 8,  /* levers */
    PASO_ABOUT_EVERY = 9, /* observables, series: "day", "week", "month", "year"; "run" of a date */
    PASO_ABOUT_TAKE = 10, /* observables: "sum", "mean", "last" of the period's days; "any", a
                             chance; "first", a date */
    PASO_ABOUT_BASE = 11  /* policies: the one that it builds on */
} paso_about;

/* The days that bound a run. */
typedef struct paso_clock {
    int32_t start; /* first simulated day */
    int32_t now;   /* what was known when the corridor was written; policies part from here */
    int32_t end;   /* day after the last */
} paso_clock;

/* Reads and checks a corridor.
 * path: a corridor folder (its corridor.yml) or a corridor file.
 * errors: gets every mistake, or warnings even on success.
 * corridor: set on success only. Free it with paso_corridor_free.
 * Returns PASO_OK; PASO_ERR_INPUT when the corridor has mistakes; PASO_ERR_IO when it can not be
 * read; PASO_ERR_MEMORY. */
PASO_API paso_status paso_corridor_open(const char *path, paso_errors *errors,
                                        paso_corridor **corridor);

/* After the runs made from it. */
PASO_API void paso_corridor_free(paso_corridor *corridor);

/* The corridor's name; its title (English, Spanish; the name if absent); the SHA-256 of its files
 * in hex. Belong to the corridor. */
PASO_API const char *paso_corridor_name(const paso_corridor *corridor);
PASO_API const char *paso_corridor_title(const paso_corridor *corridor, bool spanish);
PASO_API const char *paso_corridor_hash(const paso_corridor *corridor);

/* The days between which it can be run. */
PASO_API paso_clock paso_corridor_clock(const paso_corridor *corridor);

/* How many items of a kind there are; they keep the corridor's order. */
PASO_API size_t paso_corridor_count(const paso_corridor *corridor, paso_kind kind);

/* Index of an item by its name, or -1. */
PASO_API int paso_corridor_find(const paso_corridor *corridor, paso_kind kind, const char *name);

/* What item i says about itself; "" where it says nothing, NULL if there is no such item. Belongs
 * to the corridor. */
PASO_API const char *paso_corridor_text(const paso_corridor *corridor, paso_kind kind, size_t i,
                                        paso_about about);

/* Whether observable i is one of the few to be shown first. */
PASO_API bool paso_corridor_headline(const paso_corridor *corridor, size_t i);

/* Cells of item i: 1 for a single value, the members of a set, 0 if there is no such item. */
PASO_API size_t paso_corridor_cells(const paso_corridor *corridor, paso_kind kind, size_t i);

/* Writes the name of a cell, "origin=ven,kind=adult" ("" for a single value; a set's member), cut
 * to `size` bytes with its zero. Returns 0, or -1 if there is no such cell. */
PASO_API int paso_corridor_cell(const paso_corridor *corridor, paso_kind kind, size_t i,
                                size_t cell, char *text, size_t size);

/* Numbers of a lever or a parameter, in its unit.
 * value, low, high: [paso_corridor_cells], each may be NULL. A lever's default and bounds (infinite
 * where there are none); a parameter's median, 5 % and 95 % points.
 * Returns PASO_OK, or PASO_ERR_USAGE for another kind or no such item. */
PASO_API paso_status paso_corridor_values(const paso_corridor *corridor, paso_kind kind, size_t i,
                                          double *value, double *low, double *high);

/* Whether item i of a kind is tagged with mechanism `mechanism` (an index); false if either is not
 * there. */
PASO_API bool paso_corridor_tagged(const paso_corridor *corridor, paso_kind kind, size_t i,
                                   size_t mechanism);

/* The number of a mechanism, from 1; 0 for one that is only a tag, or is not there. */
PASO_API int paso_corridor_mechanism(const paso_corridor *corridor, size_t i);

/* Where member `member` of set i lies, in degrees, for maps. Returns 0; -1, with neither written,
 * if it has no place or is not there. */
PASO_API int paso_corridor_place(const paso_corridor *corridor, size_t i, size_t member,
                                 double *latitude, double *longitude);

#ifdef __cplusplus
}
#endif

#endif
