/* Charts in SVG. Shapes live in a square of 1000 by 1000 that is stretched over the plot; whole
 * coordinates and relative moves keep a year of days in a few kilobytes. Text stands outside that
 * square in percent, so that it keeps its size at any width. */
#include "report/svg.h"

#include <math.h>
#include <string.h>

#include "report/html.h"

/* ---- scales ---- */

void paso_svg_cover(double *low, double *high, double value) {
    if (!isfinite(value)) return;
    if (value < *low) *low = value;
    if (value > *high) *high = value;
}

/* 1, 2 or 5 times a power of ten, at least x. */
static double nice_step(double x) {
    double power = pow(10, floor(log10(x)));
    double lead = x / power;
    return power * (lead <= 1.0001 ? 1 : lead <= 2.0001 ? 2 : lead <= 5.0001 ? 5 : 10);
}

paso_svg_scale paso_svg_scale_of(double from, double until, double low, double high, int n_ticks) {
    paso_svg_scale scale = {.from = from, .until = until > from ? until : from + 1};
    if (low > high) low = high = 0;
    if (low > 0 && low < 0.5 * high) low = 0;
    if (high < 0 && high > 0.5 * low) high = 0;
    double span = high - low;
    if (!(span > fabs(high) * 1e-9)) {
        span = high != 0 ? fabs(high) * 0.2 : 1;
        if (low != 0) low -= span / 2;
        high += span / 2;
    }
    scale.step = nice_step(span / n_ticks);
    scale.low = floor(low / scale.step + 1e-9) * scale.step;
    scale.high = ceil(high / scale.step - 1e-9) * scale.step;
    /* A band that touches the frame looks cut off. */
    if (low != 0 && low - scale.low < 0.02 * span) scale.low -= scale.step / 2;
    if (high != 0 && scale.high - high < 0.02 * span) scale.high += scale.step / 2;
    return scale;
}

double paso_svg_x(const paso_svg_scale *scale, double day) {
    return 100 * (day - scale->from) / (scale->until - scale->from);
}

double paso_svg_y(const paso_svg_scale *scale, double value) {
    return 100 * (scale->high - value) / (scale->high - scale->low);
}

/* ---- frame ---- */

void paso_svg_begin(FILE *out, const char *label) {
    paso_html_write(out, "<svg class=\"picture\" role=\"img\" aria-label=\"%s\">", label);
}

static void tick_text(char text[PASO_WORDS], double value, double step, bool sign) {
    bool millions = fabs(value) >= 1e6 || (step >= 5e5 && value != 0);
    paso_words_number(text, millions ? value / 1e6 : value, millions ? step / 1e6 : step, sign);
    size_t n = strlen(text);
    if (millions) snprintf(text + n, PASO_WORDS - n, "\xE2\x80\xAFM");
}

void paso_svg_y_axis(FILE *out, const paso_svg_scale *scale, double factor, bool sign) {
    char text[PASO_WORDS];
    double first = ceil(scale->low / scale->step - 1e-9);
    double last = floor(scale->high / scale->step + 1e-9);
    for (double i = first; i <= last && last - first < 50; i++) {
        double at = paso_svg_y(scale, i * scale->step);
        tick_text(text, i * scale->step * factor, scale->step * factor, sign);
        paso_html_write(out,
                        "<line class=\"grid\" x1=\"0\" x2=\"100%%\" y1=\"%f%%\" y2=\"%f%%\"/>"
                        "<text class=\"y\" x=\"0\" dx=\"-8\" y=\"%f%%\" dy=\".34em\">%s</text>",
                        at, at, at, text);
    }
}

static void date_tick(FILE *out, const paso_svg_scale *scale, int day, const char *text, int i) {
    double at = paso_svg_x(scale, day);
    if (at < -0.01 || at > 100.01) return;
    paso_html_write(out,
                    "<line class=\"tick\" x1=\"%f%%\" x2=\"%f%%\" y1=\"100%%\" y2=\"100%%\"/>"
                    "<text class=\"x%r\" x=\"%f%%\" y=\"100%%\" dy=\"1.6em\">%s</text>",
                    at, at, i % 2 ? " odd" : "", at, text);
}

static void day_ticks(FILE *out, const paso_svg_scale *scale, int n_labels) {
    char text[PASO_WORDS];
    int span = (int)(scale->until - scale->from);
    int step = span <= n_labels ? 1 : span <= 7 * n_labels ? 7 : 14;
    int day = paso_period_start((int)scale->from, step == 1 ? PASO_DAY : PASO_WEEK);
    for (int i = 0; day <= scale->until; i++, day += step) {
        snprintf(text, sizeof text, "%d %s", paso_date_of(day).day,
                 paso_words_month(scale->language, day));
        date_tick(out, scale, day, text, i);
    }
}

static int month_step(double days, int n_labels) {
    static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240};
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof *steps && days / 30.4 / steps[i] > n_labels) i++;
    return steps[i];
}

void paso_svg_x_axis(FILE *out, const paso_svg_scale *scale, int n_labels) {
    char text[PASO_WORDS];
    double days = scale->until - scale->from;
    if (days <= 75) {
        day_ticks(out, scale, n_labels);
        return;
    }
    int step = month_step(days, n_labels);
    int month = 12 * paso_date_of((int)scale->from).year;
    for (int i = 0; i < 4000; month += step) {
        int day = paso_day_of((paso_date){month / 12, month % 12 + 1, 1});
        if (day > scale->until) break;
        if (day < scale->from) continue;
        paso_words_period(scale->language, text, day, step % 12 == 0 ? PASO_YEAR : PASO_MONTH);
        date_tick(out, scale, day, text, i++);
    }
}

void paso_svg_mark(FILE *out, const paso_svg_scale *scale, double day, const char *word,
                   bool before) {
    double at = paso_svg_x(scale, day);
    if (at < 0 || at > 99) return;
    paso_html_write(out,
                    "<line class=\"mark\" x1=\"%f%%\" x2=\"%f%%\" y1=\"0\" y2=\"100%%\"/>"
                    "<text class=\"mark\" x=\"%f%%\" dx=\"%d\" y=\"0\" dy=\"-.9em\"%r>%s</text>",
                    at, at, at, before ? -6 : 6, before ? " text-anchor=\"end\"" : "", word);
}

void paso_svg_zero(FILE *out, const paso_svg_scale *scale) {
    double at = paso_svg_y(scale, 0);
    paso_html_write(out, "<line class=\"zero\" x1=\"0\" x2=\"100%%\" y1=\"%f%%\" y2=\"%f%%\"/>", at,
                    at);
}

void paso_svg_shapes(FILE *out) {
    fputs("<svg viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\" overflow=\"visible\">", out);
}

void paso_svg_end(FILE *out) {
    fputs("</svg></svg>", out);
}

/* ---- shapes ---- */

/* The pen: relative moves between whole coordinates, from where it really stands. */
typedef struct pen {
    FILE *out;
    const paso_svg_scale *scale;
    int x, y;
} pen;

static int whole(double percent) {
    return (int)lround(10 * fmin(fmax(percent, -300), 400));
}

static void pen_to(pen *p, double x, double y, bool first) {
    int to_x = whole(paso_svg_x(p->scale, x)), to_y = whole(paso_svg_y(p->scale, y));
    if (first) {
        fprintf(p->out, "M%d %dl", to_x, to_y);
    } else {
        fprintf(p->out, "%d%s%d ", to_x - p->x, to_y - p->y < 0 ? "" : " ", to_y - p->y);
    }
    p->x = to_x;
    p->y = to_y;
}

/* First index from i on whose median is (not) a number, or n. */
static size_t next_where(const paso_summary *summary, size_t n, size_t i, bool number) {
    while (i < n && isnan(summary[i].band[2]) == number) i++;
    return i;
}

/* One period alone has no width: it gets a two-hundredth of the chart. */
static double widen(const pen *p, size_t first, size_t end) {
    return end - first == 1 ? (p->scale->until - p->scale->from) / 200 : 0;
}

static void band_piece(pen *p, const double *x, const paso_summary *s, size_t first, size_t end,
                       int a, int b) {
    double wide = widen(p, first, end);
    pen_to(p, x[first] - wide, s[first].band[b], true);
    for (size_t i = first; i < end; i++) pen_to(p, x[i] + wide, s[i].band[b], false);
    for (size_t i = end; i > first; i--) pen_to(p, x[i - 1] + wide, s[i - 1].band[a], false);
    pen_to(p, x[first] - wide, s[first].band[a], false);
    fputc('z', p->out);
}

void paso_svg_band(FILE *out, const paso_svg_scale *scale, const char *kind, const double *x,
                   const paso_summary *summary, size_t n, int a, int b) {
    pen p = {.out = out, .scale = scale};
    paso_html_write(out, "<path class=\"%r\" d=\"", kind);
    for (size_t end, i = next_where(summary, n, 0, true); i < n;) {
        end = next_where(summary, n, i, false);
        band_piece(&p, x, summary, i, end, a, b);
        i = next_where(summary, n, end, true);
    }
    fputs("\"/>", out);
}

void paso_svg_line(FILE *out, const paso_svg_scale *scale, const char *kind, const double *x,
                   const paso_summary *summary, size_t n) {
    pen p = {.out = out, .scale = scale};
    paso_html_write(out, "<path class=\"%r\" d=\"", kind);
    for (size_t end, i = next_where(summary, n, 0, true); i < n;) {
        end = next_where(summary, n, i, false);
        double wide = widen(&p, i, end);
        pen_to(&p, x[i] - wide, summary[i].band[2], true);
        for (size_t k = i; k < end; k++) pen_to(&p, x[k] + wide, summary[k].band[2], false);
        i = next_where(summary, n, end, true);
    }
    fputs("\"/>", out);
}

/* A line of no length with round ends is a dot that stretching leaves round. */
void paso_svg_dots(FILE *out, const paso_svg_scale *scale, const double *x, const double *y,
                   size_t n) {
    fputs("<path class=\"dots\" d=\"", out);
    for (size_t i = 0; i < n; i++) {
        if (isnan(y[i])) continue;
        fprintf(out, "M%d %dh0", whole(paso_svg_x(scale, x[i])), whole(paso_svg_y(scale, y[i])));
    }
    fputs("\"/>", out);
}
