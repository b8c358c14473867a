/* The numbers behind a chart, folded: one row a period, with the observed past that is drawn. The
 * page's script reads values under the pointer from here, so nothing is stored twice. */
#include <math.h>

#include "report/page.h"

enum { MAX_ROWS = 300 }; /* longer tables show every second, third ... period */

static void write_header(paso_report_page *page, const paso_report_view *view) {
    FILE *out = page->out;
    paso_html_write(out, "<thead><tr><th scope=\"col\">%s</th>",
                    view->every == PASO_DAY     ? SAY(SAYS_DAY)
                    : view->every == PASO_WEEK  ? SAY(SAYS_WEEK)
                    : view->every == PASO_MONTH ? SAY(SAYS_MONTH)
                                                : SAY(SAYS_YEAR));
    if (view->n_observed > 0)
        paso_html_write(out, "<th scope=\"col\">%s</th>", SAY(CHART_OBSERVED_HEAD));
    for (size_t p = 0; p < page->c->n_policies; p++) {
        paso_html_write(out, "<th scope=\"col\" class=\"p%z\">%s</th>", paso_report_colour(p),
                        paso_report_policy(page, p));
    }
    for (size_t p = 1; p < page->c->n_policies; p++) {
        if (paso_report_is_same(view, p)) continue;
        paso_html_write(out, "<th scope=\"col\" class=\"p%z\">", paso_report_colour(p));
        paso_html_write(out, SAY(CHART_DIFFERENCE), paso_report_policy(page, p));
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

static void row_head(paso_report_page *page, const paso_report_view *view, double from,
                     int first_day) {
    char text[PASO_WORDS];
    double at = (paso_report_place(view, first_day) - from) / (page->c->until - from);
    paso_words_period(page->language, text, first_day, view->every);
    if (view->every == PASO_WEEK) paso_words_day(page->language, text, first_day);
    paso_html_write(page->out, "<tr data-x=\"%f\"><th scope=\"row\">%s</th>", 100 * at, text);
}

static void observed_cell(paso_report_page *page, const paso_report_view *view, double value) {
    char text[PASO_WORDS];
    bool empty = isnan(value); /* most often the future: no mark for what nobody could see */
    paso_html_write(page->out, "<td>%s</td>",
                    empty ? "" : paso_words_number(text, value * view->factor, view->step, false));
}

/* What was observed before the window. */
static void past_rows(paso_report_page *page, const paso_report_view *view, double from) {
    size_t n_columns = page->c->n_policies;
    for (size_t p = 1; p < page->c->n_policies; p++) n_columns += !paso_report_is_same(view, p);
    for (size_t i = 0; i < view->n_observed; i++) {
        int day = view->observed[i].first_day;
        if (day < from || view->n == 0 || day >= view->about->first_day[0]) continue;
        row_head(page, view, from, day);
        observed_cell(page, view, view->observed[i].value);
        for (size_t c = 0; c < n_columns; c++) fputs("<td></td>", page->out);
        fputs("</tr>\n", page->out);
    }
}

static double observed_in(const paso_report_view *view, int first_day) {
    for (size_t i = 0; i < view->n_observed; i++) {
        if (view->observed[i].first_day == first_day) return view->observed[i].value;
    }
    return NAN;
}

static void period_row(paso_report_page *page, const paso_report_view *view, double from,
                       size_t k) {
    FILE *out = page->out;
    row_head(page, view, from, view->about->first_day[k]);
    if (view->n_observed > 0) {
        observed_cell(page, view, observed_in(view, view->about->first_day[k]));
    }
    for (size_t p = 0; p < page->c->n_policies; p++) {
        fputs("<td>", out);
        paso_report_band(out, view->language,
                         paso_report_shown(view, view->series[p * view->n + k]), view->step, false);
        fputs("</td>", out);
    }
    for (size_t p = 1; p < page->c->n_policies; p++) {
        if (paso_report_is_same(view, p)) continue;
        const paso_pair *pair = &view->pair[p * view->n + k];
        fputs("<td>", out);
        paso_report_band(out, view->language, paso_report_shown(view, pair->difference),
                         paso_report_pair_step(view, p), true);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

void paso_report_chart_table(paso_report_page *page, const paso_report_view *view, double from) {
    FILE *out = page->out;
    size_t stride = view->n > 0 ? (view->n - 1) / MAX_ROWS + 1 : 1;
    const char *title = paso_arena_format(page->arena, SAY(CHART_TABLE), view->label);
    if (!title) title = view->label;
    paso_html_write(out,
                    "<details class=\"data\"><summary>%s</summary>\n<div class=\"wide\" "
                    "tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n<table "
                    "class=\"numbers\">\n<caption>%r",
                    title, title, SAY(SAYS_SMALL_PRINT));
    if (view->unit[0] != '\0') paso_html_write(out, "; %s", view->unit);
    if (stride > 1) paso_html_write(out, SAY(CHART_EVERY), stride);
    fputs("</caption>\n", out);
    write_header(page, view);
    past_rows(page, view, from);
    /* Counted from the end, so that the last period is always there. */
    for (size_t k = (view->n - 1) % stride; k < view->n; k += stride) {
        period_row(page, view, from, k);
    }
    fputs("</tbody></table></div></details>\n", out);
}
