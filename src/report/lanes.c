/* What each policy sets and when: a lane for every lever, with a bar over the dates of the window
 * and the same in words. A policy shows what it does not share with the first one. */
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

/* ---- looking things up ---- */

static bool same_place(const paso_store_setting *a, const paso_store_setting *b) {
    return strcmp(a->lever, b->lever) == 0 && strcmp(a->cell, b->cell) == 0;
}

/* A policy's rows hold those of its base: what the first policy has too is no news. */
static bool is_shared(const paso_report_page *page, const paso_store_setting *s) {
    for (size_t i = 0; s->policy != 0 && i < page->c->n_settings; i++) {
        const paso_store_setting *t = &page->c->setting[i];
        if (t->policy != 0) break;
        if (t->day == s->day && same_place(t, s) && strcmp(t->value, s->value) == 0) return true;
    }
    return false;
}

static const paso_store_assumption *lever_of(const paso_report_page *page, const char *name,
                                             const char *cell) {
    const paso_store_assumption *found = NULL;
    for (size_t i = 0; i < page->c->n_assumptions; i++) {
        const paso_store_assumption *a = &page->c->assumption[i];
        if (strcmp(a->kind, "lever") != 0 || strcmp(a->name, name) != 0) continue;
        if (!found || strcmp(a->cell, cell) == 0) found = a;
    }
    return found;
}

/* The label of "origin=ven" where an observable has that cell, else the member's name. */
static void write_member(const paso_report_page *page, const char *part, size_t n) {
    char name[128];
    snprintf(name, sizeof name, "%.*s", (int)n, part);
    for (size_t o = 0; o < page->c->n_observables; o++) {
        const paso_store_observable *about = &page->c->observable[o];
        for (size_t i = 0; i < about->n_cells; i++) {
            if (strcmp(about->cell[i].name, name) != 0) continue;
            paso_html_text(page->out, paso_report_pick(page, about->cell[i].en, about->cell[i].es));
            return;
        }
    }
    const char *member = strchr(name, '=');
    paso_html_text(page->out, member ? member + 1 : name);
}

static void write_cell_name(const paso_report_page *page, const char *cell) {
    for (const char *part = cell; *part != '\0';) {
        size_t n = strcspn(part, ",");
        if (part != cell) fputs(", ", page->out);
        write_member(page, part, n);
        part += n + (part[n] == ',');
    }
}

static void write_lever(const paso_report_page *page, const paso_store_setting *s) {
    const paso_store_assumption *lever = lever_of(page, s->lever, s->cell);
    paso_html_text(page->out, lever ? paso_report_pick(page, lever->en, lever->es) : s->lever);
    if (s->cell[0] == '\0') return;
    fputs(": ", page->out);
    write_cell_name(page, s->cell);
}

static void write_unit(const paso_report_page *page, const char *unit) {
    const char *words = paso_words_unit(page->arena, page->language, page->c, unit);
    if (words && words[0] != '\0') paso_html_write(page->out, " %s", words);
}

static void write_value(const paso_report_page *page, const char *value, const char *unit) {
    char text[PASO_WORDS], *end = NULL;
    double number = strtod(value, &end);
    bool plain = end != value && *end == '\0';
    paso_html_write(page->out, "%s", plain ? paso_words_plain(text, number) : value);
    if (plain) write_unit(page, unit);
}

/* What the first policy has on that day: its setting in force, else the lever's own value. */
static void write_instead(const paso_report_page *page, const paso_store_setting *s) {
    const paso_store_setting *force = NULL;
    for (size_t i = 0; i < page->c->n_settings && page->c->setting[i].policy == 0; i++) {
        const paso_store_setting *t = &page->c->setting[i];
        bool covers = t->cell[0] == '\0' || strcmp(t->cell, s->cell) == 0;
        if (covers && strcmp(t->lever, s->lever) == 0 && t->day <= s->day) force = t;
    }
    const paso_store_assumption *lever = lever_of(page, s->lever, s->cell);
    char number[PASO_WORDS];
    if (force && force->value[0] != '\0') {
        fputs(SAY(POLICY_INSTEAD), page->out);
        write_value(page, force->value, force->unit);
    } else if (lever) {
        paso_html_write(page->out, "%r%s", SAY(POLICY_INSTEAD),
                        paso_words_plain(number, lever->value));
        write_unit(page, lever->unit);
    }
}

/* ---- lanes ---- */

static double place(const paso_report_page *page, int day) {
    int from = page->c->from, until = page->c->until;
    if (day < from) day = from;
    if (day > until) day = until;
    return until > from ? 100.0 * (day - from) / (until - from) : 0;
}

/* Settings [i, end) of one lever and cell; those of a policy that are news. */
static size_t lane_end(const paso_report_page *page, size_t i) {
    const paso_store_setting *s = &page->c->setting[i];
    size_t end = i + 1;
    while (end < page->c->n_settings && page->c->setting[end].policy == s->policy &&
           same_place(&page->c->setting[end], s)) {
        end++;
    }
    return end;
}

static bool is_news(const paso_report_page *page, size_t i) {
    const paso_store_setting *s = &page->c->setting[i];
    if (s->day >= page->c->until || is_shared(page, s)) return false;
    return s->policy != 0 || s->day > page->c->from;
}

static size_t next_news(const paso_report_page *page, size_t i, size_t end) {
    while (i < end && !is_news(page, i)) i++;
    return i;
}

static void write_bars(const paso_report_page *page, size_t i, size_t end) {
    fputs("<div class=\"track\" aria-hidden=\"true\">", page->out);
    for (i = next_news(page, i, end); i < end;) {
        const paso_store_setting *s = &page->c->setting[i];
        i = next_news(page, i + 1, end);
        if (s->value[0] == '\0') continue;
        double left = place(page, s->day);
        double right = i < end ? place(page, page->c->setting[i].day) : 100;
        paso_html_write(page->out, "<i style=\"left:%f%%;width:%f%%\"></i>", left, right - left);
    }
    fputs("</div>", page->out);
}

static void write_words(const paso_report_page *page, size_t i, size_t end) {
    char text[PASO_WORDS];
    for (i = next_news(page, i, end); i < end; i = next_news(page, i + 1, end)) {
        const paso_store_setting *s = &page->c->setting[i];
        fputs("<p>", page->out);
        if (s->value[0] == '\0') {
            paso_html_write(page->out, SAY(POLICY_ENDS_ON),
                            paso_words_day(page->language, text, s->day));
        } else {
            fputs("<b>", page->out);
            write_value(page, s->value, s->unit);
            fputs("</b>", page->out);
            if (s->policy != 0) write_instead(page, s);
            paso_html_write(page->out,
                            s->day <= page->c->from ? SAY(POLICY_THROUGHOUT) : SAY(POLICY_FROM),
                            paso_words_day(page->language, text, s->day));
        }
        fputs("</p>", page->out);
    }
}

static size_t write_lanes(const paso_report_page *page, size_t policy) {
    size_t n = 0;
    for (size_t end, i = 0; i < page->c->n_settings; i = end) {
        end = lane_end(page, i);
        if (page->c->setting[i].policy != policy || next_news(page, i, end) == end) continue;
        fputs("<tr><th scope=\"row\">", page->out);
        write_lever(page, &page->c->setting[i]);
        fputs("</th><td>", page->out);
        write_bars(page, i, end);
        write_words(page, i, end);
        fputs("</td></tr>\n", page->out);
        n++;
    }
    return n;
}

static void write_policy(paso_report_page *page, size_t p) {
    const paso_store_policy *policy = &page->c->policy[p];
    FILE *out = page->out;
    paso_html_write(out,
                    "<tbody class=\"p%z\">\n<tr class=\"group\"><th scope=\"rowgroup\" "
                    "colspan=\"2\"><i class=\"dot\"></i>%s",
                    paso_report_colour(p), paso_report_policy(page, p));
    paso_report_mark(page, policy->politics);
    fputc(' ', out);
    paso_report_doc(page, "small", "", policy->doc, policy->doc_es);
    fputs("</th></tr>\n", out);
    if (write_lanes(page, p) == 0) {
        paso_html_write(out, "<tr><td colspan=\"2\" class=\"none\">%s</td></tr>\n",
                        p == 0 ? SAY(POLICY_NO_CHANGE) : SAY(POLICY_AS_FIRST));
    }
    fputs("</tbody>\n", out);
}

static void write_axis(paso_report_page *page) {
    paso_svg_scale scale = {.from = page->c->from,
                            .until = page->c->until,
                            .high = 1,
                            .step = 1,
                            .language = page->language};
    paso_html_write(page->out,
                    "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\"><span "
                    "class=\"hidden\">%s</span><div class=\"dates\">",
                    SAY(POLICY_LEVER), SAY(POLICY_SETTINGS));
    paso_svg_begin(page->out, SAY(POLICY_DATES));
    paso_svg_x_axis(page->out, &scale, 5);
    fputs("</svg></div></th></tr></thead>\n", page->out);
}

/* ---- everything that the first policy sets ---- */

static void write_all(paso_report_page *page) {
    char text[PASO_WORDS];
    FILE *out = page->out;
    size_t n = 0;
    while (n < page->c->n_settings && page->c->setting[n].policy == 0) n++;
    if (n == 0) return;
    fputs("<details><summary>", out);
    paso_html_write(out, SAY(POLICY_ALL), n, paso_report_policy(page, 0));
    paso_html_write(out,
                    "</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                    "aria-label=\"%s\"><table>\n<thead><tr><th scope=\"col\">%s</th>"
                    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
                    SAY(POLICY_ALL_LABEL), SAY(POLICY_LEVER), SAY(POLICY_SINCE), SAY(POLICY_VALUE));
    for (size_t i = 0; i < n; i++) {
        const paso_store_setting *s = &page->c->setting[i];
        fputs("<tr><td>", out);
        if (i == 0 || !same_place(s, s - 1)) write_lever(page, s);
        paso_html_write(out, "</td><td>%s</td><td>", paso_words_day(page->language, text, s->day));
        if (s->value[0] == '\0') {
            fputs(SAY(POLICY_ENDS), out);
        } else {
            write_value(page, s->value, s->unit);
        }
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody></table></div></details>\n", out);
}

void paso_report_lanes(paso_report_page *page) {
    FILE *out = page->out;
    paso_html_write(out,
                    "<section id=\"policies\">\n<h2>%s</h2>\n<p class=\"lede\">%s %s</p>\n"
                    "<table class=\"lanes\">\n",
                    SAY(HEAD_POLICIES), SAY(POLICY_HOW),
                    page->c->n_policies > 1 ? SAY(POLICY_FIRST) : "");
    write_axis(page);
    for (size_t p = 0; p < page->c->n_policies; p++) write_policy(page, p);
    fputs("</table>\n", out);
    write_all(page);
    fputs("</section>\n", out);
}
