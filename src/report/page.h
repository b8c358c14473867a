/* What the sections of a report share: the store's contents and, for every chart, its numbers.
 * A view is one series that gets a chart and table rows: an observable's total or only cell, or
 * each cell where cells may not be added. Values are in the store's units; factor 100 for shares.
 */
#ifndef PASO_REPORT_PAGE_H
#define PASO_REPORT_PAGE_H

#include "report/html.h"
#include "report/svg.h"
#include "report/words.h"
#include "store/store.h"

typedef struct paso_report_view {
    paso_language language;
    const paso_store_observable *about;
    size_t observable;
    int cell;
    const char *label, *unit, *more; /* `more`: "people", "percentage points" of a difference */
    bool headline, whole;            /* whole: a count of something, never a fraction */
    bool countable;                  /* "fewer people", "fewer days"; else "lower" */
    double factor;                   /* shown = stored * factor */
    paso_period every;
    size_t n;               /* periods */
    paso_summary *series;   /* [n_policies][n] */
    paso_summary *window;   /* [n_policies] */
    paso_pair *pair;        /* [n_policies][n]; the first row is unused */
    paso_pair *window_pair; /* [n_policies] */
    paso_store_point *observed;
    size_t n_observed;
    double step; /* to round levels to */
} paso_report_view;

typedef struct paso_report_page {
    FILE *out;
    paso_language language;
    paso_store *store;
    const paso_store_contents *c;
    paso_arena *arena;
    const char *file;       /* the store's name without its folder */
    paso_report_view *view; /* headlines first, else in the order of the corridor */
    size_t n_views, n_headlines;
} paso_report_page;

/* ---- views (view.c) ---- */

/* Reads every series. Free with paso_report_unload, also after a failure. */
paso_status paso_report_load(paso_report_page *page);
void paso_report_unload(paso_report_page *page);
/* Arrays of n summaries that are not numbers, in the arena. */
paso_summary *paso_report_blank(paso_report_page *page, size_t n);
bool paso_report_is_take(const paso_report_view *view, const char *take);
/* Scales a summary for showing. */
paso_summary paso_report_shown(const paso_report_view *view, paso_summary summary);
/* The step for differences of policy p, shown. */
double paso_report_pair_step(const paso_report_view *view, size_t p);
/* True if no member differs: in one number, in any period. */
bool paso_report_is_zero(const paso_summary *difference);
bool paso_report_is_same(const paso_report_view *view, size_t p);
/* Where in time the value of a period stands: its last day for take `last`, else its middle. */
double paso_report_place(const paso_report_view *view, int first_day);
/* "on 31 May 2025", "in May 2025", "on average in May 2025" */
const char *paso_report_when(const paso_report_view *view, size_t k, char text[2 * PASO_WORDS]);
/* "people, total of each month" */
void paso_report_measure(const paso_report_page *page, const paso_report_view *view);
const char *paso_report_every(const paso_report_page *page,
                              const paso_report_view *view); /* "month" */
/* "9,800 (4,100 to 16,300)" in a table cell */
void paso_report_band(FILE *out, paso_language language, paso_summary shown, double step,
                      bool sign);
/* Class of a policy's colour: 0 to 7. */
size_t paso_report_colour(size_t policy);
/* First day that a chart of this view shows: some of the observed past before the window. */
double paso_report_chart_from(const paso_report_page *page, const paso_report_view *view);
/* Days at which the periods stand, in the arena. */
double *paso_report_places(paso_report_page *page, const paso_report_view *view);
/* Of a view or one of its cells: bands of the first policy, medians of all, observed dots. */
void paso_report_shapes(const paso_report_page *page, const paso_report_view *view,
                        const paso_svg_scale *scale, const double *x, bool bands);
/* The y axis that holds what paso_report_shapes draws. */
paso_svg_scale paso_report_scale(const paso_report_page *page, const paso_report_view *view,
                                 double from, int n_ticks);

/* ---- words (mark.c) ---- */

/* A message of messages.h in the page's language. */
#define SAY(id) paso_say(page->language, PASO_##id)
/* The text in the page's language. */
const char *paso_report_pick(const paso_report_page *page, const char *en, const char *es);
const char *paso_report_policy(const paso_report_page *page, size_t policy);
/* A sentence of the corridor between `before` and `after`; English in a Spanish page is marked as
 * such. Nothing where there is none. */
void paso_report_doc(const paso_report_page *page, const char *tag, const char *kind,
                     const char *en, const char *es);
/* "accounting, behaviour", from the store's list. In the arena. */
const char *paso_report_layers(const paso_report_page *page, const char *layers);
/* The layers that an observable rests on under any policy of the run. In the arena. */
const char *paso_report_rests(const paso_report_page *page, const paso_report_view *view);
/* The badge of what is scenario, not estimate. */
void paso_report_mark(const paso_report_page *page, bool political);
/* The same of an observable under a policy, or in its difference from the first. */
void paso_report_mark_view(const paso_report_page *page, const paso_report_view *view,
                           size_t policy, bool difference);

/* ---- sections, in the order of the page ---- */

void paso_report_style(FILE *out);
void paso_report_script(FILE *out);
void paso_report_head(paso_report_page *page);
void paso_report_headline(paso_report_page *page);
paso_status paso_report_charts(paso_report_page *page);
/* The numbers behind one chart (chart_table.c). */
void paso_report_chart_table(paso_report_page *page, const paso_report_view *view, double from);
/* One small chart for each cell (cells.c). */
paso_status paso_report_cells(paso_report_page *page, const paso_report_view *view);
void paso_report_results(paso_report_page *page);
/* Observables that are dates; nothing where there are none (dates.c). */
paso_status paso_report_dates(paso_report_page *page);
void paso_report_lanes(paso_report_page *page);
bool paso_report_has_claims(const paso_report_page *page);
void paso_report_claims(paso_report_page *page);
void paso_report_assumptions(paso_report_page *page);
void paso_report_foot(paso_report_page *page);

#endif
