/* Observables that are dates: under each policy the first day on which the condition holds, and how
 * many members see it at all. They have no curve, so they stand in a table of their own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

static bool is_date(const paso_store_observable *o) {
    return strcmp(o->take, "first") == 0;
}

static const char *day_words(double day, char text[PASO_WORDS]) {
    if (fabs(day) < 2.9e6) return paso_words_day(text, (int)lround(day));
    snprintf(text, PASO_WORDS, "never");
    return text;
}

static void write_date(FILE *out, const paso_summary *s) {
    char text[3][PASO_WORDS];
    paso_html_write(out, "<td>%s", day_words(s->band[2], text[0]));
    day_words(s->band[0], text[1]);
    day_words(s->band[4], text[2]);
    if (strcmp(text[1], text[2]) != 0)
        paso_html_write(out, " <small>%s to %s</small>", text[1], text[2]);
    paso_html_write(out, "</td><td>%s&nbsp;%%</td>",
                    paso_words_number(text[0], 100 * s->mean, 1, false));
}

static paso_status write_row(paso_report_page *page, size_t observable, int cell) {
    const paso_store_observable *o = &page->c->observable[observable];
    const char *name = o->n_cells > 1 ? o->cell[cell].en : "";
    paso_status status = PASO_OK;
    paso_html_write(page->out, "<tr><th scope=\"row\">%s%s%s</th>", o->en, name[0] ? ": " : "",
                    name);
    for (size_t p = 0; p < page->c->n_policies && status == PASO_OK; p++) {
        paso_summary s = {NAN, {NAN, NAN, NAN, NAN, NAN}};
        status = paso_store_series(page->store, p, observable, cell, &s);
        write_date(page->out, &s);
    }
    fputs("</tr>\n", page->out);
    return status;
}

static void write_heads(paso_report_page *page) {
    fputs(
        "<section id=\"dates\">\n<h2>Dates</h2>\n<p class=\"lede\">The first day of the window on "
        "which it is so: the median, and in small print the range of 90&nbsp;% of the members. "
        "<em>Ever</em> is the share of members in which it is so at all.</p>\n<div class=\"wide\" "
        "tabindex=\"0\" role=\"region\" aria-label=\"Dates\">\n<table class=\"numbers\">\n<thead>"
        "<tr><th scope=\"col\"></th>",
        page->out);
    for (size_t p = 0; p < page->c->n_policies; p++)
        paso_html_write(page->out,
                        "<th scope=\"col\" class=\"p%z\"><i class=\"dot\"></i>%s</th><th "
                        "scope=\"col\">Ever</th>",
                        paso_report_colour(p), page->c->policy[p].en);
    fputs("</tr></thead>\n<tbody>\n", page->out);
}

paso_status paso_report_dates(paso_report_page *page) {
    paso_status status = PASO_OK;
    bool any = false;
    for (size_t o = 0; o < page->c->n_observables; o++) {
        if (!is_date(&page->c->observable[o])) continue;
        if (!any) write_heads(page);
        any = true;
        for (size_t i = 0; i < page->c->observable[o].n_cells && status == PASO_OK; i++)
            status = write_row(page, o, (int)i);
    }
    if (any) fputs("</tbody></table></div>\n</section>\n", page->out);
    return status;
}
