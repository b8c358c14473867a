/* Small multiples: an observable cell by cell, folded, each with its own y axis, and the cells'
 * last values as a table. */
#include <math.h>
#include <stdlib.h>

#include "report/page.h"

static paso_status read_cell(paso_report_page *page, const paso_report_view *whole, int cell,
                             paso_report_view *view) {
    *view = *whole;
    view->cell = cell;
    view->label = paso_report_pick(page, whole->about->cell[cell].en, whole->about->cell[cell].es);
    view->observed = NULL;
    view->series = paso_report_blank(page, page->c->n_policies * view->n);
    if (!view->series) return PASO_ERR_MEMORY;
    paso_status status = paso_store_observed(page->store, view->observable, cell, &view->observed,
                                             &view->n_observed);
    for (size_t p = 0; p < page->c->n_policies && status == PASO_OK; p++) {
        status =
            paso_store_series(page->store, p, view->observable, cell, view->series + p * view->n);
    }
    if (status == PASO_OK) {
        view->step = paso_words_step(view->series, page->c->n_policies * view->n, view->whole);
    }
    return status;
}

static void write_cell(paso_report_page *page, const char *name, const paso_report_view *view,
                       double from, const double *x) {
    paso_svg_scale scale = paso_report_scale(page, view, from, 2);
    paso_html_write(page->out, "<div class=\"small\"><p class=\"name\">%s</p><div class=\"plot\">",
                    view->label);
    const char *label = paso_arena_format(page->arena, SAY(CHART_ALT_CELL), name, view->label);
    paso_svg_begin(page->out, label ? label : view->label);
    paso_svg_y_axis(page->out, &scale, view->factor, false);
    paso_svg_x_axis(page->out, &scale, 3);
    paso_report_shapes(page, view, &scale, x, false);
    fputs("</div></div>\n", page->out);
}

static void write_table(paso_report_page *page, const char *name, const paso_report_view *view,
                        size_t n_cells) {
    char when[2 * PASO_WORDS];
    FILE *out = page->out;
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
    paso_html_write(out, SAY(CHART_BY_CELL), name);
    paso_html_write(out,
                    "\"><table class=\"numbers\">\n<caption>%s %s: %r</caption>\n"
                    "<thead><tr><th scope=\"col\"></th>",
                    name, paso_report_when(view, view->n - 1, when), SAY(SAYS_SMALL_PRINT));
    for (size_t p = 0; p < page->c->n_policies; p++) {
        paso_html_write(out, "<th scope=\"col\" class=\"p%z\">%s</th>", paso_report_colour(p),
                        paso_report_policy(page, p));
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < n_cells; i++) {
        paso_html_write(out, "<tr><th scope=\"row\">%s</th>", view[i].label);
        for (size_t p = 0; p < page->c->n_policies; p++) {
            fputs("<td>", out);
            paso_report_band(out, view->language, view[i].series[p * view[i].n + view[i].n - 1],
                             view[i].step, false);
            fputs("</td>", out);
        }
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

paso_status paso_report_cells(paso_report_page *page, const paso_report_view *view) {
    size_t n = view->about->n_cells;
    double *x = paso_report_places(page, view);
    paso_report_view *cell = calloc(n, sizeof *cell);
    paso_status status = x && cell ? PASO_OK : PASO_ERR_MEMORY;
    for (size_t i = 0; i < n && status == PASO_OK; i++) {
        status = read_cell(page, view, (int)i, &cell[i]);
    }
    if (status != PASO_OK) goto out;
    fputs("<details class=\"data\"><summary>", page->out);
    paso_html_write(page->out, SAY(CHART_PARTS), view->label, n);
    paso_html_write(page->out,
                    "</summary>\n<p class=\"sub\">%s</p>\n<div class=\"smalls cells\">\n",
                    SAY(CHART_OWN_AXIS));
    for (size_t i = 0; i < n; i++) {
        write_cell(page, view->label, &cell[i], paso_report_chart_from(page, view), x);
    }
    fputs("</div>\n", page->out);
    write_table(page, view->label, cell, n);
    fputs("</details>\n", page->out);
out:
    for (size_t i = 0; cell && i < n; i++) free(cell[i].observed);
    free(cell);
    return status;
}
