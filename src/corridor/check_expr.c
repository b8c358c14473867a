/* Names, sets, units and time of every expression. Annotates the
 * tree for the compiler. A part whose mistake is reported makes all above it silent. */
#include <math.h>
#include <string.h>

#include "corridor/model_internal.h"

typedef struct infer {
    paso_reader *r;
    const paso_use *use;
    bool delayed; /* inside lag or mean: as at an earlier close */
    bool before;  /* inside their last argument: constant */
} infer;

static bool infer_expr(infer *f, paso_expr *e);

static paso_place place_of(const infer *f, const paso_expr *e) {
    return (paso_place){e->mark, f->use->at.path};
}

static paso_phase phase_of(const infer *f) {
    return f->before ? PASO_AT_NEVER : f->delayed ? PASO_AT_CLOSE : f->use->phase;
}

/* ---- names: what may be read when */

enum {
    CONSTANTS = 1u << PASO_REF_ATTRIBUTE | 1u << PASO_REF_PARAMETER,
    SETTINGS = CONSTANTS | 1u << PASO_REF_LEVER,
    STARTS = SETTINGS | 1u << PASO_REF_DATA | 1u << PASO_REF_TODAY | 1u << PASO_REF_MONTH_LENGTH,
    EVENTS = STARTS | 1u << PASO_REF_SIGNAL | 1u << PASO_REF_STAGE,
    MORNINGS = EVENTS | 1u << PASO_REF_EVENT | 1u << PASO_REF_SHOCK,
    CLOSES = MORNINGS | 1u << PASO_REF_EXIT
};

static bool may_read(infer *f, const paso_expr *e, bool flow) {
    static const unsigned allowed[] = {
        [PASO_AT_START] = STARTS, [PASO_AT_EVENT] = EVENTS,     [PASO_AT_MORNING] = MORNINGS,
        [PASO_AT_CLOSE] = CLOSES, [PASO_AT_SETTING] = SETTINGS, [PASO_AT_NEVER] = CONSTANTS};
    static const char *const what[] = {
        [PASO_AT_START] = "on the eve of the first day (parameters, levers, data, sets)",
        [PASO_AT_EVENT] = "when events are decided (opening stocks, yesterday's signals)",
        [PASO_AT_MORNING] = "in the morning",
        [PASO_AT_CLOSE] = "at the close",
        [PASO_AT_SETTING] = "in a policy (levers, parameters)",
        [PASO_AT_NEVER] = "in a constant (parameters, sets)"};
    paso_phase phase = phase_of(f);
    if ((phase == PASO_AT_MORNING || phase == PASO_AT_EVENT) && flow) {
        paso_err(f->r, "time-flow", place_of(f, e),
                 paso_reader_format(f->r, "use lag(%s, 1 day, ...) or mean(%s, 7 days, ...)",
                                    e->name, e->name),
                 "expected what is known in the morning, found %s, which has not happened yet",
                 e->name);
        return false;
    }
    if ((allowed[phase] >> e->ref & 1u) != 0) return true;
    paso_err(f->r, "time", place_of(f, e), NULL, "expected what can be read %s, found %s",
             what[phase], e->name);
    return false;
}

/* The first value of a period that the run can see and that nothing reports, or -1. */
static int find_gap(const paso_model *m, const paso_data *d, int until) {
    int n_cells = paso_shape_cells(m, d->item.shape), last = d->n_periods - 1;
    bool beyond = d->first_day[d->n_periods] < until;
    int again = d->after == PASO_AFTER_REPEAT ? d->n_periods - d->repeat : last;
    for (int i = 0; i < d->n_periods * n_cells; i++) {
        int p = i / n_cells;
        bool seen = d->first_day[p + 1] > m->clock_start && d->first_day[p] < until;
        if ((seen || (beyond && p >= again)) && isnan(d->value[i])) return i;
    }
    return -1;
}

/* A series that expressions read must reach from the clock's start to its end without gaps. */
static bool data_reaches(infer *f, const paso_expr *e) {
    const paso_model *m = f->r->model;
    const paso_data *d = &m->data[e->index];
    int until = f->use->phase == PASO_AT_START ? m->clock_start + 1 : m->clock_end;
    char date[16], cell[256];
    if (f->use->section == PASO_IN_OBSERVABLES || d->n_periods == 0) return true;
    if (d->first_day[0] > m->clock_start) {
        paso_err(f->r, "data-start", place_of(f, e), NULL,
                 "expected a series from the clock's start, found %s, which begins later", e->name);
        return false;
    }
    if (d->after == PASO_AFTER_NONE && d->first_day[d->n_periods] < until) {
        paso_err(f->r, "data-end", place_of(f, e), "after: hold, or after: repeat 12 months",
                 "expected a series to the clock's end, found %s, which ends before and has no "
                 "after",
                 e->name);
        return false;
    }
    int gap = find_gap(m, d, until), n_cells = paso_shape_cells(m, d->item.shape);
    if (gap < 0) return true;
    paso_date_write(d->first_day[gap / n_cells], date);
    paso_cell_write(m, d->item.shape, gap % n_cells, cell, sizeof cell);
    paso_err(f->r, "data-gap", place_of(f, e), NULL,
             "expected a series without gaps, found %s, which reports nothing for %s%s%s", e->name,
             date, cell[0] == '\0' ? "" : ", ", cell);
    return false;
}

static bool name_word(infer *f, paso_expr *e) {
    if (strcmp(e->name, "today") == 0) {
        e->ref = PASO_REF_TODAY;
        e->unit.date = true;
    } else if (strcmp(e->name, "month_length") == 0) {
        e->ref = PASO_REF_MONTH_LENGTH;
        e->unit = paso_unit_time();
    } else {
        const paso_signal *s = f->use->own < 0 ? NULL : &f->r->model->signal[f->use->own];
        e->ref = PASO_REF_SHOCK;
        if (s == NULL || !s->shock || f->delayed) {
            paso_err(f->r, "time", place_of(f, e), "shock: normal, or shock: student(5)",
                     "expected shock only in the next of a signal that has one");
            return false;
        }
        e->shape = s->item.shape;
    }
    return may_read(f, e, false);
}

/* The part behind the dot: a column of a set, or an exit of a stage. */
static bool name_part(infer *f, paso_expr *e, const char *part) {
    const paso_model *m = f->r->model;
    bool is_exit = e->ref == PASO_REF_EXIT;
    int n = is_exit ? m->stage[e->index].n_exits : m->set[e->index].n_attributes;
    const char *names[64]; /* as many as are thought of in a suggestion */
    for (int i = 0; i < n && i < 64; i++)
        names[i] = is_exit ? m->stage[e->index].exit[i].name : m->set[e->index].attribute[i].name;
    for (e->sub = 0; e->sub < n; e->sub++) {
        const char *name = is_exit ? m->stage[e->index].exit[e->sub].name
                                   : m->set[e->index].attribute[e->sub].name;
        if (strcmp(name, part) == 0) break;
    }
    if (e->sub == n) {
        const char *what = is_exit ? "an exit" : "a numeric column";
        paso_err_unknown(
            f->r, place_of(f, e),
            paso_reader_format(f->r, "%s of %.*s", what, (int)(part - 1 - e->name), e->name), part,
            names, (size_t)(n < 64 ? n : 64));
        return false;
    }
    if (is_exit) {
        e->shape = m->stage[e->index].item.shape;
        e->unit = paso_unit_rate(m->stage[e->index].item.unit);
    } else {
        e->shape = (paso_shape){1, {e->index}};
        e->unit = m->set[e->index].attribute[e->sub].unit;
    }
    return may_read(f, e, is_exit);
}

static bool name_dotted(infer *f, paso_expr *e, const char *dot) {
    const char *left = paso_reader_format(f->r, "%.*s", (int)(dot - e->name), e->name);
    paso_found found = paso_model_lookup(f->r->model, left);
    paso_section section = found.is_set ? PASO_IN_SETS : paso_section_of(found.ref);
    e->index = found.index;
    if (!found.is_set && found.ref != PASO_REF_STAGE) {
        paso_err_unknown_name(f->r, place_of(f, e), left);
        return false;
    }
    paso_entry *entry = paso_entry_of(f->r, section, found.index);
    if (entry != NULL) entry->used = true;
    if (entry != NULL && entry->broken) return false;
    e->ref = found.is_set ? PASO_REF_ATTRIBUTE : PASO_REF_EXIT;
    return name_part(f, e, dot + 1);
}

static bool name_plain(infer *f, paso_expr *e) {
    paso_model *m = f->r->model;
    paso_found found = paso_model_lookup(m, e->name);
    if (found.is_set) {
        paso_err(f->r, "name-unknown", place_of(f, e),
                 paso_reader_format(f->r, "%s == member, or %s.column", e->name, e->name),
                 "expected a value, found the set %s", e->name);
        return false;
    }
    if (found.ref == PASO_REF_NONE) {
        paso_err_unknown_name(f->r, place_of(f, e), e->name);
        return false;
    }
    paso_section section = paso_section_of(found.ref);
    paso_entry *entry = paso_entry_of(f->r, section, found.index);
    const paso_item *item = paso_item_of(m, section, found.index);

    if (entry != NULL) entry->used = true;
    if (entry != NULL && entry->broken) return false;
    bool junction = found.ref == PASO_REF_STAGE && m->stage[found.index].junction;
    e->ref = found.ref;
    e->index = found.index;
    e->shape = item->shape;
    e->unit = junction ? paso_unit_rate(item->unit) : item->unit;
    e->unit.factor = 1;
    return may_read(f, e, junction) && (e->ref != PASO_REF_DATA || data_reaches(f, e));
}

static bool infer_name(infer *f, paso_expr *e) {
    const char *dot = strchr(e->name, '.');
    e->unit = paso_unit_pure();
    if (dot != NULL) return name_dotted(f, e, dot);
    if (strcmp(e->name, "today") == 0 || strcmp(e->name, "month_length") == 0 ||
        strcmp(e->name, "shock") == 0)
        return name_word(f, e);
    return name_plain(f, e);
}

/* ---- picks, members, totals */

static paso_shape without_set(paso_shape shape, int set) {
    paso_shape rest = {0};
    for (int i = 0; i < shape.n; i++) {
        if (shape.set[i] != set) rest.set[rest.n++] = shape.set[i];
    }
    return rest;
}

/* The set that pick number i chooses from, or -1 when an error was reported. */
static int pick_set(infer *f, paso_expr *e, int i) {
    paso_place at = {e->pick_mark[i], f->use->at.path};
    int set = -1, member = -1;
    bool today = strcmp(e->picks[i], "today") == 0;
    if (today) {
        set = paso_shape_has(e->shape, 0) ? 0 : 1;
        if (set == 0 && paso_shape_has(e->shape, 1)) {
            paso_err(f->r, "sets", at, "make it a product of two, one over each",
                     "expected today to pick from calendar_month or weekday, found both");
            return -1;
        }
        if (phase_of(f) == PASO_AT_SETTING || phase_of(f) == PASO_AT_NEVER) {
            paso_err(f->r, "time", at, NULL, "expected a member: there is no today here");
            return -1;
        }
    } else if (!paso_member_find(f->r->model, e->picks[i], &set, &member)) {
        const paso_set *first = &f->r->model->set[e->shape.n > 0 ? e->shape.set[0] : 0];
        paso_err_unknown(f->r, at, "a member", e->picks[i], first->member,
                         (size_t)first->n_members);
        return -1;
    }
    e->member[i] = today ? -1 : member;
    if (set >= 0 && paso_shape_has(e->shape, set)) return set;
    if (e->arg[0]->shape.n == 0)
        paso_err_no_members(f->r, at, e->arg[0]->name);
    else
        paso_err(f->r, "sets", at, NULL, "expected a member of %s, found %s",
                 paso_shape_write(f->r, e->shape),
                 today ? "today, which picks from calendar_month and weekday" : e->picks[i]);
    return -1;
}

static bool infer_pick(infer *f, paso_expr *e) {
    if (!infer_expr(f, e->arg[0])) return false;
    e->shape = e->arg[0]->shape;
    e->unit = e->arg[0]->unit;
    e->member = PASO_NEW(f->r, e->n_picks, int);
    for (int i = 0; e->member != NULL && i < e->n_picks; i++) {
        int set = pick_set(f, e, i);
        if (set < 0) return false;
        paso_entry *entry = paso_entry_of(f->r, PASO_IN_SETS, set);
        if (entry != NULL) entry->used = true;
        e->shape = without_set(e->shape, set);
    }
    return e->member != NULL;
}

/* SET == MEMBER comes from the parser as a comparison of two names. */
static bool is_member_test(const infer *f, const paso_expr *e) {
    return e->kind == PASO_EX_BINARY && (e->op == PASO_EQ || e->op == PASO_NE) &&
           e->arg[0]->kind == PASO_EX_NAME && e->arg[1]->kind == PASO_EX_NAME &&
           paso_set_find(f->r->model, e->arg[0]->name) >= 0;
}

static bool infer_member(infer *f, paso_expr *e) {
    const paso_expr *word = e->arg[1];
    int of = -1, member = -1, set = paso_set_find(f->r->model, e->arg[0]->name);
    paso_entry *entry = paso_entry_of(f->r, PASO_IN_SETS, set);
    if (entry != NULL) entry->used = true;
    if (entry != NULL && entry->broken) return false;
    if (!paso_member_find(f->r->model, word->name, &of, &member) || of != set) {
        const paso_set *s = &f->r->model->set[set];
        paso_err_unknown(f->r, place_of(f, word),
                         paso_reader_format(f->r, "a member of %s", s->item.name), word->name,
                         s->member, (size_t)s->n_members);
        return false;
    }
    e->member = PASO_NEW(f->r, 1, int);
    e->picks = PASO_NEW(f->r, 1, const char *);
    if (e->member == NULL || e->picks == NULL) return false;
    e->kind = PASO_EX_MEMBER;
    e->name = e->arg[0]->name;
    e->negate = e->op == PASO_NE;
    e->index = set;
    e->member[0] = member;
    e->picks[0] = word->name;
    e->n_picks = 1;
    e->n_args = 0;
    e->unit = paso_unit_pure();
    e->shape = (paso_shape){1, {set}};
    return true;
}

static bool infer_total(infer *f, paso_expr *e) {
    paso_shape by = {0};
    if (!infer_expr(f, e->arg[0])) return false;
    e->unit = e->arg[0]->unit;
    e->member = PASO_NEW(f->r, e->n_picks, int);
    for (int i = 0; e->member != NULL && i < e->n_picks; i++) {
        paso_place at = {e->pick_mark[i], f->use->at.path};
        int set = paso_set_find(f->r->model, e->picks[i]);
        if (set < 0) {
            paso_err_unknown_in(f->r, at, "a set", e->picks[i], PASO_IN_SETS);
            return false;
        }
        paso_entry *entry = paso_entry_of(f->r, PASO_IN_SETS, set);
        if (entry != NULL) entry->used = true;
        if (paso_shape_reads(f->r->model, e->arg[0]->shape, set) < 0) {
            paso_err(f->r, "sets", at, NULL, "expected a set of %s, found %s",
                     paso_shape_write(f->r, e->arg[0]->shape), e->picks[i]);
            return false;
        }
        e->member[i] = set;
        if (paso_shape_union(f->r->model, by, (paso_shape){1, {set}}, &by) != 0 || by.n != i + 1) {
            paso_err(f->r, "sets", at, NULL, "%s is among the sets of this total already",
                     e->picks[i]);
            return false;
        }
    }
    e->shape = by;
    return true;
}

/* ---- operators and functions */

/* A value over a set onto which two of the sets here map could be read in two ways. */
static bool reads_one_way(infer *f, const paso_expr *e, paso_shape fine) {
    const paso_model *m = f->r->model;
    for (int i = 0; i < e->shape.n; i++) {
        int first = -1;
        if (paso_shape_has(fine, e->shape.set[i])) continue;
        for (int k = 0; k < fine.n; k++) {
            if (paso_set_map(m, fine.set[k], e->shape.set[i]) < 0) continue;
            if (first >= 0) {
                paso_err(f->r, "sets", place_of(f, e), NULL,
                         "expected one way to read %s, found two: by %s and by %s",
                         m->set[e->shape.set[i]].item.name, m->set[first].item.name,
                         m->set[fine.set[k]].item.name);
                return false;
            }
            first = fine.set[k];
        }
    }
    return true;
}

static bool join_shapes(infer *f, paso_expr *e) {
    e->shape = (paso_shape){0};
    if (e->n_args == 1) e->shape = e->arg[0]->shape;
    for (int i = 0; e->n_args > 1 && i < e->n_args; i++) {
        if (paso_shape_union(f->r->model, e->shape, e->arg[i]->shape, &e->shape) == 0) continue;
        paso_err(f->r, "sets", place_of(f, e), "sum over some first: total(... by ...)",
                 "expected at most %d sets in one result, found more", PASO_MAX_DIMS);
        return false;
    }
    for (int i = 0; i < e->n_args; i++) {
        if (!reads_one_way(f, e->arg[i], e->shape)) return false;
    }
    if (paso_shape_fits(f->r->model, e->shape)) return true;
    paso_err_many_cells(f->r, place_of(f, e));
    return false;
}

/* Reports at the second: the first said which unit it would be. */
static bool same_units(infer *f, const paso_expr *a, const paso_expr *b) {
    if (paso_unit_equal(a->unit, b->unit)) return true;
    paso_err_unit(f->r, place_of(f, b), "a value", a->unit, b->unit);
    return false;
}

static bool pure_unit(infer *f, const paso_expr *e) {
    if (paso_unit_is_pure(e->unit)) return true;
    paso_err(f->r, "unit", place_of(f, e), "divide by a reference in the same unit",
             "expected a pure number, found %s", paso_unit_text(f->r, e->unit));
    return false;
}

static paso_unit firm(paso_unit a, paso_unit b) {
    return a.any ? b : a;
}

static bool is_time(paso_unit u) {
    return u.any || (!u.date && paso_unit_equal(u, paso_unit_time()));
}

/* date - date is time, date +- time is a date. */
static bool unit_of_dates(infer *f, paso_expr *e) {
    paso_unit a = e->arg[0]->unit, b = e->arg[1]->unit;
    e->unit = a.date ? a : b;
    if (e->op == PASO_SUB && a.date && b.date) {
        e->unit = paso_unit_time();
        return true;
    }
    if (a.date != b.date && is_time(a.date ? b : a) && (e->op == PASO_ADD || a.date)) return true;
    paso_err(f->r, "unit", place_of(f, e), "date - date is a time, date + time is a date",
             "expected two times or a date and a time, found %s and %s", paso_unit_text(f->r, a),
             paso_unit_text(f->r, b));
    return false;
}

static bool unit_of_power(infer *f, paso_expr *e) {
    double exponent = 0;
    if (!pure_unit(f, e->arg[1])) return false;
    e->unit = paso_unit_pure();
    if (paso_unit_is_pure(e->arg[0]->unit) && !e->arg[0]->unit.any) return true;
    if (!paso_expr_constant(e->arg[1], &exponent)) {
        paso_err(f->r, "unit", place_of(f, e->arg[1]), NULL,
                 "expected a constant exponent, because the base is in %s",
                 paso_unit_text(f->r, e->arg[0]->unit));
        return false;
    }
    e->unit = paso_unit_power(e->arg[0]->unit, exponent);
    e->unit.any = false;
    return true;
}

static bool refuse_dates(infer *f, const paso_expr *e) {
    for (int i = 0; i < e->n_args; i++) {
        if (!e->arg[i]->unit.date || e->arg[i]->unit.any) continue;
        paso_err(f->r, "unit", place_of(f, e->arg[i]), "date - date is a time",
                 "expected a number, found a date");
        return false;
    }
    return true;
}

static bool unit_of_binary(infer *f, paso_expr *e) {
    const paso_expr *a = e->arg[0], *b = e->arg[1];
    switch (e->op) {
    case PASO_ADD:
    case PASO_SUB:
        if (a->unit.date || b->unit.date) return unit_of_dates(f, e);
        e->unit = firm(a->unit, b->unit);
        return same_units(f, a, b);
    case PASO_MUL:
        e->unit = paso_unit_multiply(a->unit, b->unit);
        return refuse_dates(f, e);
    case PASO_DIV:
        e->unit = paso_unit_divide(a->unit, b->unit);
        return refuse_dates(f, e);
    case PASO_POW:
        return refuse_dates(f, e) && unit_of_power(f, e);
    case PASO_LT:
    case PASO_LE:
    case PASO_GT:
    case PASO_GE:
    case PASO_EQ:
    case PASO_NE:
        break;
    }
    e->unit = paso_unit_pure();
    return same_units(f, a, b);
}

static bool all_same(infer *f, paso_expr *e, int first) {
    e->unit = e->arg[first]->unit;
    for (int i = first + 1; i < e->n_args; i++) {
        /* Compare with one that has a unit: 0 fits any. */
        paso_expr known = *e->arg[first];
        known.unit = e->unit;
        if (!same_units(f, &known, e->arg[i])) return false;
        e->unit = firm(e->unit, e->arg[i]->unit);
    }
    return true;
}

static bool unit_of_ratio(infer *f, paso_expr *e) {
    paso_unit unit = paso_unit_divide(e->arg[0]->unit, e->arg[1]->unit);
    if (!refuse_dates(f, e)) return false;
    e->unit = e->arg[0]->unit.any ? e->arg[2]->unit : unit;
    if (e->arg[0]->unit.any || paso_unit_equal(unit, e->arg[2]->unit)) return true;
    paso_err_unit(f->r, place_of(f, e->arg[2]), "a value", unit, e->arg[2]->unit);
    return false;
}

static bool unit_of_toward(infer *f, paso_expr *e) {
    if (f->use->own < 0 || f->delayed) {
        paso_err(f->r, "time", place_of(f, e), NULL, "expected toward only in next");
        return false;
    }
    const paso_item *own = &f->r->model->signal[f->use->own].item;
    e->unit = own->unit;
    e->unit.factor = 1;
    if (!paso_unit_equal(e->unit, e->arg[0]->unit))
        paso_err_unit(f->r, place_of(f, e->arg[0]), "a target", e->unit, e->arg[0]->unit);
    else if (!is_time(e->arg[1]->unit))
        paso_err_unit(f->r, place_of(f, e->arg[1]), "a time", paso_unit_time(), e->arg[1]->unit);
    else
        return paso_shape_union(f->r->model, e->shape, own->shape, &e->shape) == 0;
    return false;
}

/* lag and mean: the first argument as of an earlier close, the last for the days before the start.
 */
static bool infer_past(infer *f, paso_expr *e) {
    double days = 0;
    infer inner = *f;
    if (f->delayed) {
        paso_err(f->r, "time", place_of(f, e),
                 "give the inner one a name: a signal, which lag and mean may read",
                 "expected no lag or mean inside another");
        return false;
    }
    inner.delayed = true;
    bool good = infer_expr(&inner, e->arg[0]);
    inner.before = true;
    good = infer_expr(&inner, e->arg[1]) && infer_expr(&inner, e->arg[2]) && good;
    if (!good) return false;
    if (!is_time(e->arg[1]->unit) || e->arg[1]->unit.any || !paso_expr_constant(e->arg[1], &days) ||
        days != floor(days) || days < 1 || days > 400) {
        paso_err(f->r, "time", place_of(f, e->arg[1]), NULL,
                 "expected a constant whole number of days, from 1 day to 400 days");
        return false;
    }
    e->days = (int)days;
    e->unit = firm(e->arg[0]->unit, e->arg[2]->unit);
    if (!same_units(f, e->arg[0], e->arg[2])) return false;
    e->shape = e->arg[0]->shape;
    if (paso_shape_covers(f->r->model, e->shape, e->arg[2]->shape)) return true;
    paso_err_sets(f->r, place_of(f, e->arg[2]), e->shape, e->arg[2]->shape);
    return false;
}

/* older: people of a stage with ages, of whole bins. */
static bool infer_older(infer *f, paso_expr *e) {
    const paso_expr *who = e->arg[0];
    double days = 0;
    infer constant = *f;
    constant.before = true;
    if (!infer_expr(f, e->arg[0]) || !infer_expr(&constant, e->arg[1])) return false;
    const paso_stage *s = who->kind == PASO_EX_NAME && who->ref == PASO_REF_STAGE
                              ? &f->r->model->stage[who->index]
                              : NULL;
    if (s == NULL || s->age_width == 0) {
        paso_err(f->r, "ages", place_of(f, who), "ages: {width: 30 days, keep: 7}",
                 "expected a stage with ages");
        return false;
    }
    int last = s->age_width * (s->age_keep - 1);
    if (!is_time(e->arg[1]->unit) || e->arg[1]->unit.any || !paso_expr_constant(e->arg[1], &days) ||
        days != floor(days) || days < 1 || days > last || (int)days % s->age_width != 0) {
        paso_err(f->r, "ages", place_of(f, e->arg[1]), NULL,
                 "expected a constant multiple of %d days, the width of a bin, up to %d days",
                 s->age_width, last);
        return false;
    }
    e->days = (int)days;
    e->unit = who->unit;
    e->shape = who->shape;
    return true;
}

static bool infer_args(infer *f, paso_expr *e) {
    bool good = true;
    for (int i = 0; i < e->n_args; i++) good = infer_expr(f, e->arg[i]) && good;
    return good && join_shapes(f, e);
}

/* The parser has counted the arguments. */
static bool infer_call(infer *f, paso_expr *e) {
    if (e->fn == PASO_FN_LAG || e->fn == PASO_FN_MEAN) return infer_past(f, e);
    if (e->fn == PASO_FN_OLDER) return infer_older(f, e);
    if (!infer_args(f, e)) return false;
    e->unit = paso_unit_pure();
    switch (e->fn) {
    case PASO_FN_EXP:
    case PASO_FN_LN:
    case PASO_FN_LOGISTIC:
        return pure_unit(f, e->arg[0]);
    case PASO_FN_SQRT:
        e->unit = paso_unit_power(e->arg[0]->unit, 0.5);
        return refuse_dates(f, e);
    case PASO_FN_ABS:
        e->unit = e->arg[0]->unit;
        return refuse_dates(f, e);
    case PASO_FN_MIN:
    case PASO_FN_MAX:
        return all_same(f, e, 0);
    case PASO_FN_IF:
        return pure_unit(f, e->arg[0]) && all_same(f, e, 1);
    case PASO_FN_RATIO:
        return unit_of_ratio(f, e);
    case PASO_FN_TOWARD:
        return unit_of_toward(f, e);
    case PASO_FN_LAG:
    case PASO_FN_MEAN:
    case PASO_FN_OLDER:
        break; /* above */
    }
    return false;
}

static bool infer_expr(infer *f, paso_expr *e) {
    switch (e->kind) {
    case PASO_EX_NUMBER:
        e->unit.any = e->number == 0 && paso_unit_is_pure(e->unit);
        return true;
    case PASO_EX_DATE:
        e->unit.date = true;
        return true;
    case PASO_EX_UNIT:
        return true;
    case PASO_EX_NAME:
        return infer_name(f, e);
    case PASO_EX_PICK:
        return infer_pick(f, e);
    case PASO_EX_MEMBER:
        return true;
    case PASO_EX_NEGATE:
        if (!infer_args(f, e)) return false;
        e->unit = e->arg[0]->unit;
        return refuse_dates(f, e);
    case PASO_EX_BINARY:
        if (is_member_test(f, e)) return infer_member(f, e);
        return infer_args(f, e) && unit_of_binary(f, e);
    case PASO_EX_CALL:
        return infer_call(f, e);
    case PASO_EX_TOTAL:
        return infer_total(f, e);
    }
    return false;
}

/* ---- constants, visits, and the whole */

bool paso_expr_constant(const paso_expr *e, double *value) {
    double a = 0, b = 0;
    if (e->kind == PASO_EX_NUMBER || e->kind == PASO_EX_UNIT || e->kind == PASO_EX_DATE) {
        *value = e->number;
        return true;
    }
    if (e->kind == PASO_EX_NEGATE && paso_expr_constant(e->arg[0], &a)) {
        *value = -a;
        return true;
    }
    if (e->kind != PASO_EX_BINARY || !paso_expr_constant(e->arg[0], &a) ||
        !paso_expr_constant(e->arg[1], &b))
        return false;
    *value = e->op == PASO_ADD   ? a + b
             : e->op == PASO_SUB ? a - b
             : e->op == PASO_MUL ? a * b
             : e->op == PASO_DIV ? a / b
                                 : pow(a, b);
    return e->op <= PASO_POW && isfinite(*value);
}

void paso_expr_visit(const paso_expr *e, bool delayed, paso_visit *visit, void *user) {
    if (e->kind == PASO_EX_NAME) visit(user, e, delayed);
    bool past = e->kind == PASO_EX_CALL && (e->fn == PASO_FN_LAG || e->fn == PASO_FN_MEAN);
    for (int i = 0; i < e->n_args; i++) paso_expr_visit(e->arg[i], delayed || past, visit, user);
}

bool paso_check_use(paso_reader *r, paso_use *use) {
    infer f = {.r = r, .use = use};
    paso_expr *e = use->expr;
    use->failed = true;
    if (!infer_expr(&f, e)) return false;
    use->failed = false;
    if (!use->any_unit && !paso_unit_equal(use->unit, e->unit)) {
        paso_err_unit(r, place_of(&f, e), use->what, use->unit, e->unit);
        use->failed = true;
    }
    if (!use->any_shape && !paso_shape_covers(r->model, use->within, e->shape)) {
        paso_err_sets(r, place_of(&f, e), use->within, e->shape);
        use->failed = true;
    } else if (!use->any_shape && !reads_one_way(&f, e, use->within)) {
        use->failed = true;
    }
    if (e->unit.any && !use->any_unit) e->unit = use->unit, e->unit.factor = 1;
    return !use->failed;
}

void paso_check_uses(paso_reader *r) {
    for (size_t i = 0; i < r->uses.n && !r->no_memory; i++) paso_check_use(r, &r->uses.items[i]);
}
