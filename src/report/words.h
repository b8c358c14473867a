/* Numbers, dates and units as people read them: rounded to what the band supports, grouped by
 * commas, with a real minus sign. Results are short texts in the caller's buffer. */
#ifndef PASO_REPORT_WORDS_H
#define PASO_REPORT_WORDS_H

#include "base/calendar.h"
#include "ensemble/summary.h"

enum { PASO_WORDS = 64 }; /* bytes that hold any of these texts */

/* The step to round to: about a hundredth of the 90 % band; never more than four figures, never
 * fewer than two of the median. `whole`: counts, never finer than 1 unless all is small. 0 when
 * nothing is a number. */
double paso_words_step(const paso_summary *summary, size_t n, bool whole);
/* "12,300"; en dash for what is not a number. `sign`: a plus before positive numbers. */
const char *paso_words_number(char text[PASO_WORDS], double value, double step, bool sign);
/* A number of unknown spread at four figures: parameters, levers, claims. */
const char *paso_words_plain(char text[PASO_WORDS], double value);
const char *paso_words_count(char text[PASO_WORDS], size_t value); /* "1,000" */

const char *paso_words_day(char text[PASO_WORDS], int day); /* "31 May 2025" */
const char *paso_words_period(char text[PASO_WORDS], int day, paso_period period); /* "May 2025" */
const char *paso_words_month(int day); /* "May", static */

#endif
