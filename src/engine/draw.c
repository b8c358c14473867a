/* Binomial draws of cells side by side, with the luck that is kept. */
#include "engine/engine_internal.h"
#include "random/clones.h"

static PASO_CLONES bool any_needs_draw(const double *n, const double *p, size_t lanes) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t l = 0; l < lanes; l++)
        sum += (n[l] > 0 ? 1.0 : 0.0) * (p[l] > 0 ? 1.0 : 0.0) * (p[l] < 1 ? 1.0 : 0.0);
    return sum > 0;
}

void paso_engine_uniforms(paso_engine *e, const paso_key *key, ptrdiff_t item, double *u) {
    int32_t site = (int32_t)key->cell;
    const double *known = paso_engine_known(e, key->purpose, item, site);
    if (known) {
        paso_lanes_copy(u, known, e->lanes);
        return;
    }
    paso_uniform_lanes(key, e->member, e->lanes, u);
    double *kept = paso_engine_keep(e, key->purpose, item, site);
    if (kept) paso_lanes_copy(kept, u, e->lanes);
}

/* Uniforms and their quantiles, kept from now on where there is room. */
static void make_luck(paso_engine *e, const paso_key *key, ptrdiff_t item, int32_t site, double *u,
                      double *z) {
    paso_normal_lanes(u, z, e->lanes);
    double *kept = paso_engine_keep(e, key->purpose, item, site);
    if (!kept) return;
    paso_lanes_copy(kept, u, e->lanes);
    paso_lanes_copy(kept + e->lanes, z, e->lanes);
}

/* A cell's uniforms, and their quantiles where luck is kept; false where no lane's count is open,
 * which is not asked of what is known. */
static bool luck_of_cell(paso_engine *e, const paso_draw *draw, int32_t cell, const double *n,
                         const double *p, double *u, double *z) {
    int32_t site = draw->site + draw->each * cell;
    paso_key key = draw->key;
    const double *known = paso_engine_known(e, key.purpose, draw->item, site);
    if (known) {
        paso_lanes_copy(u, known, e->lanes);
        paso_lanes_copy(z, known + e->lanes, e->lanes);
        return true;
    }
    if (!any_needs_draw(n, p, e->lanes)) return false;
    key.cell = (uint32_t)cell;
    paso_uniform_lanes(&key, e->member, e->lanes, u);
    if (paso_engine_keeps(e)) make_luck(e, &key, draw->item, site, u, z);
    return true;
}

/* Where no lane's count is open, any luck will do. */
static void no_luck(const paso_engine *e, double *u, double *z) {
    for (size_t l = 0; l < e->lanes; l++) u[l] = 0.5, z[l] = 0;
}

void paso_engine_binomials(paso_engine *e, const paso_draw *draw, const int32_t *cell,
                           int32_t n_cells, const double *n, const double *p, double *x) {
    bool any = false;
    double *u = e->lane[5], *z = e->lane[7];
    size_t wide = (size_t)n_cells * e->lanes;
    for (size_t at = 0; at < wide && !e->quick; at += e->lanes) {
        if (luck_of_cell(e, draw, *cell++, n + at, p + at, u + at, z + at))
            any = true;
        else
            no_luck(e, u + at, z + at);
    }
    if (any && paso_engine_keeps(e)) paso_binomial_known_lanes(n, p, u, z, x, wide);
    if (any && !paso_engine_keeps(e)) paso_binomial_lanes(n, p, u, x, wide);
    for (size_t l = 0; e->quick && l < wide; l++) x[l] = n[l] * p[l];
    for (size_t l = 0; !any && !e->quick && l < wide; l++) x[l] = p[l] >= 1 && n[l] > 0 ? n[l] : 0;
}
