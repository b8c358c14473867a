/* Observables that are dates: under each policy the first day on which the condition holds, and how
 * many members see it at all. They have no curve, so they stand in a table of their own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

static bool is_date(const paso_store_observable *o) {
    return strcmp(o->take, "first") == 0;
}

static const char *day_words(paso_language language, double day, char text[PASO_WORDS]) {
    if (fabs(day) < 2.9e6) return paso_words_day(language, text, (int)lround(day));
    snprintf(text, PASO_WORDS, "%s", paso_say(language, PASO_SAYS_NEVER));
    return text;
}

static void write_date(const paso_report_page *page, const paso_summary *s, size_t observable,
                       size_t policy) {
    char text[3][PASO_WORDS];
    FILE *out = page->out;
    paso_language language = page->language;
    paso_html_write(out, "<td>%s", day_words(language, s->band[2], text[0]));
    day_words(language, s->band[0], text[1]);
    day_words(language, s->band[4], text[2]);
    if (strcmp(text[1], text[2]) != 0)
        paso_html_write(out, " <small>%s%s%s</small>", text[1], SAY(SAYS_TO), text[2]);
    paso_report_mark(page, paso_store_rests(page->store, policy, policy, observable));
    paso_html_write(out, "</td><td>%s&nbsp;%%</td>",
                    paso_words_number(text[0], 100 * s->mean, 1, false));
}

static paso_status write_row(paso_report_page *page, size_t observable, int cell) {
    const paso_store_observable *o = &page->c->observable[observable];
    const char *name =
        o->n_cells > 1 ? paso_report_pick(page, o->cell[cell].en, o->cell[cell].es) : "";
    paso_status status = PASO_OK;
    paso_html_write(page->out, "<tr><th scope=\"row\">%s%s%s</th>",
                    paso_report_pick(page, o->en, o->es), name[0] ? ": " : "", name);
    for (size_t p = 0; p < page->c->n_policies && status == PASO_OK; p++) {
        paso_summary s = {NAN, {NAN, NAN, NAN, NAN, NAN}};
        status = paso_store_series(page->store, p, observable, cell, &s);
        write_date(page, &s, observable, p);
    }
    fputs("</tr>\n", page->out);
    return status;
}

static void write_heads(paso_report_page *page) {
    paso_html_write(page->out,
                    "<section id=\"dates\">\n<h2>%s</h2>\n<p class=\"lede\">%r</p>\n<div "
                    "class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n<table "
                    "class=\"numbers\">\n<thead><tr><th scope=\"col\"></th>",
                    SAY(DATES_TITLE), SAY(DATES_HOW), SAY(DATES_TITLE));
    for (size_t p = 0; p < page->c->n_policies; p++)
        paso_html_write(page->out,
                        "<th scope=\"col\" class=\"p%z\"><i class=\"dot\"></i>%s</th><th "
                        "scope=\"col\">%s</th>",
                        paso_report_colour(p), paso_report_policy(page, p), SAY(DATES_EVER));
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
