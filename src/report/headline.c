/* The findings in words: for each policy against the first, what clearly differs, by how much, and
 * how sure the ensemble is. With one policy: where things stand at the end. */
#include <math.h>
#include <string.h>

#include "report/page.h"

/* Share of members that must agree on the sign before a difference is told as one. */
static const double agreed = 0.95;

/* A finding about flows is about the whole window, one about a level about its last period. */
static const paso_pair *finding(const paso_report_view *view, size_t p) {
    if (view->n == 0) return NULL;
    if (paso_report_is_take(view, "sum")) return &view->window_pair[p];
    return &view->pair[p * view->n + view->n - 1];
}

static bool is_clear(const paso_pair *pair) {
    return pair && pair->same_sign >= agreed && pair->difference.band[2] != 0;
}

/* How large against the first policy's own level. */
static double relative_size(const paso_report_view *view, size_t p) {
    double level = paso_report_is_take(view, "sum") ? view->window[0].band[2]
                                                    : view->series[view->n - 1].band[2];
    return fabs(finding(view, p)->difference.band[2]) / fmax(fabs(level), 1e-9);
}

/* Of the clear ones the largest; a change from nothing would always win, so it counts as one
 * doubling. */
static const paso_report_view *foremost(const paso_report_page *page, size_t p) {
    const paso_report_view *best = NULL;
    double most = 0;
    for (size_t i = 0; i < page->n_headlines; i++) {
        const paso_report_view *view = &page->view[i];
        if (!is_clear(finding(view, p))) continue;
        double size = fmin(relative_size(view, p), 1);
        if (size > most) {
            most = size;
            best = view;
        }
    }
    return best;
}

static const char *more_or_fewer(const paso_report_view *view, double value) {
    if (view->countable) return value < 0 ? "fewer" : "more";
    return value < 0 ? "lower" : "higher";
}

/* "9,800 fewer people", "12 days higher" */
static void write_amount(FILE *out, const paso_report_view *view, double value, double step) {
    char text[PASO_WORDS];
    paso_words_number(text, fabs(value), step, false);
    const char *word = more_or_fewer(view, value);
    if (view->countable) {
        paso_html_write(out, "%s %s %s", text, word, view->more);
    } else {
        paso_html_write(out, "%s %s%s%s", text, view->more, view->more[0] ? " " : "", word);
    }
}

/* "between 4,100 and 16,300 fewer", "between 300 fewer and 1,200 more" */
static void write_range(FILE *out, const paso_report_view *view, const double *band, double step) {
    char near[PASO_WORDS], far[PASO_WORDS];
    double low = band[0], high = band[4];
    bool one_sign = low * high > 0, down = low < 0 && high < 0;
    paso_words_number(near, fabs(down ? high : low), step, false);
    paso_words_number(far, fabs(down ? low : high), step, false);
    if (one_sign) {
        paso_html_write(out, "between %s and %s %s", near, far, more_or_fewer(view, low));
    } else {
        paso_html_write(out, "between %s %s and %s %s", near, more_or_fewer(view, -1), far,
                        more_or_fewer(view, 1));
    }
}

static void write_when(FILE *out, const paso_report_page *page, const paso_report_view *view) {
    char text[2 * PASO_WORDS], first[PASO_WORDS], last[PASO_WORDS];
    if (!paso_report_is_take(view, "sum")) {
        paso_html_write(out, "%s", paso_report_when(view, view->n - 1, text));
        return;
    }
    int end = paso_period_next(view->about->first_day[view->n - 1], view->every);
    paso_html_write(out, "from %s to %s", paso_words_day(first, view->about->first_day[0]),
                    paso_words_day(last, end < page->c->until ? end - 1 : page->c->until - 1));
}

static void write_finding(paso_report_page *page, const paso_report_view *view, size_t p,
                          bool large) {
    const paso_pair *pair = finding(view, p);
    paso_summary d = paso_report_shown(view, pair->difference);
    double step = paso_words_step(&d, 1, view->whole);
    FILE *out = page->out;
    paso_html_write(out, "<span class=\"what\">%s:</span> %r<strong>", view->label,
                    large ? "about " : "");
    write_amount(out, view, d.band[2], step);
    fputs("</strong> ", out);
    write_when(out, page, view);
    paso_html_write(out, "%r90&nbsp;%% ", large ? ", " : " <span class=\"range\">(");
    write_range(out, view, d.band, step);
    fputs(large ? "." : ")</span>", out);
}

/* Labels in a row: those for which `wanted` holds. */
static void write_names(paso_report_page *page, size_t p, const char *before,
                        bool (*wanted)(const paso_report_view *view, size_t p)) {
    size_t n = 0;
    for (size_t i = 0; i < page->n_headlines; i++) {
        if (!wanted(&page->view[i], p)) continue;
        paso_html_write(page->out, "%r%s", n++ == 0 ? before : "; ", page->view[i].label);
    }
    if (n > 0) fputs(".</p>\n", page->out);
}

static bool is_unclear(const paso_report_view *view, size_t p) {
    return view->n > 0 && !paso_report_is_same(view, p) && !is_clear(finding(view, p));
}

static bool is_untouched(const paso_report_view *view, size_t p) {
    return view->n > 0 && paso_report_is_same(view, p);
}

static void write_rest(paso_report_page *page, size_t p, const paso_report_view *told) {
    bool open = false;
    for (size_t i = 0; i < page->n_headlines; i++) {
        const paso_report_view *view = &page->view[i];
        if (view == told || !is_clear(finding(view, p))) continue;
        fputs(open ? "<li>" : "<ul class=\"findings\">\n<li>", page->out);
        open = true;
        write_finding(page, view, p, false);
        fputs("</li>\n", page->out);
    }
    if (open) fputs("</ul>\n", page->out);
}

static void write_policy(paso_report_page *page, size_t p) {
    const paso_report_view *told = foremost(page, p);
    paso_html_write(page->out,
                    "<article class=\"finding p%z\">\n<h3><i class=\"dot\"></i>%s</h3>\n",
                    paso_report_colour(p), page->c->policy[p].en);
    if (told) {
        fputs("<p class=\"headline\">", page->out);
        write_finding(page, told, p, true);
        fputs("</p>\n", page->out);
        write_rest(page, p, told);
    } else {
        fputs("<p class=\"headline\">No clear difference in any headline number.</p>\n", page->out);
    }
    write_names(page, p,
                "<p class=\"rest\"><b>No clear sign</b> (fewer than 95&nbsp;% of members agree): ",
                is_unclear);
    write_names(page, p, "<p class=\"rest\"><b>The same in every member</b>: ", is_untouched);
    fputs("</article>\n", page->out);
}

/* ---- one policy ---- */

static void write_level(paso_report_page *page, const paso_report_view *view) {
    char text[3][PASO_WORDS];
    paso_summary s = paso_report_shown(
        view, paso_report_is_take(view, "sum") ? view->window[0] : view->series[view->n - 1]);
    double step = paso_words_step(&s, 1, view->whole);
    paso_html_write(page->out, "<li><span class=\"what\">%s:</span> <strong>%s %s</strong> ",
                    view->label, paso_words_number(text[0], s.band[2], step, false), view->unit);
    write_when(page->out, page, view);
    if (s.band[0] == s.band[4]) {
        fputs("</li>\n", page->out);
        return;
    }
    paso_html_write(page->out,
                    " <span class=\"range\">(90&nbsp;%% between %s and %s)</span></li>\n",
                    paso_words_number(text[1], s.band[0], step, false),
                    paso_words_number(text[2], s.band[4], step, false));
}

static void write_levels(paso_report_page *page) {
    fputs("<article class=\"finding p0\"><ul class=\"findings\">\n", page->out);
    for (size_t i = 0; i < page->n_headlines; i++) {
        if (page->view[i].n > 0) write_level(page, &page->view[i]);
    }
    fputs("</ul></article>\n", page->out);
}

void paso_report_headline(paso_report_page *page) {
    FILE *out = page->out;
    fputs("<section id=\"findings\">\n<h2>Findings</h2>\n", out);
    if (page->c->n_policies > 1) {
        paso_html_write(out,
                        "<p class=\"lede\">Each policy against <b class=\"p0\">%s</b>, "
                        "member by member under the same chance events, so that what differs is "
                        "the policy. &ldquo;About&rdquo; is the median; 90&nbsp;%% of members lie "
                        "in the range given.</p>\n",
                        page->c->policy[0].en);
        fputs("<div class=\"cards\">\n", out);
        for (size_t p = 1; p < page->c->n_policies; p++) write_policy(page, p);
        fputs("</div>\n", out);
    } else {
        paso_html_write(out,
                        "<p class=\"lede\">Where things stand under <b class=\"p0\">%s</b>. "
                        "The number is the median of all members.</p>\n",
                        page->c->policy[0].en);
        write_levels(page);
    }
    fputs("</section>\n", out);
}
