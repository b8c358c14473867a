/* The table: every view under every policy, at the last period and over the whole window. */
#include <math.h>

#include "report/page.h"

static void band_cell(FILE *out, const paso_report_view *view, paso_summary summary, bool sign) {
    paso_summary shown = paso_report_shown(view, summary);
    fputs("<td>", out);
    paso_report_band(out, view->language, shown, paso_words_step(&shown, 1, view->whole), sign);
    fputs("</td>", out);
}

/* Of a run with --split: what the band of the difference consists of. */
static void shares(const paso_report_page *page, const paso_report_view *view, size_t p,
                   bool window) {
    char text[3][PASO_WORDS];
    const paso_store_shares *s =
        paso_store_shares_of(page->store, p, view->observable, view->cell, window);
    if (!s) return;
    fputs(" <small class=\"shares\">", page->out);
    paso_html_write(page->out, SAY(TABLE_SHARES),
                    paso_words_number(text[0], 100 * s->noise, 1, false),
                    paso_words_number(text[1], 100 * s->parameters, 1, false),
                    paso_words_number(text[2], 100 * s->politics, 1, false));
    fputs("</small>", page->out);
}

static void pair_cells(const paso_report_page *page, const paso_report_view *view,
                       const paso_pair *pair, size_t p, bool window) {
    char text[PASO_WORDS];
    FILE *out = page->out;
    if (p == 0) {
        fputs("<td></td><td></td>", out);
    } else if (paso_report_is_zero(&pair->difference)) {
        paso_html_write(out, "<td class=\"none\">%s</td><td></td>", SAY(TABLE_NONE));
    } else {
        paso_summary shown = paso_report_shown(view, pair->difference);
        fputs("<td>", out);
        paso_report_band(out, view->language, shown, paso_words_step(&shown, 1, view->whole), true);
        shares(page, view, p, window);
        paso_html_write(out, "</td><td>%s&nbsp;%%</td>",
                        paso_words_number(text, 100 * pair->same_sign, 1, false));
    }
}

static void write_policy(paso_report_page *page, const paso_report_view *view, size_t p) {
    FILE *out = page->out;
    size_t last = p * view->n + view->n - 1;
    bool pairs = page->c->n_policies > 1;
    paso_html_write(out, "<tr><th scope=\"row\" class=\"p%z\"><i class=\"dot\"></i>%s",
                    paso_report_colour(p), paso_report_policy(page, p));
    paso_report_mark_view(page, view, p, false);
    fputs("</th>", out);
    if (p > 0 && paso_report_is_same(view, p)) {
        paso_html_write(out, "<td class=\"text none\" colspan=\"6\">%s</td></tr>\n",
                        SAY(TABLE_SAME));
        return;
    }
    band_cell(out, view, view->series[last], false);
    if (pairs) pair_cells(page, view, &view->pair[last], p, false);
    band_cell(out, view, view->window[p], false);
    if (pairs) pair_cells(page, view, &view->window_pair[p], p, true);
    fputs("</tr>\n", out);
}

static void write_view(paso_report_page *page, const paso_report_view *view) {
    char when[2 * PASO_WORDS];
    FILE *out = page->out;
    paso_html_write(out,
                    "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%d\">%s "
                    "<small>",
                    page->c->n_policies > 1 ? 7 : 3, view->label);
    paso_html_write(out, "%s%s%s; ", view->unit, view->unit[0] ? ", " : "",
                    paso_report_when(view, view->n - 1, when));
    paso_html_write(out, SAY(TABLE_OVER),
                    paso_report_is_take(view, "sum") ? SAY(SAYS_TOTAL) : SAY(SAYS_MEAN));
    fputs("; ", out);
    paso_html_write(out, SAY(CHART_RESTS), paso_report_rests(page, view));
    fputs("</small></th></tr>\n", out);
    for (size_t p = 0; p < page->c->n_policies; p++) write_policy(page, view, p);
    fputs("</tbody>\n", out);
}

static void write_head(paso_report_page *page, bool pairs) {
    FILE *out = page->out;
    const char *const head[] = {SAY(TABLE_LAST),   SAY(TABLE_DIFFERENCE), SAY(TABLE_SIGN),
                                SAY(TABLE_WINDOW), SAY(TABLE_DIFFERENCE), SAY(TABLE_SIGN)};
    paso_html_write(out,
                    "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n"
                    "<table class=\"numbers results\">\n<thead><tr><th scope=\"col\"></th>",
                    SAY(TABLE_LABEL));
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        if (pairs || i % 3 == 0) paso_html_write(out, "<th scope=\"col\">%s</th>", head[i]);
    fputs("</tr></thead>\n", out);
}

void paso_report_results(paso_report_page *page) {
    FILE *out = page->out;
    bool pairs = page->c->n_policies > 1;
    paso_html_write(out, "<section id=\"table\">\n<h2>%s</h2>\n<p class=\"lede\">%r",
                    SAY(TABLE_TITLE), SAY(TABLE_HOW));
    if (pairs) paso_html_write(out, SAY(TABLE_PAIRS), paso_report_policy(page, 0));
    if (page->c->n_shares > 0) paso_html_write(out, "%r", SAY(TABLE_SPLIT));
    fputs("</p>\n", out);
    write_head(page, pairs);
    for (size_t i = 0; i < page->n_views; i++) {
        if (page->view[i].n > 0) write_view(page, &page->view[i]);
    }
    fputs("</table></div>\n</section>\n", out);
}
