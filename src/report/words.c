/* Rounding and wording. A number is shown no finer than its band deserves: a digit that another
 * run of the same ensemble would change is noise to its reader. */
#include "report/words.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const month_name[PASO_N_LANGUAGES][12] = {
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
    {"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}};

#define ROW(id, en, es) {en, es},
static const char *const messages[PASO_N_MESSAGES][PASO_N_LANGUAGES] = {PASO_MESSAGES(ROW)};
#undef ROW

const char *paso_say(paso_language language, paso_wording wording) {
    return messages[wording][language];
}

/* ---- units ---- */

/* Units of time, which the language itself knows. */
static const char *const times[][PASO_N_LANGUAGES] = {
    {"hour", "hora"},   {"hours", "horas"},   {"day", "día"},   {"days", "días"},
    {"week", "semana"}, {"weeks", "semanas"}, {"month", "mes"}, {"months", "meses"},
    {"year", "año"},    {"years", "años"}};

static const char *time_of(paso_language language, const char *word) {
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strcmp(times[i][PASO_EN], word) == 0) return times[i][language];
    return NULL;
}

const char *paso_words_spanish(const paso_store_contents *c, const char *word) {
    for (size_t i = 0; i < c->n_units; i++)
        if (strcmp(c->unit[i].name, word) == 0) return c->unit[i].es;
    return "";
}

static const char *word_of(paso_language language, const paso_store_contents *c, const char *word) {
    const char *time = time_of(language, word);
    const char *spanish = language == PASO_ES ? paso_words_spanish(c, word) : "";
    return time ? time : spanish[0] != '\0' ? spanish : word;
}

const char *paso_words_unit(paso_arena *arena, paso_language language, const paso_store_contents *c,
                            const char *unit) {
    const char *text = NULL;
    if (strcmp(unit, "1") == 0) return "";
    for (const char *at = unit; *at != '\0';) {
        size_t n = strcspn(at, "/");
        char *part = paso_arena_format(arena, "%.*s", (int)n, at);
        if (!part) return NULL;
        bool rate = text && at[n] == '\0' && strcmp(text, "1") != 0 && !strchr(text, '/') &&
                    time_of(language, part);
        const char *between = !text ? "" : rate ? paso_say(language, PASO_SAYS_PER) : "/";
        text = paso_arena_format(arena, "%s%s%s", text ? text : "", between,
                                 word_of(language, c, part));
        if (!text) return NULL;
        at += n + (at[n] == '/');
    }
    return text;
}

/* The power of ten at or below x. */
static double power_below(double x) {
    return pow(10, floor(log10(x) + 1e-9));
}

double paso_words_step(const paso_summary *summary, size_t n, bool whole) {
    double spread = 0, most = 0, median = 0;
    for (size_t i = 0; i < n; i++) {
        const double *band = summary[i].band;
        if (isnan(band[2])) continue;
        spread = fmax(spread, band[4] - band[0]);
        most = fmax(most, fmax(fabs(band[0]), fabs(band[4])));
        median = fmax(median, fabs(band[2]));
    }
    if (!(most > 0) || !isfinite(most)) return 0;
    double finest = power_below(most) / 1000, step = whole ? finest : 10 * finest;
    /* A hair's breadth of spread is rounding, not a band. Where the band is lopsided, the median
     * still gets two figures. */
    if (spread > most * 1e-9) step = power_below(spread / 5) / 10;
    if (median > 0) step = fmin(step, power_below(median) / 10);
    if (whole && most >= 5) step = fmax(step, 1);
    return fmax(step, finest);
}

/* Copies the digits with a comma before every third from the right of the whole part. */
static void group_digits(char *to, const char *digits) {
    size_t whole = strcspn(digits, "."), n = 0;
    for (size_t i = 0; digits[i] != '\0'; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0) to[n++] = ',';
        to[n++] = digits[i];
    }
    to[n] = '\0';
}

static const char dash[] = "\xE2\x80\x93"; /* for what is not a number */

const char *paso_words_number(char text[PASO_WORDS], double value, double step, bool sign) {
    char digits[PASO_WORDS];
    if (isnan(value)) return memcpy(text, dash, sizeof dash);
    if (!(fabs(value) < 1e15)) {
        snprintf(text, PASO_WORDS, "%.3g", value);
        return text;
    }
    double rounded = step > 0 ? round(value / step) * step : value;
    int decimals = step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
    snprintf(digits, 32, "%.*f", decimals > 9 ? 9 : decimals, fabs(rounded));
    text[0] = '\0';
    if (rounded != 0)
        snprintf(text, PASO_WORDS, "%s", rounded < 0 ? "\xE2\x88\x92" : sign ? "+" : "");
    group_digits(text + strlen(text), digits);
    return text;
}

const char *paso_words_plain(char text[PASO_WORDS], double value) {
    double size = fabs(value);
    if (isnan(value)) return memcpy(text, dash, sizeof dash);
    if (size >= 1e15 || (size > 0 && size < 1e-6)) {
        snprintf(text, PASO_WORDS, "%.4g", value);
        return text;
    }
    double step = size == floor(size) ? 1 : power_below(size) / 1000;
    paso_words_number(text, value, step, false);
    if (strchr(text, '.')) {
        size_t n = strlen(text);
        while (text[n - 1] == '0') text[--n] = '\0';
        if (text[n - 1] == '.') text[--n] = '\0';
    }
    return text;
}

const char *paso_words_count(char text[PASO_WORDS], size_t value) {
    return paso_words_number(text, (double)value, 1, false);
}

const char *paso_words_month(paso_language language, int day) {
    return month_name[language][paso_date_of(day).month - 1];
}

const char *paso_words_day(paso_language language, char text[PASO_WORDS], int day) {
    paso_date date = paso_date_of(day);
    snprintf(text, PASO_WORDS, "%d %s %d", date.day, paso_words_month(language, day), date.year);
    return text;
}

const char *paso_words_period(paso_language language, char text[PASO_WORDS], int day,
                              paso_period period) {
    int year = paso_date_of(day).year;
    if (period == PASO_DAY) return paso_words_day(language, text, day);
    if (period == PASO_YEAR) {
        snprintf(text, PASO_WORDS, "%d", year);
    } else if (period == PASO_MONTH) {
        snprintf(text, PASO_WORDS, "%s %d", paso_words_month(language, day), year);
    } else {
        char first[PASO_WORDS];
        snprintf(text, PASO_WORDS, "%s%.40s", paso_say(language, PASO_SAYS_WEEK_OF),
                 paso_words_day(language, first, day));
    }
    return text;
}
