/* The wording of every error that more than one file of the reader and checker reports, and the
 * reader's memory. One place for each wording: tests compare the exact text. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "corridor/model_internal.h"

void *paso_reader_alloc(paso_reader *r, size_t n, size_t size) {
    void *block = paso_arena_alloc(r->arena, n > 0 ? n : 1, size);
    if (block == NULL) r->no_memory = true;
    return block;
}

const char *paso_reader_format(paso_reader *r, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const char *copy = paso_arena_text(r->arena, text);
    if (copy == NULL) r->no_memory = true;
    return copy == NULL ? "" : copy;
}

void paso_err(paso_reader *r, const char *id, paso_place at, const char *hint, const char *format,
              ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    paso_error(r->diags, id, at.mark, at.path, hint, "%s", text);
}

/* A whole page in the place of a word is told by its beginning. */
static const char *node_text(paso_reader *r, const paso_node *node) {
    enum { SHOWN = 80 };
    size_t n = 0, all = strlen(node->text == NULL ? "" : node->text);
    if (node->kind == PASO_MAP) return "a map";
    if (node->kind == PASO_LIST) return "a list";
    if (all == 0) return "nothing";
    while (n < all && n < SHOWN) n += paso_utf8_step(node->text + n, all - n);
    return paso_reader_format(r, "\"%.*s%s\"", (int)n, node->text, n < all ? "..." : "");
}

void paso_err_expected(paso_reader *r, paso_place at, const char *expected,
                       const paso_node *found) {
    paso_err(r, "value", at, NULL, "expected %s, found %s", expected, node_text(r, found));
}

void paso_err_unknown(paso_reader *r, paso_place at, const char *what, const char *word,
                      const char *const *names, size_t n) {
    const char *near = n == 0 ? NULL : paso_nearest(word, names, n);
    const char *hint = near == NULL ? NULL : paso_reader_format(r, "did you mean %s?", near);
    paso_err(r, "name-unknown", at, hint, "expected %s, found \"%s\"", what, word);
}

static size_t section_names(const paso_reader *r, paso_section section, const char **names) {
    const paso_entries *list = &r->section[section];
    for (size_t i = 0; i < list->n; i++) names[i] = list->items[i].node->key;
    return list->n;
}

void paso_err_unknown_in(paso_reader *r, paso_place at, const char *what, const char *word,
                         paso_section section) {
    const char **names = PASO_NEW(r, r->section[section].n + 2, const char *);
    if (names == NULL) return;
    size_t n = section_names(r, section, names);
    if (section == PASO_IN_SETS) {
        names[n++] = r->model->set[0].item.name;
        names[n++] = r->model->set[1].item.name;
    }
    paso_err_unknown(r, at, what, word, names, n);
}

void paso_err_unknown_name(paso_reader *r, paso_place at, const char *word) {
    static const char *const words[] = {"today", "month_length", "calendar_month", "weekday"};
    size_t n = 0, all = sizeof words / sizeof words[0];
    int set, member;
    for (int s = PASO_IN_SETS; s <= PASO_IN_STAGES; s++) all += r->section[s].n;
    const char **names = PASO_NEW(r, all, const char *);
    if (names == NULL) return;
    for (int s = PASO_IN_SETS; s <= PASO_IN_STAGES; s++)
        n += section_names(r, (paso_section)s, names + n);
    memcpy(names + n, words, sizeof words);
    const char *near = paso_nearest(word, names, all);
    const char *hint = near == NULL ? NULL : paso_reader_format(r, "did you mean %s?", near);
    if (paso_member_find(r->model, word, &set, &member))
        hint = paso_reader_format(r, "a member stands only in brackets or in %s == %s",
                                  r->model->set[set].item.name, word);
    paso_err(r, "name-unknown", at, hint, "expected a name that is defined, found \"%s\"", word);
}

void paso_err_unit(paso_reader *r, paso_place at, const char *what, paso_unit expected,
                   paso_unit found) {
    const char *text = paso_unit_is_pure(expected) && !expected.any
                           ? "that is a pure number"
                           : paso_reader_format(r, "in %s", paso_unit_text(r, expected));
    paso_err(r, "unit", at, NULL, "expected %s %s, found %s", what, text, paso_unit_text(r, found));
}

void paso_err_bounds(paso_reader *r, paso_place at, const paso_item *item, const double bound[2],
                     double value, const char *where) {
    double f = item->unit.factor;
    bool pure = item->unit_text == NULL || strcmp(item->unit_text, "1") == 0;
    paso_err(r, "bounds", at, NULL, "expected from %g to %g%s%s, found %g%s%s", bound[0] / f,
             bound[1] / f, pure ? "" : " ", pure ? "" : item->unit_text, value / f,
             where[0] == '\0' ? "" : " for ", where);
}

void paso_err_cells(paso_reader *r, paso_place at, int expected, int found) {
    paso_err(r, "value", at, NULL, "expected %d %s, one for each column, found %d", expected,
             expected == 1 ? "cell" : "cells", found);
}

void paso_err_many_cells(paso_reader *r, paso_place at) {
    paso_err(r, "sets", at, NULL, "expected at most %d cells, found more", PASO_MAX_CELLS);
}

void paso_err_no_members(paso_reader *r, paso_place at, const char *name) {
    paso_err(r, "sets", at, NULL, "expected no brackets, because %s is a single value", name);
}

void paso_err_sets(paso_reader *r, paso_place at, paso_shape expected, paso_shape found) {
    const char *by = paso_shape_write(r, expected);
    const char *hint = "sum over the others: total(...)";
    if (expected.n > 0)
        hint = paso_reader_format(r, "sum over the others: total(... by %.*s)", (int)strlen(by) - 2,
                                  by + 1);
    const char *expected_text =
        expected.n == 0 ? "a single value" : paso_reader_format(r, "a value over %s", by);
    paso_err(r, "sets", at, hint, "expected %s, found one over %s", expected_text,
             paso_shape_write(r, found));
}

const char *paso_unit_text(paso_reader *r, paso_unit unit) {
    char text[256];
    return paso_reader_format(r, "%s", paso_unit_write(&r->model->units, unit, text, sizeof text));
}

paso_unit paso_unit_time(void) {
    paso_unit unit = paso_unit_pure();
    unit.power[0] = 1;
    return unit;
}

paso_unit paso_unit_rate(paso_unit counted) {
    return paso_unit_divide(counted, paso_unit_time());
}
