/* Days as whole numbers: day 0 is 1970-01-01, proleptic Gregorian. A clock time is a fraction of a
 * day. Months, weeks (from Monday) and years are the calendar's own. No time zones. */
#ifndef PASO_BASE_CALENDAR_H
#define PASO_BASE_CALENDAR_H

#include "base/status.h"

/* PASO_RUN is no period of the calendar but the recorded days of a run; only observables that are
 * dates have it. */
typedef enum paso_period { PASO_DAY, PASO_WEEK, PASO_MONTH, PASO_YEAR, PASO_RUN } paso_period;

typedef struct paso_date {
    int year, month, day; /* month and day from 1 */
} paso_date;

int paso_day_of(paso_date date);
paso_date paso_date_of(int day);
/* "2024-02-01", "2024-02", "2024" and "2024-02-01T08:00"; a missing part is its first. Strict: the
 * whole text, real dates only. *fraction (may be NULL: then a clock time is refused) gets [0, 1).
 */
int paso_date_parse(const char *text, int *day, double *fraction); /* 0 or -1 */
void paso_date_write(int day, char text[16]);
int paso_period_start(int day, paso_period period); /* first day of the period that holds `day` */
int paso_period_next(int day, paso_period period);  /* first day of the following period */
int paso_month_length(int day);
int paso_period_parse(const char *text, paso_period *period); /* "day" ... "year"; 0 or -1 */
const char *paso_period_name(paso_period period);

#endif
