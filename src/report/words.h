/* Numbers, dates and units as people read them: rounded to what the band supports, grouped by
 * commas, with a real minus sign. Results are short texts in the caller's buffer. */
#ifndef PASO_REPORT_WORDS_H
#define PASO_REPORT_WORDS_H

#include "base/calendar.h"
#include "ensemble/summary.h"
#include "report/messages.h"
#include "store/store.h"

enum { PASO_WORDS = 64 }; /* bytes that hold any of these texts */

typedef enum paso_language { PASO_EN, PASO_ES, PASO_N_LANGUAGES } paso_language;

#define PASO_MESSAGE_ID(id, en, es) PASO_##id,
typedef enum paso_wording { PASO_MESSAGES(PASO_MESSAGE_ID) PASO_N_MESSAGES } paso_wording;
#undef PASO_MESSAGE_ID

const char *paso_say(paso_language language, paso_wording wording);
/* "people a day", "personas por día"; "" for a pure number. NULL without memory. */
const char *paso_words_unit(paso_arena *arena, paso_language language, const paso_store_contents *c,
                            const char *unit);
/* What the corridor calls a unit, or who sets a lever, in Spanish; "" where it does not say. */
const char *paso_words_spanish(const paso_store_contents *c, const char *word);

/* The step to round to: about a hundredth of the 90 % band; never more than four figures, never
 * fewer than two of the median. `whole`: counts, never finer than 1 unless all is small. 0 when
 * nothing is a number. */
double paso_words_step(const paso_summary *summary, size_t n, bool whole);
/* "12,300"; en dash for what is not a number. `sign`: a plus before positive numbers. */
const char *paso_words_number(char text[PASO_WORDS], double value, double step, bool sign);
/* A number of unknown spread at four figures: parameters, levers, claims. */
const char *paso_words_plain(char text[PASO_WORDS], double value);
const char *paso_words_count(char text[PASO_WORDS], size_t value); /* "1,000" */

/* "31 May 2025", "31 may 2025" */
const char *paso_words_day(paso_language language, char text[PASO_WORDS], int day);
/* "May 2025" */
const char *paso_words_period(paso_language language, char text[PASO_WORDS], int day,
                              paso_period period);
const char *paso_words_month(paso_language language, int day); /* "May", static */

/* A claim in words: what report and explain show of it. An absent sentence is "". */
typedef struct paso_claim_words {
    const char *about, *when; /* "Encounters", "Nov 2023" */
    const char *says, *said, *by, *doc;
    bool recorded;             /* the series has a number */
    const char *record, *seen; /* the series' number, or that there is none; what it counts */
    const char *model, *why;   /* "181,000 people (5 to 95 %: 160,000 to 199,000)" */
} paso_claim_words;
/* False without memory. Numbers in units of factor: 100 for shares, whose unit then is "%". */
bool paso_claim_tell(paso_arena *arena, paso_language language, const paso_store_contents *c,
                     const paso_store_observable *o, const paso_store_claim *claim,
                     paso_claim_words *words);

#endif
