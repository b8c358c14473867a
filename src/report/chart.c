/* One chart for each view: bands and median of the first policy, medians of the others with their
 * names at the line's end, observed dots; under it the paired differences as small charts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/page.h"

/* More bands than this on top of each other say nothing; the differences have their own charts. */
enum { MAX_BANDS = 3, CHART_HEIGHT = 300, LINE_HEIGHT = 17, LINE_CHARS = 21 };

/* ---- what a chart covers ---- */

double paso_report_chart_from(const paso_report_page *page, const paso_report_view *view) {
    int from = page->c->from, past = (page->c->until - from) / 2;
    if (past < 90) past = 90;
    for (size_t i = 0; i < view->n_observed; i++) {
        int day = view->observed[i].first_day;
        if (day >= from - past) return day < from ? day : from;
    }
    return from;
}

double *paso_report_places(paso_report_page *page, const paso_report_view *view) {
    double *x = paso_arena_alloc(page->arena, view->n, sizeof *x);
    for (size_t k = 0; x && k < view->n; k++) {
        x[k] = paso_report_place(view, view->about->first_day[k]);
    }
    return x;
}

static bool is_shown(const paso_report_page *page, const paso_report_view *view, size_t i,
                     double from) {
    double at = paso_report_place(view, view->observed[i].first_day);
    return at >= from && at <= page->c->until;
}

paso_svg_scale paso_report_scale(const paso_report_page *page, const paso_report_view *view,
                                 double from, int n_ticks) {
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < page->c->n_policies * view->n; i++) {
        bool banded = i < view->n || page->c->n_policies <= MAX_BANDS;
        paso_svg_cover(&low, &high, view->series[i].band[banded ? 0 : 2]);
        paso_svg_cover(&low, &high, view->series[i].band[banded ? 4 : 2]);
    }
    for (size_t i = 0; i < view->n_observed; i++) {
        if (is_shown(page, view, i, from)) paso_svg_cover(&low, &high, view->observed[i].value);
    }
    paso_svg_scale scale = paso_svg_scale_of(from, page->c->until, low, high, n_ticks);
    scale.language = page->language;
    return scale;
}

/* ---- shapes ---- */

static void observed_dots(const paso_report_page *page, const paso_report_view *view,
                          const paso_svg_scale *scale) {
    double *x = paso_arena_alloc(page->arena, 2 * view->n_observed + 1, sizeof *x);
    size_t n = 0;
    for (size_t i = 0; x && i < view->n_observed; i++) {
        if (!is_shown(page, view, i, scale->from)) continue;
        x[n] = paso_report_place(view, view->observed[i].first_day);
        x[view->n_observed + n++] = view->observed[i].value;
    }
    if (n > 0) paso_svg_dots(page->out, scale, x, x + view->n_observed, n);
}

static void policy_shape(const paso_report_page *page, const paso_report_view *view,
                         const paso_svg_scale *scale, const double *x, size_t p, bool line) {
    char kind[32];
    const paso_summary *series = view->series + p * view->n;
    size_t colour = paso_report_colour(p);
    if (line) {
        snprintf(kind, sizeof kind, "line p%zu", colour);
        paso_svg_line(page->out, scale, kind, x, series, view->n);
    } else {
        snprintf(kind, sizeof kind, p == 0 ? "b90 p%zu" : "faint p%zu", colour);
        paso_svg_band(page->out, scale, kind, x, series, view->n, 0, 4);
        snprintf(kind, sizeof kind, "b50 p%zu", colour);
        if (p == 0) paso_svg_band(page->out, scale, kind, x, series, view->n, 1, 3);
    }
}

void paso_report_shapes(const paso_report_page *page, const paso_report_view *view,
                        const paso_svg_scale *scale, const double *x, bool bands) {
    size_t n = page->c->n_policies;
    paso_svg_shapes(page->out);
    for (size_t p = 0; p < (bands && n <= MAX_BANDS ? n : 1); p++) {
        if (p == 0 || !paso_report_is_same(view, p)) policy_shape(page, view, scale, x, p, false);
    }
    for (size_t p = n; p-- > 0;) policy_shape(page, view, scale, x, p, true);
    observed_dots(page, view, scale);
    paso_svg_end(page->out);
}

/* ---- names at the ends of lines ---- */

typedef struct end_label {
    size_t policy;
    double at, height; /* pixels from the top, of the middle */
} end_label;

static int compare_ends(const void *left, const void *right) {
    const end_label *a = left, *b = right;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a->policy < b->policy ? -1 : a->policy > b->policy;
}

/* Pushes labels down until none covers another, then back up if the last one fell off. */
static void spread_ends(end_label *end, size_t n) {
    for (size_t i = 1; i < n; i++) {
        double least = end[i - 1].at + (end[i - 1].height + end[i].height) / 2;
        if (end[i].at < least) end[i].at = least;
    }
    double most = CHART_HEIGHT + 12;
    for (size_t i = n; i-- > 0;) {
        double lowest = most - end[i].height / 2;
        if (end[i].at > lowest) end[i].at = lowest;
        most = end[i].at - end[i].height / 2;
    }
}

static double lines_of(const char *text, size_t before) {
    size_t n = 1 + (paso_utf8_count(text, strlen(text)) + before) / LINE_CHARS;
    return (double)n * LINE_HEIGHT;
}

/* Policies that never part from the first one share its label, as their lines lie under its line.
 */
static void write_twins(const paso_report_page *page, const paso_report_view *view) {
    for (size_t p = 1; p < page->c->n_policies; p++) {
        if (!paso_report_is_same(view, p)) continue;
        paso_html_write(page->out, "<em class=\"p%z\">", paso_report_colour(p));
        paso_html_write(page->out, SAY(CHART_AND), paso_report_policy(page, p));
        fputs("</em>", page->out);
    }
}

static void write_end(const paso_report_page *page, const paso_report_view *view,
                      const end_label *end) {
    char text[PASO_WORDS];
    double last = view->factor * view->series[end->policy * view->n + view->n - 1].band[2];
    paso_html_write(page->out, "<li class=\"p%z\" style=\"top:%f%%\"><b>%s</b> <span>%s</span>",
                    paso_report_colour(end->policy), 100 * end->at / CHART_HEIGHT,
                    paso_words_number(text, last, view->step, false),
                    paso_report_policy(page, end->policy));
    if (end->policy == 0) write_twins(page, view);
    fputs("</li>", page->out);
}

static void write_ends(paso_report_page *page, const paso_report_view *view,
                       const paso_svg_scale *scale) {
    size_t n = 0;
    end_label *end = paso_arena_alloc(page->arena, page->c->n_policies, sizeof *end);
    if (!end) return;
    for (size_t p = 0; p < page->c->n_policies; p++) {
        const char *name = paso_report_policy(page, p);
        if (p > 0 && paso_report_is_same(view, p)) {
            end[0].height += lines_of(name, 4);
            continue;
        }
        double last = view->series[p * view->n + view->n - 1].band[2];
        end[n].policy = p;
        end[n].at = isnan(last) ? 0 : paso_svg_y(scale, last) * CHART_HEIGHT / 100;
        end[n++].height = lines_of(name, 8) + 6;
    }
    qsort(end, n, sizeof *end, compare_ends);
    spread_ends(end, n);
    fputs("<ul class=\"ends\" aria-hidden=\"true\">", page->out);
    for (size_t i = 0; i < n; i++) write_end(page, view, &end[i]);
    fputs("</ul>\n", page->out);
}

/* ---- one chart ---- */

/* The text alternative: what is drawn, and where each line ends. Goes into an attribute. */
static const char *describe(paso_report_page *page, const paso_report_view *view) {
    char n[3][PASO_WORDS], when[2 * PASO_WORDS];
    const char *text = paso_arena_format(page->arena, SAY(CHART_ALT), view->label,
                                         paso_report_when(view, view->n - 1, when));
    for (size_t p = 0; p < page->c->n_policies && text; p++) {
        paso_summary s = paso_report_shown(view, view->series[p * view->n + view->n - 1]);
        text =
            paso_arena_format(page->arena, SAY(CHART_ALT_LINE), text, paso_report_policy(page, p),
                              paso_words_number(n[0], s.band[2], view->step, false), view->unit,
                              paso_words_number(n[1], s.band[0], view->step, false),
                              paso_words_number(n[2], s.band[4], view->step, false));
    }
    return text ? text : view->label;
}

/* First day in the window on which another policy sets something: from there lines may part. */
static int parting_day(const paso_report_page *page) {
    int first = page->c->until;
    for (size_t i = 0; i < page->c->n_settings; i++) {
        const paso_store_setting *s = &page->c->setting[i];
        if (s->policy == 0 || s->day <= page->c->from || s->day >= first) continue;
        bool shared = false;
        for (size_t j = 0; j < page->c->n_settings && !shared; j++) {
            const paso_store_setting *t = &page->c->setting[j];
            shared = t->policy == 0 && t->day == s->day && strcmp(t->lever, s->lever) == 0 &&
                     strcmp(t->cell, s->cell) == 0 && strcmp(t->value, s->value) == 0;
        }
        if (!shared) first = s->day;
    }
    return first < page->c->until ? first : page->c->from;
}

static void write_marks(const paso_report_page *page, const paso_svg_scale *scale) {
    int parting = parting_day(page);
    if (paso_svg_x(scale, page->c->from) > 15) {
        paso_svg_mark(page->out, scale, page->c->from, SAY(CHART_FROM_HERE), true);
    }
    if (page->c->n_policies > 1 && parting > page->c->from) {
        bool late = paso_svg_x(scale, parting) > 75;
        paso_svg_mark(page->out, scale, parting, SAY(CHART_PART), late);
    }
}

static void write_caption(paso_report_page *page, const paso_report_view *view, double from,
                          bool zero) {
    char text[PASO_WORDS];
    FILE *out = page->out;
    paso_html_write(out, "<figcaption><h3>%s</h3>\n<p class=\"sub\">", view->label);
    paso_report_measure(page, view);
    size_t last = view->n_observed;
    while (last > 0 && !is_shown(page, view, last - 1, from)) last--;
    if (last > 0) {
        paso_words_period(page->language, text, view->observed[last - 1].first_day, view->every);
        fputs(" <span class=\"key\"><i class=\"seen\"></i>", out);
        paso_html_write(out, SAY(CHART_OBSERVED_TO), text);
        fputs("</span>", out);
    }
    if (!zero) paso_html_write(out, " <span class=\"key\">%s</span>", SAY(CHART_AXIS));
    const char *rests = paso_report_rests(page, view);
    if (rests[0] != '\0' && strcmp(rests, SAY(SAYS_ACCOUNTING)) != 0) {
        fputs(" <span class=\"key\">", out);
        paso_html_write(out, SAY(CHART_RESTS), rests);
        fputs("</span>", out);
    }
    bool political = false;
    for (size_t p = 0; p < page->c->n_policies; p++)
        political |= page->c->policy[p].rests[view->observable];
    paso_report_mark(page, political);
    fputs("</p>\n", out);
    paso_report_doc(page, "p", " class=\"doc\"", view->about->doc, view->about->doc_es);
    fputs("</figcaption>\n", out);
}

static void write_plot(paso_report_page *page, const paso_report_view *view, double from,
                       const double *x) {
    paso_svg_scale scale = paso_report_scale(page, view, from, 4);
    write_caption(page, view, from, scale.low <= 0);
    paso_html_write(page->out,
                    "<div class=\"plot main\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">\n",
                    SAY(CHART_KEYS));
    write_ends(page, view, &scale);
    paso_svg_begin(page->out, describe(page, view));
    paso_svg_y_axis(page->out, &scale, view->factor, false);
    paso_svg_x_axis(page->out, &scale, 7);
    write_marks(page, &scale);
    paso_report_shapes(page, view, &scale, x, true);
    fputs("\n<p class=\"read\" aria-live=\"polite\"></p></div>\n", page->out);
}

/* ---- paired differences ---- */

static paso_svg_scale pair_scale(const paso_report_page *page, const paso_report_view *view) {
    double low = 0, high = 0;
    for (size_t i = view->n; i < page->c->n_policies * view->n; i++) {
        paso_svg_cover(&low, &high, view->pair[i].difference.band[0]);
        paso_svg_cover(&low, &high, view->pair[i].difference.band[4]);
    }
    paso_svg_scale scale = paso_svg_scale_of(page->c->from, page->c->until, low, high, 3);
    scale.language = page->language;
    return scale;
}

static const char *describe_pair(paso_report_page *page, const paso_report_view *view, size_t p) {
    char n[3][PASO_WORDS], when[2 * PASO_WORDS];
    paso_summary d = paso_report_shown(view, view->pair[p * view->n + view->n - 1].difference);
    double step = paso_report_pair_step(view, p);
    const char *text = paso_arena_format(page->arena, SAY(CHART_ALT_PAIR), view->label,
                                         paso_report_policy(page, p), paso_report_policy(page, 0),
                                         paso_report_when(view, view->n - 1, when),
                                         paso_words_number(n[0], d.band[2], step, true), view->more,
                                         paso_words_number(n[1], d.band[0], step, true),
                                         paso_words_number(n[2], d.band[4], step, true));
    return text ? text : view->label;
}

static void pair_caption(paso_report_page *page, const paso_report_view *view, size_t p) {
    char number[PASO_WORDS], share[PASO_WORDS], when[2 * PASO_WORDS];
    const paso_pair *last = &view->pair[p * view->n + view->n - 1];
    paso_summary d = paso_report_shown(view, last->difference);
    paso_report_when(view, view->n - 1, when);
    paso_html_write(page->out, "<p class=\"name p%z\"><i class=\"dot\"></i>%s",
                    paso_report_colour(p), paso_report_policy(page, p));
    paso_report_mark_view(page, view, p, true);
    fputs("</p><p class=\"sub\">", page->out);
    if (paso_report_is_zero(&d)) {
        paso_html_write(page->out, SAY(CHART_NO_CHANGE), when);
        fputs("</p>\n", page->out);
        return;
    }
    paso_html_write(page->out, SAY(CHART_AGREE),
                    paso_words_number(number, d.band[2], paso_report_pair_step(view, p), true),
                    view->more, when, paso_words_number(share, 100 * last->same_sign, 1, false));
    fputs("</p>\n", page->out);
}

static void write_pair(paso_report_page *page, const paso_report_view *view,
                       const paso_svg_scale *scale, const double *x, size_t p) {
    char kind[32];
    paso_summary *d = paso_arena_alloc(page->arena, view->n, sizeof *d);
    if (!d) return;
    for (size_t k = 0; k < view->n; k++) d[k] = view->pair[p * view->n + k].difference;
    fputs("<div class=\"small\">\n", page->out);
    pair_caption(page, view, p);
    fputs("<div class=\"plot\">", page->out);
    paso_svg_begin(page->out, describe_pair(page, view, p));
    paso_svg_y_axis(page->out, scale, view->factor, true);
    paso_svg_x_axis(page->out, scale, 4);
    paso_svg_zero(page->out, scale);
    paso_svg_shapes(page->out);
    size_t colour = paso_report_colour(p);
    snprintf(kind, sizeof kind, "b90 p%zu", colour);
    paso_svg_band(page->out, scale, kind, x, d, view->n, 0, 4);
    snprintf(kind, sizeof kind, "b50 p%zu", colour);
    paso_svg_band(page->out, scale, kind, x, d, view->n, 1, 3);
    snprintf(kind, sizeof kind, "line p%zu", colour);
    paso_svg_line(page->out, scale, kind, x, d, view->n);
    paso_svg_end(page->out);
    fputs("</div>\n</div>\n", page->out);
}

static void write_same(paso_report_page *page, const paso_report_view *view) {
    size_t n = 0;
    for (size_t p = 1; p < page->c->n_policies; p++) {
        if (!paso_report_is_same(view, p)) continue;
        paso_html_write(page->out, "%r%r%s", n ? "; " : "<p class=\"same\">",
                        n ? "" : SAY(CHART_SAME), paso_report_policy(page, p));
        n++;
    }
    if (n > 0) fputs(".</p>\n", page->out);
}

static void write_pairs(paso_report_page *page, const paso_report_view *view, const double *x) {
    paso_svg_scale scale = pair_scale(page, view);
    bool open = false;
    for (size_t p = 1; p < page->c->n_policies; p++) {
        if (paso_report_is_same(view, p)) continue;
        if (!open) {
            fputs("<p class=\"versus\">", page->out);
            paso_html_write(page->out, SAY(CHART_VERSUS), paso_report_policy(page, 0),
                            view->more[0] ? ", " : "", view->more);
            fputs("</p>\n<div class=\"smalls\">\n", page->out);
        }
        open = true;
        write_pair(page, view, &scale, x, p);
    }
    if (open) fputs("</div>\n", page->out);
    write_same(page, view);
}

/* ---- all charts ---- */

static paso_status write_view(paso_report_page *page, const paso_report_view *view) {
    double from = paso_report_chart_from(page, view), *x = paso_report_places(page, view);
    if (!x) return PASO_ERR_MEMORY;
    paso_html_write(page->out, "<figure class=\"chart\" id=\"chart-%z\">\n",
                    (size_t)(view - page->view) + 1);
    paso_status status = PASO_OK;
    if (view->n == 0) {
        paso_html_write(page->out, "<figcaption><h3>%s</h3></figcaption>\n<p class=\"same\">",
                        view->label);
        paso_html_write(page->out, SAY(CHART_EMPTY), paso_report_every(page, view));
        fputs("</p>\n", page->out);
    } else {
        write_plot(page, view, from, x);
        write_pairs(page, view, x);
        paso_report_chart_table(page, view, from);
        if (view->cell < 0 && view->about->n_cells > 1) status = paso_report_cells(page, view);
    }
    fputs("</figure>\n", page->out);
    return status;
}

static void how_to_read(const paso_report_page *page) {
    const char *const key[][2] = {{"swatch line", SAY(CHART_MEDIAN)},
                                  {"swatch b50", SAY(CHART_HALF)},
                                  {"swatch b90", SAY(CHART_MOST)},
                                  {"seen", SAY(CHART_OBSERVED)}};
    fputs("<p class=\"prose how\">", page->out);
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
        paso_html_write(page->out, "%r<span class=\"key\"><i class=\"%r\"></i>%r</span>",
                        i ? " " : "", key[i][0], key[i][1]);
    fputs("</p>\n", page->out);
}

paso_status paso_report_charts(paso_report_page *page) {
    paso_status status = PASO_OK;
    paso_html_write(page->out, "<section id=\"charts\">\n<h2>%s</h2>\n", SAY(CHART_TITLE));
    how_to_read(page);
    for (size_t i = 0; i < page->n_views && status == PASO_OK; i++) {
        if (i == page->n_headlines) {
            fputs("<details class=\"more\"><summary>", page->out);
            paso_html_write(page->out, SAY(CHART_MANY), page->n_views - page->n_headlines);
            fputs("</summary>\n", page->out);
        }
        status = write_view(page, &page->view[i]);
    }
    if (page->n_views > page->n_headlines) fputs("</details>\n", page->out);
    fputs("</section>\n", page->out);
    return status;
}
