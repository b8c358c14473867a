/* Every parameter and lever with value, range, unit, layer and source; what is assumed is marked
 * as such and counted. */
#include <math.h>
#include <string.h>

#include "report/page.h"

static bool is_assumed(const paso_store_assumption *a) {
    return strcmp(a->source, "assumed") == 0;
}

static bool is_first_cell(const paso_report_page *page, size_t i) {
    const paso_store_assumption *a = &page->c->assumption[i];
    return i == 0 || strcmp(a[-1].name, a->name) != 0 || strcmp(a[-1].kind, a->kind) != 0;
}

static void write_source(paso_report_page *page, const paso_store_assumption *a) {
    if (is_assumed(a)) {
        paso_html_write(page->out, "<mark>%s</mark>", SAY(ASSUME_ASSUMED));
        return;
    }
    for (size_t i = 0; i < page->c->n_sources; i++) {
        if (strcmp(page->c->source[i].key, a->source) != 0) continue;
        paso_html_write(page->out, "<a href=\"#source-%z\">%s</a>", i + 1, a->source);
        return;
    }
    paso_html_text(page->out, a->source);
}

static void write_range(paso_report_page *page, const paso_store_assumption *a) {
    char low[PASO_WORDS], high[PASO_WORDS];
    if (!isfinite(a->low) || !isfinite(a->high)) return;
    paso_html_write(page->out, "%s%s%s", paso_words_plain(low, a->low), SAY(SAYS_TO),
                    paso_words_plain(high, a->high));
}

static void write_row(paso_report_page *page, size_t i) {
    char text[PASO_WORDS];
    FILE *out = page->out;
    const paso_store_assumption *a = &page->c->assumption[i];
    bool first = is_first_cell(page, i);
    const char *unit = paso_words_unit(page->arena, page->language, page->c, a->unit);
    fputs("<tr><th scope=\"row\">", out);
    const char *label = paso_report_pick(page, a->en, a->es);
    if (first && strcmp(label, a->name) != 0) paso_html_write(out, "%s ", label);
    if (first) paso_html_write(out, "<code>%s</code>", a->name);
    if (a->cell[0] != '\0') paso_html_write(out, " <span class=\"cell\">%s</span>", a->cell);
    if (first) paso_report_doc(page, "small", "", a->doc, a->doc_es);
    if (first && a->who[0] != '\0') {
        paso_html_write(out, " <small>%s", SAY(ASSUME_WHO));
        paso_report_doc(page, "span", "", a->who, paso_words_spanish(page->c, a->who));
        fputs(".</small>", out);
    }
    paso_html_write(out, "</th><td>%s</td><td>", paso_words_plain(text, a->value));
    write_range(page, a);
    paso_html_write(out,
                    "</td><td class=\"text\">%s</td><td class=\"text\">%s</td>"
                    "<td class=\"text\">",
                    strcmp(a->unit, "1") == 0 ? "1"
                    : unit                    ? unit
                                              : a->unit,
                    paso_report_layers(page, a->layer));
    write_source(page, a);
    fputs("</td></tr>\n", out);
}

static size_t count(const paso_report_page *page, const char *kind, bool assumed) {
    size_t n = 0;
    for (size_t i = 0; i < page->c->n_assumptions; i++) {
        const paso_store_assumption *a = &page->c->assumption[i];
        n += strcmp(a->kind, kind) == 0 && is_first_cell(page, i) && (!assumed || is_assumed(a));
    }
    return n;
}

static void write_kind(paso_report_page *page, const char *kind, const char *title,
                       const char *range, bool open) {
    FILE *out = page->out;
    size_t n = count(page, kind, false);
    if (n == 0) return;
    const char *const head[] = {SAY(ASSUME_NAME), SAY(POLICY_VALUE), range,
                                SAY(ASSUME_UNIT), SAY(ASSUME_LAYER), SAY(ASSUME_SOURCE)};
    paso_html_write(out,
                    "<details%r><summary>%z %s</summary>\n<div class=\"wide\" tabindex=\"0\" "
                    "role=\"region\" aria-label=\"%s\"><table class=\"numbers assumptions\">\n"
                    "<thead><tr>",
                    open ? " open" : "", n, title, title);
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        paso_html_write(out, "<th scope=\"col\">%s</th>", head[i]);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < page->c->n_assumptions; i++) {
        if (strcmp(page->c->assumption[i].kind, kind) == 0) write_row(page, i);
    }
    fputs("</tbody></table></div></details>\n", out);
}

static void write_sources(paso_report_page *page) {
    if (page->c->n_sources == 0) return;
    paso_html_write(page->out, "<h3>%s</h3>\n<ol class=\"sources\"%r>\n", SAY(ASSUME_SOURCES),
                    page->language == PASO_EN ? "" : " lang=\"en\"");
    for (size_t i = 0; i < page->c->n_sources; i++) {
        const paso_store_source *s = &page->c->source[i];
        paso_html_write(page->out, "<li id=\"source-%z\"><code>%s</code> ", i + 1, s->key);
        paso_html_link(page->out, s->url, s->title);
        if (s->publisher[0] != '\0') paso_html_write(page->out, ". %s", s->publisher);
        fputs("</li>\n", page->out);
    }
    fputs("</ol>\n", page->out);
}

void paso_report_assumptions(paso_report_page *page) {
    paso_html_write(page->out, "<section id=\"assumptions\">\n<h2>%s</h2>\n<p class=\"lede\">",
                    SAY(ASSUME_TITLE));
    paso_html_write(page->out, SAY(ASSUME_HOW), count(page, "parameter", true),
                    count(page, "parameter", false));
    fputs("</p>\n", page->out);
    write_kind(page, "parameter", SAY(ASSUME_PARAMETERS), SAY(ASSUME_RANGE), true);
    write_kind(page, "lever", SAY(ASSUME_LEVERS), SAY(ASSUME_BOUNDS), false);
    write_sources(page);
    fputs("</section>\n", page->out);
}
