/* The table: every view under every policy, at the last period and over the whole window. */
#include <math.h>

#include "report/page.h"

static void band_cell(FILE *out, const paso_report_view *view, paso_summary summary, bool sign) {
    paso_summary shown = paso_report_shown(view, summary);
    fputs("<td>", out);
    paso_report_band(out, shown, paso_words_step(&shown, 1, view->whole), sign);
    fputs("</td>", out);
}

static void pair_cells(FILE *out, const paso_report_view *view, const paso_pair *pair, size_t p) {
    char text[PASO_WORDS];
    if (p == 0) {
        fputs("<td></td><td></td>", out);
    } else if (paso_report_is_zero(&pair->difference)) {
        fputs("<td class=\"none\">none</td><td></td>", out);
    } else {
        band_cell(out, view, pair->difference, true);
        paso_html_write(out, "<td>%s&nbsp;%%</td>",
                        paso_words_number(text, 100 * pair->same_sign, 1, false));
    }
}

static void write_policy(paso_report_page *page, const paso_report_view *view, size_t p) {
    FILE *out = page->out;
    size_t last = p * view->n + view->n - 1;
    bool pairs = page->c->n_policies > 1;
    if (p > 0 && paso_report_is_same(view, p)) {
        paso_html_write(
            out,
            "<tr><th scope=\"row\" class=\"p%z\"><i class=\"dot\"></i>%s</th>"
            "<td class=\"text none\" colspan=\"6\">the same in every member</td></tr>\n",
            paso_report_colour(p), page->c->policy[p].en);
        return;
    }
    paso_html_write(out, "<tr><th scope=\"row\" class=\"p%z\"><i class=\"dot\"></i>%s</th>",
                    paso_report_colour(p), page->c->policy[p].en);
    band_cell(out, view, view->series[last], false);
    if (pairs) pair_cells(out, view, &view->pair[last], p);
    band_cell(out, view, view->window[p], false);
    if (pairs) pair_cells(out, view, &view->window_pair[p], p);
    fputs("</tr>\n", out);
}

static void write_view(paso_report_page *page, const paso_report_view *view) {
    char when[2 * PASO_WORDS];
    FILE *out = page->out;
    paso_html_write(out,
                    "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%d\">%s "
                    "<small>",
                    page->c->n_policies > 1 ? 7 : 3, view->label);
    paso_html_write(out, "%s%s%s; window: %s</small></th></tr>\n", view->unit,
                    view->unit[0] ? ", " : "", paso_report_when(view, view->n - 1, when),
                    paso_report_is_take(view, "sum") ? "total" : "average");
    for (size_t p = 0; p < page->c->n_policies; p++) write_policy(page, view, p);
    fputs("</tbody>\n", out);
}

void paso_report_results(paso_report_page *page) {
    FILE *out = page->out;
    bool pairs = page->c->n_policies > 1;
    const char *difference = pairs ? "<th scope=\"col\">Difference</th>"
                                     "<th scope=\"col\">Same sign</th>"
                                   : "";
    fputs("<section id=\"table\">\n<h2>Table</h2>\n<p class=\"lede\">Medians, and in small print "
          "the range of 90&nbsp;% of the members.",
          out);
    if (pairs) {
        paso_html_write(out,
                        " Differences are taken in pairs from <b class=\"p0\">%s</b>; <em>same "
                        "sign</em> is the share of members whose difference has the sign of the "
                        "mean difference.",
                        page->c->policy[0].en);
    }
    fputs("</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Results\">\n"
          "<table class=\"numbers results\">\n<thead><tr><th scope=\"col\"></th>",
          out);
    paso_html_write(out,
                    "<th scope=\"col\">Last period</th>%r<th scope=\"col\">Whole window</th>%r"
                    "</tr></thead>\n",
                    difference, difference);
    for (size_t i = 0; i < page->n_views; i++) {
        if (page->view[i].n > 0) write_view(page, &page->view[i]);
    }
    fputs("</table></div>\n</section>\n", out);
}
