/* Rows of blocks: light for 5 to 95 %, dark for 25 to 75 %, full for the median, a dot for what was
 * observed. Reads without colours too. */
#include "cli/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 11, MAX_WIDTH = 66, AXIS = 10 };

typedef struct chart {
    const paso_store_observable *o;
    const paso_summary *series;
    double *observed; /* [n_periods], NAN where there is none */
    double bottom, top;
    int width; /* characters of a period */
    bool colours;
} chart;

/* The least of 1, 2, 2.5, 5 times a power of ten that is not below x. */
static double round_up(double x) {
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double unit = x > 0 ? pow(10, floor(log10(x))) : 1;
    for (int i = 0; i < 5; i++) {
        if (steps[i] * unit >= x) return steps[i] * unit;
    }
    return 10 * unit;
}

/* From 0 unless all lies in a narrow band far above it. */
static void choose_scale(chart *ch) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < ch->o->n_periods; k++) {
        low = fmin(fmin(low, ch->series[k].band[0]), ch->observed[k]);
        high = fmax(fmax(high, ch->series[k].band[4]), ch->observed[k]);
    }
    bool near_zero = low >= 0 && low < 0.7 * high;
    double step = round_up((high - (near_zero ? 0 : low)) / (ROWS - 1));
    ch->bottom = near_zero ? 0 : floor(low / step) * step;
    ch->top = ch->bottom + step * (ROWS - 1);
    if (ch->top < high) ch->top = ch->bottom + round_up(1.3 * step) * (ROWS - 1);
}

static int row_of(const chart *ch, double value) {
    return (int)lround((value - ch->bottom) / (ch->top - ch->bottom) * (ROWS - 1));
}

static const char *mark_at(const chart *ch, size_t k, int row) {
    const double *band = ch->series[k].band;
    if (!isnan(ch->observed[k]) && row_of(ch, ch->observed[k]) == row) return "●";
    if (isnan(band[2])) return " ";
    if (row_of(ch, band[2]) == row) return "━";
    if (row >= row_of(ch, band[1]) && row <= row_of(ch, band[3])) return "▒";
    if (row >= row_of(ch, band[0]) && row <= row_of(ch, band[4])) return "░";
    return " ";
}

static void print_mark(const chart *ch, const char *mark) {
    const char *colour = strcmp(mark, "●") == 0   ? "\033[33m"
                         : strcmp(mark, "━") == 0 ? "\033[36m"
                                                  : "\033[90m";
    if (ch->colours && mark[0] != ' ') fputs(colour, stdout);
    /* A dot stands in the middle of its period; everything else fills it. */
    bool dot = strcmp(mark, "●") == 0;
    for (int i = 0; i < ch->width; i++) fputs(dot && i != ch->width / 2 ? " " : mark, stdout);
    if (ch->colours && mark[0] != ' ') fputs("\033[0m", stdout);
}

static void print_row(const chart *ch, int row) {
    char text[40];
    double value = ch->bottom + (ch->top - ch->bottom) * row / (ROWS - 1);
    cli_pad(stdout, row % 2 == 0 ? cli_number(value, text) : "", AXIS);
    fputs(row % 2 == 0 ? " ┤" : " │", stdout);
    for (size_t k = 0; k < ch->o->n_periods; k++) print_mark(ch, mark_at(ch, k, row));
    putchar('\n');
}

/* The year under the first period of each year, and the first date at the left. */
static void print_dates(const chart *ch) {
    printf("%*s └", AXIS, "");
    int room = (int)ch->o->n_periods * ch->width;
    for (int i = 0; i < room; i++) fputs("─", stdout);
    printf("\n%*s  ", AXIS, "");
    for (int k = 0, at = 0; k < (int)ch->o->n_periods; k++) {
        paso_date date = paso_date_of(ch->o->first_day[k]);
        char text[16];
        snprintf(text, sizeof text, "%04d-%02d", date.year, date.month);
        bool wanted = k == 0 || (date.month == 1 && date.day <= 7) || date.month == 7;
        if (!wanted || k * ch->width < at || k * ch->width + 7 > room + 7) continue;
        at += printf("%*s%s", k * ch->width - at, "", text);
        at++;
        putchar(' ');
    }
    putchar('\n');
}

static paso_status read_observed(chart *ch, paso_store *store, size_t observable, int cell) {
    paso_store_point *point = NULL;
    size_t n = 0;
    paso_status status = paso_store_observed(store, observable, cell, &point, &n);
    for (size_t k = 0; k < ch->o->n_periods; k++) {
        ch->observed[k] = NAN;
        for (size_t i = 0; i < n; i++) {
            if (point[i].first_day == ch->o->first_day[k]) ch->observed[k] = point[i].value;
        }
    }
    free(point);
    return status;
}

static void print_chart(chart *ch, const char *policy) {
    printf("%s, %s: %s\n", ch->o->en, ch->o->unit, policy);
    printf("%*s  ━ middle  ▒ 25 to 75 %%  ░ 5 to 95 %%  ● observed\n", AXIS, "");
    for (int row = ROWS - 1; row >= 0; row--) print_row(ch, row);
    print_dates(ch);
}

paso_status cli_chart(const cli *c, paso_store *store, size_t policy, size_t observable, int cell) {
    const paso_store_contents *all = paso_store_read(store);
    chart ch = {.o = &all->observable[observable], .colours = cli_colours(c)};
    size_t n = ch.o->n_periods;
    if (n == 0 || n > MAX_WIDTH) return PASO_OK;
    paso_summary *series = calloc(n, sizeof *series);
    ch.observed = calloc(n, sizeof *ch.observed);
    paso_status status = series && ch.observed ? PASO_OK : PASO_ERR_MEMORY;
    if (status == PASO_OK) status = paso_store_series(store, policy, observable, cell, series);
    if (status == PASO_OK) status = read_observed(&ch, store, observable, cell);
    if (status == PASO_OK) {
        ch.series = series;
        ch.width = (int)(MAX_WIDTH / n) < 4 ? (int)(MAX_WIDTH / n) : 4;
        choose_scale(&ch);
        print_chart(&ch, all->policy[policy].en);
    }
    free(series);
    free(ch.observed);
    return status;
}
