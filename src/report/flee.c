/* One chart for each camp: median and bands of the members, dots for the counts they are held
 * against. The largest error comes first in the table, so that a reader sees what to look at. */
#include "report/flee.h"

#include <math.h>
#include <stdlib.h>

#include "report/page.h"

enum { MAX_DOTS = 60 };

paso_status paso_report_flee_bands(const paso_flee_result *result, size_t n, size_t camp,
                                   paso_summary *band) {
    double *value = calloc(n + 1, sizeof *value);
    if (!value) return PASO_ERR_MEMORY;
    for (size_t t = 0; t < (size_t)result[0].days; t++) {
        for (size_t m = 0; m < n; m++) value[m] = result[m].in_camp[t * result[m].n_camps + camp];
        band[t] = paso_summarise(value, n);
    }
    free(value);
    return PASO_OK;
}

static double mean_error(const paso_flee_result *result, size_t n, bool rescaled) {
    double sum = 0;
    for (size_t m = 0; m < n; m++)
        sum += rescaled ? result[m].error_rescaled : result[m].error_normal;
    return sum / (double)n;
}

static void write_head(FILE *out, const paso_flee_scenario *s, const paso_flee_result *result,
                       size_t n) {
    char first[PASO_WORDS], last[PASO_WORDS], members[PASO_WORDS];
    paso_html_write(out,
                    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                    "<title>%s</title>",
                    s->name);
    paso_report_style(out);
    paso_html_write(out,
                    "</head><body><p class=\"brand\">Paso<span>Flee scenario</span></p>"
                    "<h1>%s: people in camps against counts</h1>"
                    "<p class=\"lede\">Settings %s, %s to %s, %s member%s. Error (normal) %r%f, "
                    "rescaled %f: the mean over days of |simulated &minus; counted| summed over "
                    "camps, by the people counted.</p>",
                    s->name, s->settings_name, paso_words_day(PASO_EN, first, s->start),
                    paso_words_day(PASO_EN, last, s->start + s->days - 1),
                    paso_words_count(members, n), n == 1 ? "" : "s", "",
                    mean_error(result, n, false), mean_error(result, n, true));
}

static void write_table(FILE *out, const paso_flee_scenario *s, const paso_flee_result *result,
                        size_t n) {
    char sim[PASO_WORDS], data[PASO_WORDS], wrong[PASO_WORDS];
    fputs("<div class=\"wide\"><table class=\"numbers\"><caption>Means over days and "
          "members</caption><thead><tr><th>Camp</th><th>Simulated</th><th>Counted</th>"
          "<th>Mean difference</th><th>Part of the error</th></tr></thead><tbody>",
          out);
    for (size_t i = 0; i < s->n_camps; i++) {
        paso_flee_camp sum = {0}, one = {0};
        for (size_t m = 0; m < n; m++) {
            paso_flee_camp_error(&result[m], i, &one);
            sum.sim += one.sim / (double)n;
            sum.difference += one.difference / (double)n;
            sum.share += one.share / (double)n;
        }
        paso_html_write(out, "<tr><th>%s</th><td>%s</td><td>%s</td><td>%s</td><td>%f</td></tr>",
                        s->place[s->camp[i]].name, paso_words_plain(sim, round(sum.sim)),
                        paso_words_plain(data, round(one.data)),
                        paso_words_plain(wrong, round(sum.difference)), sum.share);
    }
    fputs("</tbody></table></div>", out);
}

/* Counts are drawn where the eye can tell them apart. */
static void write_dots(FILE *out, const paso_svg_scale *scale, const paso_flee_result *result,
                       size_t camp, const double *x) {
    double at[MAX_DOTS + 1], count[MAX_DOTS + 1];
    size_t days = (size_t)result->days, step = days / MAX_DOTS + 1, k = 0;
    for (size_t t = 0; t < days && k <= MAX_DOTS; t += step, k++) {
        at[k] = x[t];
        count[k] = result->data[t * result->n_camps + camp];
    }
    paso_svg_dots(out, scale, at, count, k);
}

static paso_status write_chart(FILE *out, const paso_flee_scenario *s,
                               const paso_flee_result *result, size_t n, size_t camp) {
    size_t days = (size_t)s->days;
    paso_summary *band = calloc(days, sizeof *band);
    double *x = calloc(days, sizeof *x), low = 0, high = 0;
    paso_status status = PASO_ERR_MEMORY;
    if (!band || !x) goto out;
    status = paso_report_flee_bands(result, n, camp, band);
    if (status != PASO_OK) goto out;
    for (size_t t = 0; t < days; t++) {
        x[t] = s->start + (double)t;
        paso_svg_cover(&low, &high, band[t].band[4]);
        paso_svg_cover(&low, &high, result->data[t * s->n_camps + camp]);
    }
    const char *name = s->place[s->camp[camp]].name;
    paso_svg_scale scale = paso_svg_scale_of(x[0], x[days - 1], low, high, 4);
    paso_html_write(out, "<div class=\"small p0\"><p class=\"name\">%s</p><div class=\"plot\">",
                    name);
    paso_svg_begin(out, name);
    paso_svg_y_axis(out, &scale, 1, false);
    paso_svg_x_axis(out, &scale, 4);
    paso_svg_shapes(out);
    paso_svg_band(out, &scale, "b90", x, band, days, 0, 4);
    paso_svg_line(out, &scale, "line p0", x, band, days);
    write_dots(out, &scale, result, camp, x);
    paso_svg_end(out);
    fputs("</div></div>", out);
out:
    free(band);
    free(x);
    return status;
}

paso_status paso_report_flee(FILE *out, const paso_flee_scenario *scenario,
                             const paso_flee_result *result, size_t n, const char *line) {
    paso_status status = PASO_OK;
    write_head(out, scenario, result, n);
    fputs("<p class=\"how\"><span><i class=\"swatch line\"></i>median of members</span>"
          "<span><i class=\"swatch\"></i>90 % of members</span>"
          "<span><i class=\"seen\"></i>counted</span></p><div class=\"smalls\">",
          out);
    for (size_t i = 0; i < scenario->n_camps && status == PASO_OK; i++)
        status = write_chart(out, scenario, result, n, i);
    fputs("</div>", out);
    write_table(out, scenario, result, n);
    paso_html_write(out,
                    "<footer><p>Bands show chance alone, not what the rules may miss. Made by "
                    "<code>%s</code></p></footer></body></html>\n",
                    line);
    return status;
}
