/* A small laboratory for engine tests: a corridor written as text, run for a few days in one or
 * more lanes, its observables read by name. Any failure on the way fails the test with the
 * diagnostics. */
#ifndef PASO_TESTS_LAB_H
#define PASO_TESTS_LAB_H

#include "engine/engine.h"
#include "program/compile.h"

enum { LAB_LANES = 4 };

typedef struct lab {
    paso_diags diags;
    paso_model *model;
    paso_program *program;
    paso_schedule *schedule;
    paso_engine *engine;
} lab;

/* Reads a corridor folder or file, compiles as-happened (or no policy) and starts at clock.start.
 */
lab *lab_open(const char *path);
/* The same from text: the corridor's body after a head with clock (2024-03-01 to 2025-03-01), the
 * units people and cars, layer accounting, and the sets kind [adult, family] and town [north,
 * south]. */
lab *lab_text(const char *body);
lab *lab_without(const char *body, const char *without);
void lab_close(lab *t);
void lab_days(lab *t, int n);
paso_status lab_try_day(lab *t);
/* Value of an observable's cell at the present close, in the first lane. */
double lab_value(lab *t, const char *observable, int cell);
const double *lab_lanes(lab *t, const char *observable, int cell); /* [LAB_LANES] */
/* The uniform that a draw of day `day` (1 = the first) uses, for exact expectations. */
double lab_uniform(const char *name, int purpose, int cell, int index, int day, unsigned member);

#endif
