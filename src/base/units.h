/* Units: products of powers of what is counted (people, cars, USD) and of time. Inside Paso time is
 * in days and every declared unit is 1, so a unit is a vector of exponents and a factor.
 * A date is a unit of its own: date - date is time, date + time is a date. */
#ifndef PASO_BASE_UNITS_H
#define PASO_BASE_UNITS_H

#include "base/arena.h"

enum { PASO_MAX_UNITS = 16 }; /* time is number 0; the corridor's own follow */

typedef struct paso_unit {
    double power[PASO_MAX_UNITS]; /* multiples of 1/2 in practice */
    double factor;                /* one of this unit in internal units: week 7, 1/week 1/7 */
    bool date;                    /* a date; powers are then 0 */
    bool any;                     /* the literal 0: fits any unit */
} paso_unit;

typedef struct paso_units {
    const char *name[PASO_MAX_UNITS]; /* name[0] is "days" */
    size_t n;
} paso_units;

void paso_units_init(paso_units *units);
/* Declares a counted thing. 0; -1 too many; -2 reserved or declared twice. */
int paso_units_add(paso_units *units, const char *name);
/* "people/judges/year", "1", "1/day", "USD/people", "date". 0, or -1 and *bad (may be NULL) is the
 * offending word (points into text). */
int paso_unit_parse(const paso_units *units, const char *text, paso_unit *unit, const char **bad);
/* One unit word (singular or plural for time: hour day week month year). 0 or -1. */
int paso_unit_word(const paso_units *units, const char *word, size_t length, paso_unit *unit);
paso_unit paso_unit_pure(void);
paso_unit paso_unit_multiply(paso_unit a, paso_unit b);
paso_unit paso_unit_divide(paso_unit a, paso_unit b);
paso_unit paso_unit_power(paso_unit a, double exponent);
bool paso_unit_equal(paso_unit a, paso_unit b); /* exponents and date; `any` equals everything */
bool paso_unit_is_pure(paso_unit a);
bool paso_unit_is_counting(paso_unit a); /* exactly one declared unit to the first power */
/* Writes "people/day" (internal units, factor left out). Returns text. */
const char *paso_unit_write(const paso_units *units, paso_unit unit, char *text, size_t size);

#endif
