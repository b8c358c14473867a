/* Published figures beside the record and the model. */
#include <math.h>

#include "report/page.h"

/* The attached series over the days of a claim, as the observable takes them; NAN if it does not
 * reach from the first to the last day. */
static double observed_over(const paso_report_view *view, const paso_store_claim *claim) {
    double sum = 0, last = NAN;
    size_t n = 0;
    int next = claim->first_day;
    for (size_t i = 0; i < view->n_observed; i++) {
        const paso_store_point *point = &view->observed[i];
        bool early = !claim->total && point->first_day < claim->first_day;
        if (early || point->first_day > claim->last_day || isnan(point->value)) continue;
        sum += point->value;
        last = point->value;
        next = paso_period_next(point->first_day, view->every);
        n++;
    }
    if (n == 0 || next <= claim->last_day) return NAN;
    return paso_report_is_take(view, "sum")    ? sum
           : paso_report_is_take(view, "last") ? last
                                               : sum / (double)n;
}

/* Only where the claim is about one period of the window: medians of several do not add up. */
static const paso_summary *simulated_over(const paso_report_view *view,
                                          const paso_store_claim *claim) {
    for (size_t k = 0; k < view->n && !claim->total; k++) {
        int day = view->about->first_day[k];
        if (day == claim->first_day && paso_period_next(day, view->every) - 1 == claim->last_day) {
            return &view->series[k];
        }
    }
    return NULL;
}

static void write_period(FILE *out, const paso_store_claim *claim) {
    char first[PASO_WORDS], last[PASO_WORDS];
    if (claim->total) {
        paso_html_write(out, "in all, to %s", paso_words_day(last, claim->last_day));
    } else if (paso_period_start(claim->first_day, PASO_MONTH) == claim->first_day &&
               paso_period_next(claim->first_day, PASO_MONTH) - 1 == claim->last_day) {
        paso_html_write(out, "%s", paso_words_period(first, claim->first_day, PASO_MONTH));
    } else {
        paso_html_write(out, "%s to %s", paso_words_day(first, claim->first_day),
                        paso_words_day(last, claim->last_day));
    }
}

static void write_claim(paso_report_page *page, const paso_report_view *view,
                        const paso_store_claim *claim) {
    char text[PASO_WORDS];
    FILE *out = page->out;
    double seen = observed_over(view, claim);
    const paso_summary *simulated = simulated_over(view, claim);
    paso_html_write(out, "<tr><th scope=\"row\">%s", view->label);
    if (claim->doc[0] != '\0') paso_html_write(out, " <small>%s</small>", claim->doc);
    paso_html_write(out, "</th><td class=\"text\">%s</td><td class=\"text\">", claim->by);
    write_period(out, claim);
    paso_html_write(out, "</td><td>%s</td>", paso_words_plain(text, claim->says * view->factor));
    paso_html_write(out, "<td>%s</td>", paso_words_plain(text, seen * view->factor));
    if (simulated) {
        fputs("<td>", out);
        paso_report_band(out, paso_report_shown(view, *simulated), view->step, false);
        fputs("</td></tr>\n", out);
    } else {
        fputs("<td>\xE2\x80\x93</td></tr>\n", out);
    }
}

void paso_report_claims(paso_report_page *page) {
    bool open = false;
    for (size_t i = 0; i < page->n_views; i++) {
        const paso_report_view *view = &page->view[i];
        for (size_t k = 0; view->cell <= 0 && k < view->about->n_claims; k++) {
            if (!open) {
                fputs("<section id=\"claims\">\n<h2>Claims</h2>\n<p class=\"lede\">Published "
                      "figures, set beside the attached series and the model.</p>\n"
                      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Claims\">"
                      "<table class=\"numbers\">\n<thead><tr><th scope=\"col\">About</th>"
                      "<th scope=\"col\">By</th><th scope=\"col\">When</th>"
                      "<th scope=\"col\">Says</th><th scope=\"col\">Observed</th>"
                      "<th scope=\"col\">Simulated</th></tr></thead>\n<tbody>\n",
                      page->out);
            }
            open = true;
            write_claim(page, view, &view->about->claim[k]);
        }
    }
    if (open) fputs("</tbody></table></div>\n</section>\n", page->out);
}
