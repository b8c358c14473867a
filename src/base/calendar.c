/* Calendar arithmetic on whole days.
 * Years are counted from 1 March, so that the leap day is the last of its year and month lengths
 * follow one line: (153 m + 2) / 5 days before month m of such a year. */
#include "base/calendar.h"

#include <string.h>

enum {
    DAYS_PER_ERA = 146097,
    YEARS_PER_ERA = 400,
    EPOCH = 719468
}; /* 1970-01-01 after 0000-03-01 */

static const char *const period_name[] = {"day", "week", "month", "year", "run"};

static int floor_div(int a, int b) {
    return a / b - (a % b < 0);
}

int paso_day_of(paso_date date) {
    int month = (date.month + 9) % 12; /* from March */
    int year = date.year - (date.month <= 2);
    int era = floor_div(year, YEARS_PER_ERA);
    int y = year - era * YEARS_PER_ERA;
    int in_year = (153 * month + 2) / 5 + date.day - 1;
    return era * DAYS_PER_ERA + 365 * y + y / 4 - y / 100 + in_year - EPOCH;
}

paso_date paso_date_of(int day) {
    int era = floor_div(day + EPOCH, DAYS_PER_ERA);
    int d = day + EPOCH - era * DAYS_PER_ERA;
    /* Take out the leap days already passed, so that 365 divides. */
    int y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    int in_year = d - (365 * y + y / 4 - y / 100);
    int month = (5 * in_year + 2) / 153;
    paso_date date = {
        .year = era * YEARS_PER_ERA + y + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = in_year - (153 * month + 2) / 5 + 1,
    };
    return date;
}

/* Reads exactly `digits` digits and moves on; -1 if they are not there. */
static int take(const char **text, int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9') return -1;
        value = 10 * value + (**text - '0');
    }
    return value;
}

static int month_days(int year, int month) {
    paso_date first = {year, month, 1};
    paso_date next = {year + month / 12, month % 12 + 1, 1};
    return paso_day_of(next) - paso_day_of(first);
}

static int parse_date(const char **text, paso_date *date, bool *full) {
    date->month = date->day = 1;
    *full = false;
    date->year = take(text, 4);
    if (date->year < 1) return -1;
    if (**text != '-') return 0;
    ++*text;
    date->month = take(text, 2);
    if (date->month < 1 || date->month > 12) return -1;
    if (**text != '-') return 0;
    ++*text;
    date->day = take(text, 2);
    *full = true;
    return date->day < 1 || date->day > month_days(date->year, date->month) ? -1 : 0;
}

int paso_date_parse(const char *text, int *day, double *fraction) {
    paso_date date;
    bool full;
    double time = 0;
    if (parse_date(&text, &date, &full) != 0) return -1;
    if (*text == 'T' && full && fraction != NULL) {
        text++;
        int hour = take(&text, 2);
        if (hour < 0 || hour > 23 || *text++ != ':') return -1;
        int minute = take(&text, 2);
        if (minute < 0 || minute > 59) return -1;
        time = (hour * 60 + minute) / 1440.0;
    }
    if (*text != '\0') return -1;
    *day = paso_day_of(date);
    if (fraction != NULL) *fraction = time;
    return 0;
}

void paso_date_write(int day, char text[16]) {
    paso_date date = paso_date_of(day);
    /* Dates of a corridor have four-digit years; the remainders let the compiler see that they fit.
     */
    snprintf(text, 16, "%04u-%02u-%02u", (unsigned)date.year % 10000U, (unsigned)date.month % 100U,
             (unsigned)date.day % 100U);
}

int paso_period_start(int day, paso_period period) {
    paso_date date = paso_date_of(day);
    if (period == PASO_WEEK)
        return day - (day + 3 - 7 * floor_div(day + 3, 7)); /* 1970-01-01: Thu */
    if (period == PASO_DAY) return day;
    date.day = 1;
    if (period == PASO_YEAR) date.month = 1;
    return paso_day_of(date);
}

int paso_period_next(int day, paso_period period) {
    int start = paso_period_start(day, period);
    paso_date date = paso_date_of(start);
    if (period == PASO_DAY) return start + 1;
    if (period == PASO_WEEK) return start + 7;
    if (period == PASO_MONTH) return start + month_days(date.year, date.month);
    date.year++;
    return paso_day_of(date);
}

int paso_month_length(int day) {
    paso_date date = paso_date_of(day);
    return month_days(date.year, date.month);
}

int paso_period_parse(const char *text, paso_period *period) {
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, period_name[i]) != 0) continue;
        *period = (paso_period)i;
        return 0;
    }
    return -1;
}

const char *paso_period_name(paso_period period) {
    return period_name[period];
}
