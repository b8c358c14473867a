/* A small writer of charts in SVG: axes, bands, lines, dots. A chart is as wide as its place and as
 * high as its style says: shapes stretch, text and strokes do not. Lines of one chart share a
 * scale; x is a day, y a value. */
#ifndef PASO_REPORT_SVG_H
#define PASO_REPORT_SVG_H

#include <stdbool.h>
#include <stdio.h>

#include "report/words.h"

typedef struct paso_svg_scale {
    double from, until;     /* days */
    double low, high, step; /* of the y axis; ticks at multiples of step */
    paso_language language; /* of dates */
} paso_svg_scale;

/* Grows [*low, *high] by the numbers of a summary that are numbers. */
void paso_svg_cover(double *low, double *high, double value);
/* A y axis with about `n_ticks` round ticks around [low, high]; from zero unless that would leave
 * more than half of the chart empty. */
paso_svg_scale paso_svg_scale_of(double from, double until, double low, double high, int n_ticks);
double paso_svg_x(const paso_svg_scale *scale, double day);   /* 0 to 100 from the left */
double paso_svg_y(const paso_svg_scale *scale, double value); /* 0 to 100 from the top */

/* Opens the picture and its text alternative, `label` (escaped here). */
void paso_svg_begin(FILE *out, const char *label);
/* Grid lines and labels; `factor` turns values to shown ones. At most n_labels dates. */
void paso_svg_y_axis(FILE *out, const paso_svg_scale *scale, double factor, bool sign);
void paso_svg_x_axis(FILE *out, const paso_svg_scale *scale, int n_labels);
/* A dated line across with a word at its top, before or after it. */
void paso_svg_mark(FILE *out, const paso_svg_scale *scale, double day, const char *word,
                   bool before);
void paso_svg_zero(FILE *out, const paso_svg_scale *scale);
/* Shapes stand between these two. */
void paso_svg_shapes(FILE *out);
void paso_svg_end(FILE *out);

/* Between quantiles `a` and `b` of summary [n] at days x [n]; broken where not a number. */
void paso_svg_band(FILE *out, const paso_svg_scale *scale, const char *kind, const double *x,
                   const paso_summary *summary, size_t n, int a, int b);
void paso_svg_line(FILE *out, const paso_svg_scale *scale, const char *kind, const double *x,
                   const paso_summary *summary, size_t n);
void paso_svg_dots(FILE *out, const paso_svg_scale *scale, const double *x, const double *y,
                   size_t n);

#endif
