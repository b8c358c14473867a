/* Which observables judge a course, and how closely. */
#include "infer/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "random/math.h"

/* A month is judged no finer than a tenth of the member's mean month: what is left of a stream that
 * has turned elsewhere says little of how many come. */
static const double FLOOR = 0.1;

bool paso_judge_fits(const paso_observable *o, int set) {
    return o->data >= 0 && o->noise != PASO_NOISE_NONE && o->take == PASO_SUM &&
           o->every == PASO_MONTH && o->item.shape.n == 1 && o->item.shape.set[0] == set;
}

static double mean_month(const paso_data *d, int member, int n_members) {
    double sum = 0, n = 0;
    for (int i = 0; i < d->n_periods; i++) {
        double value = d->value[i * n_members + member];
        if (!isnan(value)) sum += value, n++;
    }
    return n > 0 ? sum / n : 0;
}

static paso_status fill(const paso_model *m, int index, int n_members, paso_judge *judge) {
    const paso_observable *o = &m->observable[index];
    *judge = (paso_judge){index, o, &m->data[o->data], n_members,
                          calloc((size_t)n_members, sizeof(double))};
    if (!judge->floor) return PASO_ERR_MEMORY;
    for (int i = 0; i < n_members; i++)
        judge->floor[i] = fmax(0.5, FLOOR * mean_month(judge->data, i, n_members));
    return PASO_OK;
}

static paso_status find_named(const paso_model *m, int set, const char *name, paso_judge *judge) {
    for (int i = 0; i < m->n_observables; i++)
        if (strcmp(m->observable[i].item.name, name) == 0 &&
            paso_judge_fits(&m->observable[i], set))
            return fill(m, i, m->set[set].n_members, judge);
    return PASO_ERR_USAGE;
}

paso_status paso_judges_find(const paso_model *m, int set, const char *const *by, size_t n_by,
                             paso_judge **judge, int *n) {
    paso_status status = PASO_OK;
    *n = 0;
    *judge = calloc((size_t)m->n_observables + n_by + 1, sizeof **judge);
    if (!*judge) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < n_by && !status; i++)
        status = find_named(m, set, by[i], &(*judge)[(*n)++]);
    for (int i = 0; n_by == 0 && i < m->n_observables && !status; i++)
        if (m->observable[i].fit && paso_judge_fits(&m->observable[i], set))
            status = fill(m, i, m->set[set].n_members, &(*judge)[(*n)++]);
    return status ? status : *n > 0 ? PASO_OK : PASO_ERR_USAGE;
}

void paso_judges_free(paso_judge *judge, int n) {
    for (int i = 0; judge && i < n; i++) free(judge[i].floor);
    free(judge);
}

double paso_judge_seen(const paso_judge *judge, int32_t first_day, int member) {
    const paso_data *d = judge->data;
    for (int i = 0; i < d->n_periods; i++)
        if (d->first_day[i] == first_day) return d->value[i * judge->n_members + member];
    return NAN;
}

double paso_judge_log(const paso_judge *judge, int member, double count) {
    return paso_log(fmax(count, 0) + judge->floor[member]);
}

double paso_judge_spread(const paso_judge *judge, int member, double mean) {
    const paso_observable *o = judge->observable;
    double size = fmax(mean, judge->floor[member]), own = 1 / size;
    switch (o->noise) {
    case PASO_NOISE_NEGBIN:
        return sqrt(own + 1 / o->noise_size);
    case PASO_NOISE_LOGNORMAL:
        return o->noise_size;
    case PASO_NOISE_NORMAL:
        return o->noise_size / size;
    default:
        return sqrt(own);
    }
}
