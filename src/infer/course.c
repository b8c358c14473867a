/* Courses: months by members, made for a plan. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "infer/filter.h"

static int32_t first_month(const paso_filter_plan *plan) {
    int32_t first = paso_period_start(plan->program->start, PASO_MONTH);
    return first < plan->program->start ? paso_period_next(first, PASO_MONTH) : first;
}

static int count_months(const paso_filter_plan *plan) {
    int n = 0;
    for (int32_t day = first_month(plan); (day = paso_period_next(day, PASO_MONTH)) <= plan->until;)
        n++;
    return n;
}

static bool allocate(paso_course *c) {
    size_t n = (size_t)c->n_months * (size_t)c->n_members;
    c->first_day = calloc((size_t)c->n_months + 1, sizeof *c->first_day);
    c->mean = calloc(5 * n + 1, sizeof *c->mean);
    if (!c->first_day || !c->mean) return false;
    c->sd = c->mean + n, c->effective = c->mean + 2 * n;
    c->seen = c->mean + 3 * n, c->drawn = c->mean + 4 * n;
    return true;
}

static paso_status fill_seen(const paso_filter_plan *plan, int set, paso_course *c) {
    paso_judge *judge = NULL;
    int n_judges;
    paso_status status =
        paso_judges_find(plan->model, set, plan->by, plan->n_by, &judge, &n_judges);
    for (int k = 0; k < c->n_months && !status; k++)
        for (int i = 0; i < c->n_members; i++) {
            c->seen[k * c->n_members + i] = paso_judge_seen(&judge[0], c->first_day[k], i);
            c->effective[k * c->n_members + i] = NAN;
        }
    paso_judges_free(judge, n_judges);
    return status;
}

paso_status paso_course_create(const paso_filter_plan *plan, paso_course **course) {
    const paso_signal *signal = &plan->model->signal[plan->signal];
    *course = NULL;
    if (!signal->shock || signal->item.shape.n != 1) return PASO_ERR_USAGE;
    int set = signal->item.shape.set[0];
    paso_course *c = calloc(1, sizeof *c);
    if (!c) return PASO_ERR_MEMORY;
    c->n_months = count_months(plan);
    c->n_members = plan->model->set[set].n_members;
    paso_status status = allocate(c) ? PASO_OK : PASO_ERR_MEMORY;
    int32_t day = first_month(plan);
    for (int k = 0; k < c->n_months && !status; k++, day = paso_period_next(day, PASO_MONTH))
        c->first_day[k] = day;
    if (!status) status = fill_seen(plan, set, c);
    if (status)
        paso_course_free(c);
    else
        *course = c;
    return status;
}

void paso_course_free(paso_course *course) {
    if (!course) return;
    free(course->first_day);
    free(course->mean);
    free(course);
}

paso_status paso_course_known(const paso_filter_plan *plan, paso_course *c) {
    int index = plan->model->signal[plan->signal].known;
    if (index < 0) return PASO_ERR_USAGE;
    const paso_data *d = &plan->model->data[index];
    for (int k = 0; k < c->n_months; k++) {
        int i = 0;
        while (i < d->n_periods && d->first_day[i] != c->first_day[k]) i++;
        if (i == d->n_periods) return PASO_ERR_USAGE;
        for (int j = 0; j < c->n_members; j++) {
            double value = d->value[i * c->n_members + j];
            if (isnan(value)) return PASO_ERR_USAGE;
            c->mean[k * c->n_members + j] = value;
        }
    }
    return PASO_OK;
}

int paso_filter_known(const paso_filter_plan *plan) {
    int known = plan->model->signal[plan->signal].known;
    const paso_program *p = plan->program;
    for (size_t i = 0; known >= 0 && i < p->data.n; i++)
        if (p->data.items[i].known && strcmp(paso_program_name(p, p->data.items[i].name),
                                             plan->model->data[known].item.name) == 0)
            return (int)i;
    return -1;
}
