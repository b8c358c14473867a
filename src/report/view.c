/* Everything that the page shows of a store, read once: each view with its bands, its paired
 * differences against the first policy, and the attached series. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/page.h"

static const char *const times[] = {"hour",  "hours", "day",    "days", "week",
                                    "weeks", "month", "months", "year", "years"};

paso_summary *paso_report_blank(paso_report_page *page, size_t n) {
    paso_summary *summary = paso_arena_alloc(page->arena, n, sizeof *summary);
    for (size_t i = 0; summary && i < n; i++) {
        summary[i] = (paso_summary){NAN, {NAN, NAN, NAN, NAN, NAN}};
    }
    return summary;
}

bool paso_report_is_take(const paso_report_view *view, const char *take) {
    return strcmp(view->about->take, take) == 0;
}

/* ---- numbers ---- */

static paso_status read_pairs(paso_report_page *page, paso_report_view *view, size_t p) {
    return paso_store_pairs(page->store, 0, p, view->observable, view->cell,
                            view->pair + p * view->n, &view->window_pair[p]);
}

static paso_status read_numbers(paso_report_page *page, paso_report_view *view) {
    size_t n_policies = page->c->n_policies, n = view->n;
    paso_status status = paso_store_observed(page->store, view->observable, view->cell,
                                             &view->observed, &view->n_observed);
    if (status != PASO_OK) return status;
    view->series = paso_report_blank(page, n_policies * n);
    view->window = paso_report_blank(page, n_policies);
    view->pair = paso_arena_alloc(page->arena, n_policies * n, sizeof *view->pair);
    view->window_pair = paso_arena_alloc(page->arena, n_policies, sizeof *view->window_pair);
    if (!view->series || !view->window || !view->pair || !view->window_pair) {
        return PASO_ERR_MEMORY;
    }
    for (size_t p = 0; p < n_policies && n > 0 && status == PASO_OK; p++) {
        status =
            paso_store_series(page->store, p, view->observable, view->cell, view->series + p * n);
        if (status == PASO_OK) {
            status =
                paso_store_window(page->store, p, view->observable, view->cell, &view->window[p]);
        }
        if (status == PASO_OK && p > 0) status = read_pairs(page, view, p);
    }
    return status;
}

/* ---- how to show them ---- */

static bool is_time(const char *unit) {
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (strcmp(unit, times[i]) == 0) return true;
    }
    return false;
}

static bool is_counted(const char *unit) {
    return unit[0] != '\0' && strcmp(unit, "1") != 0 && !strchr(unit, '/');
}

/* A pure number that never leaves 0 to 1 is a share, and people read shares in percent. */
static bool is_share(const paso_report_page *page, const paso_report_view *view) {
    if (strcmp(view->about->unit, "1") != 0 || paso_report_is_take(view, "sum")) return false;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < page->c->n_policies * view->n; i++) {
        paso_svg_cover(&low, &high, view->series[i].band[0]);
        paso_svg_cover(&low, &high, view->series[i].band[4]);
    }
    for (size_t i = 0; i < view->n_observed; i++) {
        paso_svg_cover(&low, &high, view->observed[i].value);
    }
    return low >= 0 && high <= 1;
}

static void dress(paso_report_page *page, paso_report_view *view) {
    bool share = is_share(page, view);
    view->factor = share ? 100 : 1;
    const char *unit = paso_words_unit(page->arena, page->language, page->c, view->about->unit);
    view->unit = share ? "%" : unit ? unit : "";
    view->more = share ? SAY(SAYS_POINTS) : view->unit;
    view->countable = is_counted(view->about->unit);
    view->whole = view->countable && !is_time(view->about->unit);
    paso_summary *shown = paso_report_blank(page, page->c->n_policies * view->n);
    if (!shown) return; /* told at the end, by the arena */
    for (size_t i = 0; i < page->c->n_policies * view->n; i++) {
        shown[i] = paso_report_shown(view, view->series[i]);
    }
    view->step = paso_words_step(shown, page->c->n_policies * view->n, view->whole);
}

paso_summary paso_report_shown(const paso_report_view *view, paso_summary summary) {
    summary.mean *= view->factor;
    for (int i = 0; i < PASO_N_BANDS; i++) summary.band[i] *= view->factor;
    return summary;
}

double paso_report_pair_step(const paso_report_view *view, size_t p) {
    double finest = 0;
    const paso_pair *pair = view->pair + p * view->n;
    /* The widest period decides, so that a column of numbers has one step. */
    for (size_t k = 0; k < view->n; k++) {
        paso_summary shown = paso_report_shown(view, pair[k].difference);
        finest = fmax(finest, paso_words_step(&shown, 1, view->whole));
    }
    return finest;
}

/* The mean sees the one member in a hundred that the quantiles do not. */
bool paso_report_is_zero(const paso_summary *difference) {
    return difference->mean == 0 && difference->band[0] == 0 && difference->band[4] == 0;
}

bool paso_report_is_same(const paso_report_view *view, size_t p) {
    const paso_pair *pair = view->pair + p * view->n;
    for (size_t k = 0; k < view->n; k++) {
        if (!paso_report_is_zero(&pair[k].difference)) return false;
    }
    return true;
}

double paso_report_place(const paso_report_view *view, int first_day) {
    int next = paso_period_next(first_day, view->every);
    if (view->every == PASO_DAY) return first_day;
    return paso_report_is_take(view, "last") ? next - 1 : 0.5 * (first_day + next - 1);
}

const char *paso_report_when(const paso_report_view *view, size_t k, char text[2 * PASO_WORDS]) {
    char period[PASO_WORDS];
    paso_language language = view->language;
    int day = view->about->first_day[k];
    if (paso_report_is_take(view, "last")) {
        int last = paso_period_next(day, view->every) - 1;
        snprintf(text, 2 * PASO_WORDS, "%s%s", paso_say(language, PASO_SAYS_ON_DAY),
                 paso_words_day(language, period, last));
        return text;
    }
    paso_words_period(language, period, day, view->every);
    bool mean = paso_report_is_take(view, "mean");
    paso_wording in = view->every == PASO_DAY    ? PASO_SAYS_ON_DAY
                      : view->every == PASO_WEEK ? PASO_SAYS_IN_THE
                                                 : PASO_SAYS_IN;
    snprintf(text, 2 * PASO_WORDS, "%s%s%s", mean ? paso_say(language, PASO_SAYS_AVERAGE) : "",
             paso_say(language, in), period);
    return text;
}

void paso_report_measure(const paso_report_page *page, const paso_report_view *view) {
    FILE *out = page->out;
    if (view->unit[0] != '\0') paso_html_write(out, "%s, ", view->unit);
    if (view->every == PASO_DAY) {
        paso_html_write(out, "%s", SAY(SAYS_EACH_DAY));
    } else {
        const char *take = paso_report_is_take(view, "sum")    ? SAY(SAYS_TOTAL_OF)
                           : paso_report_is_take(view, "last") ? SAY(SAYS_LAST_OF)
                           : paso_report_is_take(view, "any")  ? SAY(SAYS_CHANCE_IN)
                                                               : SAY(SAYS_AVERAGE_OF);
        paso_html_write(out, "%s%s", take, paso_report_every(page, view));
    }
}

const char *paso_report_every(const paso_report_page *page, const paso_report_view *view) {
    const char *word =
        paso_words_unit(page->arena, page->language, page->c, paso_period_name(view->every));
    return word ? word : "";
}

void paso_report_band(FILE *out, paso_language language, paso_summary shown, double step,
                      bool sign) {
    char text[3][PASO_WORDS];
    paso_html_write(out, "%s", paso_words_number(text[0], shown.band[2], step, sign));
    if (isnan(shown.band[2]) || shown.band[0] == shown.band[4]) return;
    paso_html_write(
        out, " <small>%s%s%s</small>", paso_words_number(text[1], shown.band[0], step, sign),
        paso_say(language, PASO_SAYS_TO), paso_words_number(text[2], shown.band[4], step, sign));
}

size_t paso_report_colour(size_t policy) {
    return policy % 8;
}

/* ---- all views ---- */

static paso_status add_view(paso_report_page *page, size_t o, int cell) {
    const paso_store_observable *about = &page->c->observable[o];
    paso_report_view *view = &page->view[page->n_views];
    *view = (paso_report_view){.language = page->language,
                               .about = about,
                               .observable = o,
                               .cell = cell,
                               .label = paso_report_pick(page, about->en, about->es),
                               .headline = about->headline,
                               .every = PASO_MONTH,
                               .n = about->n_periods};
    page->n_views++;
    if (cell >= 0) {
        view->label =
            paso_arena_format(page->arena, "%s: %s", view->label,
                              paso_report_pick(page, about->cell[cell].en, about->cell[cell].es));
    }
    paso_period_parse(about->every, &view->every);
    paso_status status = view->label ? read_numbers(page, view) : PASO_ERR_MEMORY;
    if (status == PASO_OK) dress(page, view);
    return status;
}

static paso_status add_views(paso_report_page *page, bool headline) {
    paso_status status = PASO_OK;
    for (size_t o = 0; o < page->c->n_observables && status == PASO_OK; o++) {
        const paso_store_observable *about = &page->c->observable[o];
        if (about->headline != headline || strcmp(about->take, "first") == 0) continue;
        bool apart = about->n_cells > 1 && !about->total;
        int n = apart ? (int)about->n_cells : 1;
        for (int i = 0; i < n && status == PASO_OK; i++) {
            status = add_view(page, o, apart ? i : -1);
        }
    }
    return status;
}

paso_status paso_report_load(paso_report_page *page) {
    size_t n = 0;
    for (size_t o = 0; o < page->c->n_observables; o++) n += page->c->observable[o].n_cells + 1;
    page->view = paso_arena_alloc(page->arena, n, sizeof *page->view);
    if (!page->view) return PASO_ERR_MEMORY;
    paso_status status = add_views(page, true);
    page->n_headlines = page->n_views;
    if (status == PASO_OK) status = add_views(page, false);
    /* A corridor that names no headline wants all of its observables seen. */
    if (page->n_headlines == 0) page->n_headlines = page->n_views;
    return status;
}

void paso_report_unload(paso_report_page *page) {
    for (size_t i = 0; i < page->n_views; i++) free(page->view[i].observed);
}
