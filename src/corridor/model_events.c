/* Events: what happens on dates, by chance, or both. Sizes and lengths are an
 * expression, lognormal(median, sd of log) or exponential(mean). */
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"

enum { LAW_NONE, LAW_LOGNORMAL, LAW_EXPONENTIAL };

static void read_rate(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_event *e = c->item;
    paso_use *use = paso_use_add(r, c, node, at, "a rate", PASO_AT_EVENT,
                                 paso_unit_rate(paso_unit_pure()), e->item.shape);
    if (use != NULL) e->rate = use->expr;
}

/* ---- sizes and lengths */

typedef struct drawn {
    int law;
    paso_expr *value, *sd;
} drawn;

/* What stands between the brackets of word(...), or NULL if `text` is not that alone. */
static const char *inside_of(paso_reader *r, const char *text, const char *word, size_t *offset) {
    size_t n = strlen(word), end = strlen(text);
    int depth = 0;
    if (strncmp(text, word, n) != 0) return NULL;
    n += strspn(text + n, " ");
    if (text[n] != '(') return NULL;
    for (size_t i = n; i < end; i++) {
        depth += (text[i] == '(') - (text[i] == ')');
        if (depth == 0 && i + 1 + strspn(text + i + 1, " ") < end) return NULL;
    }
    while (end > n && text[end - 1] == ' ') end--;
    if (depth != 0 || end < n + 2) return NULL;
    *offset = n + 1;
    return paso_reader_format(r, "%.*s", (int)(end - n - 2), text + n + 1);
}

/* The first comma outside brackets, or the end. */
static size_t first_comma(const char *text) {
    int depth = 0;
    size_t i = 0;
    for (; text[i] != '\0' && (text[i] != ',' || depth > 0); i++)
        depth += (text[i] == '(') - (text[i] == ')');
    return i;
}

static paso_expr *read_part(paso_reader *r, const paso_context *c, const char *text, size_t offset,
                            paso_place at, const char *what, paso_unit unit) {
    const paso_item *item = c->item;
    at.mark.column += (int)offset;
    if (text[strspn(text, " ")] == '\0') {
        paso_err(r, "value", at, NULL, "expected an expression, found nothing");
        return NULL;
    }
    paso_use *use = paso_use_text(r, c, text, at, what, PASO_AT_EVENT, unit, item->shape);
    return use == NULL ? NULL : use->expr;
}

static void read_lognormal(paso_reader *r, const paso_context *c, const char *text, size_t offset,
                           paso_place at, const char *what, paso_unit unit, drawn *d) {
    size_t comma = first_comma(text);
    d->law = LAW_LOGNORMAL;
    if (text[comma] == '\0' || text[comma + 1 + first_comma(text + comma + 1)] != '\0') {
        paso_err(r, "value", at, NULL, "expected lognormal(median, sd of log), found lognormal(%s)",
                 text);
        return;
    }
    const char *median = paso_reader_format(r, "%.*s", (int)comma, text);
    d->value = read_part(r, c, median, offset, at, what, unit);
    d->sd = read_part(r, c, text + comma + 1, offset + comma + 1, at, "a spread of the log",
                      paso_unit_pure());
}

static drawn read_drawn(paso_reader *r, const paso_context *c, const paso_node *node, paso_place at,
                        const char *what, paso_unit unit) {
    drawn d = {0};
    size_t offset = 0;
    const char *text = paso_text_read(r, node, at), *inside = NULL;
    if (text == NULL) return d;
    if ((inside = inside_of(r, text, "lognormal", &offset)) != NULL) {
        read_lognormal(r, c, inside, offset, at, what, unit, &d);
    } else if ((inside = inside_of(r, text, "exponential", &offset)) != NULL) {
        d.law = LAW_EXPONENTIAL;
        d.value = read_part(r, c, inside, offset, at, what, unit);
    } else {
        d.value = read_part(r, c, text, 0, at, what, unit);
    }
    return d;
}

static void read_size(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_event *e = c->item;
    drawn d = read_drawn(r, c, node, at, "a size", e->item.unit);
    e->size_law = d.law;
    e->size = d.value;
    e->size_sd = d.sd;
}

static void read_lasts(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_event *e = c->item;
    drawn d = read_drawn(r, c, node, at, "a length", paso_unit_time());
    e->lasts_law = d.law;
    e->lasts = d.value;
    e->lasts_sd = d.sd;
}

/* ---- dates */

typedef struct dated {
    int day;
    double size;
} dated;

static int compare_dated(const void *a, const void *b) {
    const dated *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static bool read_date(paso_reader *r, const paso_node *node, paso_place at, const paso_item *item,
                      dated *d) {
    if (strlen(node->key) != 10 || paso_date_parse(node->key, &d->day, NULL) != 0) {
        at.mark = node->key_mark;
        paso_err(r, "date", at, NULL, "expected a date such as 2024-11-05, found \"%s\"",
                 node->key);
        return false;
    }
    return paso_node_is(r, node, at, PASO_SCALAR) &&
           paso_quantity_read(r, node->text, at, item->unit, item->unit_text, &d->size);
}

static void read_dates(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_event *e = c->item;
    int n = 0;
    bool good = paso_node_is(r, node, at, PASO_MAP);
    dated *list = PASO_NEW(r, node->n_children, dated);
    e->has_dates = true;
    e->date = PASO_NEW(r, node->n_children, int);
    e->date_size = PASO_NEW(r, node->n_children, double);
    if (!good || list == NULL || e->date == NULL || e->date_size == NULL) return;
    for (const paso_node *k = node->child; k != NULL; k = k->next)
        good = read_date(r, k, paso_place_child(r, at.path, k), &e->item, &list[n++]) && good;
    if (!good) return;
    qsort(list, (size_t)n, sizeof *list, compare_dated);
    for (int i = 0; i < n; i++) e->date[i] = list[i].day, e->date_size[i] = list[i].size;
    e->n_dates = n;
}

static void finish_event(paso_reader *r, paso_context *c) {
    if (paso_key_is_missing(c, "rate") && paso_key_is_missing(c, "dates"))
        paso_err(r, "missing", c->at, "rate: a chance per time; dates: {2024-11-05: size}",
                 "expected rate or dates, found none");
}

const paso_field paso_event_fields[] = {{"over", paso_read_over, NULL},
                                        {"unit", paso_read_unit, paso_need_unit},
                                        {"source", paso_read_source, paso_need_source},
                                        PASO_FIELDS_LABELS(NULL),
                                        PASO_FIELDS_COMMON,
                                        {"rate", read_rate, NULL},
                                        {"size", read_size, NULL},
                                        {"lasts", read_lasts, NULL},
                                        {"dates", read_dates, NULL},
                                        {NULL, NULL, NULL}};

void paso_events_read(paso_reader *r) {
    paso_section_read(r, PASO_IN_EVENTS, r->model->event, sizeof(paso_event), paso_event_fields,
                      finish_event);
}
