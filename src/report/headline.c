/* The findings in words: for each policy against the first, what clearly differs, by how much, and
 * how sure the ensemble is. With one policy: where things stand at the end. */
#include <math.h>
#include <string.h>

#include "report/page.h"

/* Share of members that must agree on the sign before a difference is told as one. */
static const double agreed = 0.95;

/* A finding about flows is about the whole window, and so is one about means of single days; one
 * about a level is about its last period. */
static bool is_whole(const paso_report_view *view) {
    return paso_report_is_take(view, "sum") ||
           (paso_report_is_take(view, "mean") && view->every == PASO_DAY);
}

static const paso_pair *finding(const paso_report_view *view, size_t p) {
    if (view->n == 0) return NULL;
    if (is_whole(view)) return &view->window_pair[p];
    return &view->pair[p * view->n + view->n - 1];
}

static bool is_clear(const paso_pair *pair) {
    return pair && pair->same_sign >= agreed && pair->difference.band[2] != 0;
}

/* How large against the first policy's own level. */
static double relative_size(const paso_report_view *view, size_t p) {
    double level = is_whole(view) ? view->window[0].band[2] : view->series[view->n - 1].band[2];
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
    paso_wording word = view->countable ? value < 0 ? PASO_SAYS_FEWER : PASO_SAYS_MORE
                        : value < 0     ? PASO_SAYS_LOWER
                                        : PASO_SAYS_HIGHER;
    return paso_say(view->language, word);
}

/* "9,800 fewer people", "12 days higher"; in Spanish the word always comes last. */
static void write_amount(FILE *out, const paso_report_view *view, double value, double step) {
    char text[PASO_WORDS];
    paso_words_number(text, fabs(value), step, false);
    const char *word = more_or_fewer(view, value);
    if (view->countable && view->language == PASO_EN) {
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
        paso_html_write(out, paso_say(view->language, PASO_FIND_BETWEEN), near, far,
                        more_or_fewer(view, low));
    } else {
        paso_html_write(out, paso_say(view->language, PASO_FIND_BETWEEN_TWO), near,
                        more_or_fewer(view, -1), far, more_or_fewer(view, 1));
    }
}

static void write_when(FILE *out, const paso_report_page *page, const paso_report_view *view) {
    char text[2 * PASO_WORDS], first[PASO_WORDS], last[PASO_WORDS];
    if (!is_whole(view)) {
        paso_html_write(out, "%s", paso_report_when(view, view->n - 1, text));
        return;
    }
    int end = paso_period_next(view->about->first_day[view->n - 1], view->every);
    if (paso_report_is_take(view, "mean")) paso_html_write(out, "%r", SAY(SAYS_AVERAGE));
    paso_html_write(
        out, SAY(FIND_FROM_TO), paso_words_day(page->language, first, view->about->first_day[0]),
        paso_words_day(page->language, last, end < page->c->until ? end - 1 : page->c->until - 1));
}

static void write_finding(paso_report_page *page, const paso_report_view *view, size_t p,
                          bool large) {
    const paso_pair *pair = finding(view, p);
    paso_summary d = paso_report_shown(view, pair->difference);
    double step = paso_words_step(&d, 1, view->whole);
    FILE *out = page->out;
    paso_html_write(out, "<span class=\"what\">%s:</span> %r<strong>", view->label,
                    large ? SAY(FIND_ABOUT) : "");
    write_amount(out, view, d.band[2], step);
    fputs("</strong> ", out);
    write_when(out, page, view);
    paso_html_write(out, "%r%r", large ? ", " : " <span class=\"range\">(", SAY(FIND_NINETY));
    write_range(out, view, d.band, step);
    fputs(large ? "." : ")</span>", out);
    paso_report_mark_view(page, view, p, true);
}

/* Labels in a row: those for which `wanted` holds. */
static void write_names(paso_report_page *page, size_t p, const char *words,
                        bool (*wanted)(const paso_report_view *view, size_t p)) {
    size_t n = 0;
    for (size_t i = 0; i < page->n_headlines; i++) {
        if (!wanted(&page->view[i], p)) continue;
        paso_html_write(page->out, "%r%r%s", n == 0 ? "<p class=\"rest\">" : "; ",
                        n == 0 ? words : "", page->view[i].label);
        n++;
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
    paso_html_write(page->out, "<article class=\"finding p%z\">\n<h3><i class=\"dot\"></i>%s",
                    paso_report_colour(p), paso_report_policy(page, p));
    paso_report_mark(page, page->c->policy[p].politics);
    fputs("</h3>\n", page->out);
    if (told) {
        fputs("<p class=\"headline\">", page->out);
        write_finding(page, told, p, true);
        fputs("</p>\n", page->out);
        write_rest(page, p, told);
    } else {
        paso_html_write(page->out, "<p class=\"headline\">%s</p>\n", SAY(FIND_NONE));
    }
    write_names(page, p, SAY(FIND_UNCLEAR), is_unclear);
    write_names(page, p, SAY(FIND_SAME), is_untouched);
    fputs("</article>\n", page->out);
}

/* ---- one policy ---- */

static void write_level(paso_report_page *page, const paso_report_view *view) {
    char text[3][PASO_WORDS];
    paso_summary s =
        paso_report_shown(view, is_whole(view) ? view->window[0] : view->series[view->n - 1]);
    double step = paso_words_step(&s, 1, view->whole);
    paso_html_write(page->out, "<li><span class=\"what\">%s:</span> <strong>%s %s</strong> ",
                    view->label, paso_words_number(text[0], s.band[2], step, false), view->unit);
    write_when(page->out, page, view);
    if (s.band[0] != s.band[4]) {
        fputs(" <span class=\"range\">", page->out);
        paso_html_write(page->out, SAY(FIND_LEVEL),
                        paso_words_number(text[1], s.band[0], step, false),
                        paso_words_number(text[2], s.band[4], step, false));
        fputs("</span>", page->out);
    }
    paso_report_mark_view(page, view, 0, false);
    fputs("</li>\n", page->out);
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
    bool pairs = page->c->n_policies > 1;
    paso_html_write(out, "<section id=\"findings\">\n<h2>%s</h2>\n<p class=\"lede\">",
                    SAY(FIND_TITLE));
    paso_html_write(out, pairs ? SAY(FIND_HOW) : SAY(FIND_HOW_ONE), paso_report_policy(page, 0));
    fputs(pairs ? "</p>\n<div class=\"cards\">\n" : "</p>\n", out);
    for (size_t p = 1; p < page->c->n_policies; p++) write_policy(page, p);
    if (!pairs) write_levels(page);
    fputs(pairs ? "</div>\n</section>\n" : "</section>\n", out);
}
