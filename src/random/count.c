/* Counts as quantiles of one uniform: inversion from zero below mean 10, above it the expansion of
 * E. A. Cornish and R. A. Fisher (1938) to third order with Sheppard's correction for whole counts.
 * The lane's own mean alone chooses the way, so no result depends on who shares a block. */
#include "random.h"

#include "clones.h"

#define FROM_EXPANSION 10.0 /* mean; lower needs the monotony of the expansion checked again */
#define FREE_MARGIN 1e-15
#define NO_MASS 1e-18 /* below the spacing of uniforms: what is left beyond cannot be drawn */
#define STEPS 80      /* no law below mean 10 has NO_MASS left from here */
#define BLOCK 64      /* lanes worked on at once; small enough for the first cache */
#define FEW 1         /* walking lanes that cost less one by one than side by side */

#define OVER_FOUR(k) 1.0 / (k), 1.0 / ((k) + 1), 1.0 / ((k) + 2), 1.0 / ((k) + 3)
#define OVER_SIXTEEN(k) OVER_FOUR(k), OVER_FOUR((k) + 4), OVER_FOUR((k) + 8), OVER_FOUR((k) + 12)

/* 1/(k + 1): the same quotients for one lane and for many. */
static const double over[STEPS] = {OVER_SIXTEEN(1), OVER_SIXTEEN(17), OVER_SIXTEEN(33),
                                   OVER_SIXTEEN(49), OVER_SIXTEEN(65)};

/* The six polynomials in the normal quantile z: v, k3, k4, k5 are the law's second to fifth
 * cumulants. */
PASO_INLINE double expansion(double mean, double v, double k3, double k4, double k5, double z) {
    double z2 = z * z;
    double w = v - 1.0 / 12, root = sqrt(w), per = 1.0 / w;
    double a = k3 * per, b = (k4 + 1.0 / 120) * per, c = k5 * per, a2 = a * a;
    double second = b * (z * (z2 - 3.0)) * (1.0 / 24) - a2 * (z * (2.0 * z2 - 5.0)) * (1.0 / 36);
    double third = c * ((z2 - 6.0) * z2 + 3.0) * (1.0 / 120) -
                   a * b * ((z2 - 5.0) * z2 + 2.0) * (1.0 / 24) +
                   a2 * a * ((12.0 * z2 - 53.0) * z2 + 17.0) * (1.0 / 324);
    return mean + (root * (z + second * per) + (a * (z2 - 1.0) * (1.0 / 6) + third * per));
}

PASO_INLINE double binomial_expansion(double n, double p, double z) {
    double q = 1.0 - p, pq = p * q, v = n * pq, k3 = v * (q - p);
    double x = expansion(n * p, v, k3, v * (1.0 - 6.0 * pq), k3 * (1.0 - 12.0 * pq), z) + 0.5;
    x = x < 0.0 ? 0.0 : x;
    x = paso_whole_below(x);
    return x > n ? n : x;
}

PASO_INLINE double poisson_expansion(double m, double u) {
    double x = expansion(m, m, m, m, m, paso_normal_quantile(u)) + 0.5;
    return paso_whole_below(x < 0.0 ? 0.0 : x);
}

PASO_INLINE int is_free(double m, double u) {
    return u <= 1.0 - m - FREE_MARGIN; /* Bernoulli: P(0) >= 1 - m */
}

/* Walks up from zero: f is the chance of x, and of x + 1 it is f (a/(x + 1) - s). */
static double walk(double u, double f, double a, double s) {
    double up_to = f, x = 0.0;
    for (int k = 0; k < STEPS && u > up_to && f > NO_MASS; k++) {
        x += 1.0;
        f *= a * over[k] - s;
        up_to += f;
    }
    return x;
}

/* The same walk, all lanes in step. */
PASO_INLINE void walk_lanes(const double *restrict u, double *restrict f, const double *restrict a,
                            const double *restrict s, double *restrict x, size_t lanes) {
    double up_to[BLOCK];
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) up_to[i] = f[i];
    for (int k = 0; k < STEPS; k++) {
        double walking = 0.0;
        const double part = over[k];
#pragma omp simd reduction(+ : walking)
        for (size_t i = 0; i < lanes; i++) {
            double step = u[i] > up_to[i] && f[i] > NO_MASS ? 1.0 : 0.0;
            x[i] += step;
            f[i] *= a[i] * part - s[i];
            up_to[i] += f[i];
            walking += step;
        }
        if (walking == 0.0) break;
    }
}

/* One lane of a binomial, folded to p <= 1/2. */
typedef struct folded {
    double n, p, u, m;
} folded;

PASO_INLINE folded fold(double n, double p, double u) {
    folded lane;
    n = n < 0.0 ? 0.0 : n;
    p = p < 0.0 ? 0.0 : p;
    p = p > 1.0 ? 1.0 : p;
    lane.n = n;
    lane.p = p > 0.5 ? 1.0 - p : p;
    lane.u = p > 0.5 ? 1.0 - u : u;
    lane.m = n * lane.p;
    return lane;
}

PASO_INLINE double unfold(double n, double p, double m, double u, double x) {
    n = n < 0.0 ? 0.0 : n;
    x = x > n ? n : x;
    x = p > 0.5 ? n - x : x;
    return m + u == m + u ? x : (double)NAN;
}

static double binomial_walk(double n, double p, double u) {
    double s = p / (1.0 - p);
    return walk(u, paso_exp(-n * paso_log1m_half(p)), (n + 1.0) * s, s);
}

static double poisson_walk(double m, double u) {
    return walk(u, paso_exp(-m), m, 0.0);
}

double paso_binomial(double n, double p, double u) {
    folded lane = fold(n, p, u);
    double x = 0.0;
    if (lane.m >= FROM_EXPANSION)
        x = binomial_expansion(lane.n, lane.p, paso_normal_quantile(lane.u));
    else if (!is_free(lane.m, lane.u))
        x = binomial_walk(lane.n, lane.p, lane.u);
    return unfold(n, p, lane.m, lane.u, x);
}

double paso_poisson(double mean, double u) {
    double m = mean < 0.0 ? 0.0 : mean, x = 0.0;
    if (m >= FROM_EXPANSION)
        x = poisson_expansion(m, u);
    else if (!is_free(m, u))
        x = poisson_walk(m, u);
    return m + u == m + u ? x : (double)NAN;
}

/* Which ways the lanes of a block go: their numbers, those that go the same way side by side. */
typedef struct ways {
    uint32_t far[BLOCK], walk[BLOCK];
    size_t n_far, n_walk;
} ways;

PASO_INLINE size_t count_far(const double *restrict m, size_t lanes) {
    double n = 0.0;
#pragma omp simd reduction(+ : n)
    for (size_t i = 0; i < lanes; i++) n += m[i] >= FROM_EXPANSION ? 1.0 : 0.0;
    return (size_t)n;
}

PASO_INLINE void sort_lanes(const double *restrict m, const double *restrict u, size_t lanes,
                            ways *way) {
    way->n_far = way->n_walk = 0;
    for (size_t i = 0; i < lanes; i++) {
        int far = m[i] >= FROM_EXPANSION, walks = !far & !is_free(m[i], u[i]);
        way->far[way->n_far] = way->walk[way->n_walk] = (uint32_t)i;
        way->n_far += (size_t)far;
        way->n_walk += (size_t)walks;
    }
}

PASO_INLINE void gather(const double *restrict from, const uint32_t *restrict lane, size_t n,
                        double *restrict to) {
    /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript): sort_lanes set n of them */
    for (size_t i = 0; i < n; i++) to[i] = from[lane[i]];
}

PASO_INLINE void scatter(const double *restrict from, const uint32_t *restrict lane, size_t n,
                         double *restrict to) {
    for (size_t i = 0; i < n; i++) to[lane[i]] = from[i];
}

PASO_INLINE void binomial_walks(const double *restrict n, const double *restrict p,
                                const double *restrict u, double *restrict x, size_t lanes) {
    double f[BLOCK], a[BLOCK], s[BLOCK];
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) {
        s[i] = p[i] / (1.0 - p[i]);
        a[i] = (n[i] + 1.0) * s[i];
        f[i] = paso_exp(-n[i] * paso_log1m_half(p[i]));
        x[i] = 0.0;
    }
    walk_lanes(u, f, a, s, x, lanes);
}

PASO_INLINE void quantiles(const double *restrict u, double *restrict z, size_t lanes) {
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) z[i] = paso_normal_quantile(u[i]);
}

PASO_CLONES void paso_normal_lanes(const double *u, double *restrict z, size_t lanes) {
    quantiles(u, z, lanes);
}

PASO_INLINE void binomial_far(const double *restrict n, const double *restrict p,
                              const double *restrict z, double *restrict x, size_t lanes) {
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) x[i] = binomial_expansion(n[i], p[i], z[i]);
}

/* Lanes of both kinds: each kind drawn together, a single walker by itself. z may be NULL. */
PASO_INLINE void binomial_mixed(const double *restrict n, const double *restrict p,
                                const double *restrict m, const double *restrict u,
                                const double *restrict z, double *restrict x, size_t lanes) {
    double N[BLOCK], P[BLOCK], U[BLOCK], X[BLOCK], Z[BLOCK];
    ways way;
    sort_lanes(m, u, lanes, &way);
    for (size_t i = 0; i < lanes; i++) x[i] = 0.0;
    if (way.n_far > 0) {
        gather(n, way.far, way.n_far, N);
        gather(p, way.far, way.n_far, P);
        gather(z ? z : u, way.far, way.n_far, z ? Z : U);
        if (!z) quantiles(U, Z, way.n_far);
        binomial_far(N, P, Z, X, way.n_far);
        scatter(X, way.far, way.n_far, x);
    }
    if (way.n_walk > FEW) {
        gather(n, way.walk, way.n_walk, N);
        gather(p, way.walk, way.n_walk, P);
        gather(u, way.walk, way.n_walk, U);
        binomial_walks(N, P, U, X, way.n_walk);
        scatter(X, way.walk, way.n_walk, x);
    }
    for (size_t k = 0; way.n_walk <= FEW && k < way.n_walk; k++) {
        size_t i = way.walk[k];
        x[i] = binomial_walk(n[i], p[i], u[i]);
    }
}

/* As u is 1 - u where p is reflected, its quantile is -z, to the bit. */
PASO_INLINE void binomial_block(const double *restrict n, const double *restrict p,
                                const double *restrict u, const double *restrict known,
                                double *restrict x, size_t lanes) {
    double N[BLOCK], P[BLOCK], U[BLOCK], M[BLOCK], Z[BLOCK];
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) {
        folded lane = fold(n[i], p[i], u[i]);
        N[i] = lane.n, P[i] = lane.p, U[i] = lane.u, M[i] = lane.m;
    }
    for (size_t i = 0; known && i < lanes; i++) Z[i] = p[i] > 0.5 ? -known[i] : known[i];
    if (count_far(M, lanes) == lanes) {
        if (!known) quantiles(U, Z, lanes);
        binomial_far(N, P, Z, x, lanes);
    } else {
        binomial_mixed(N, P, M, U, known ? Z : NULL, x, lanes);
    }
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) x[i] = unfold(n[i], p[i], M[i], U[i], x[i]);
}

PASO_CLONES void paso_binomial_lanes(const double *n, const double *p, const double *u,
                                     double *restrict x, size_t lanes) {
    for (size_t i = 0; i < lanes; i += BLOCK) {
        size_t some = lanes - i < BLOCK ? lanes - i : BLOCK;
        binomial_block(n + i, p + i, u + i, NULL, x + i, some);
    }
}

PASO_CLONES void paso_binomial_known_lanes(const double *n, const double *p, const double *u,
                                           const double *z, double *restrict x, size_t lanes) {
    for (size_t i = 0; i < lanes; i += BLOCK) {
        size_t some = lanes - i < BLOCK ? lanes - i : BLOCK;
        binomial_block(n + i, p + i, u + i, z + i, x + i, some);
    }
}

PASO_INLINE void poisson_walks(const double *restrict m, const double *restrict u,
                               double *restrict x, size_t lanes) {
    double f[BLOCK], s[BLOCK];
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) {
        f[i] = paso_exp(-m[i]);
        s[i] = x[i] = 0.0;
    }
    walk_lanes(u, f, m, s, x, lanes);
}

PASO_INLINE void poisson_mixed(const double *restrict m, const double *restrict u,
                               double *restrict x, size_t lanes) {
    double M[BLOCK], U[BLOCK], X[BLOCK];
    ways way;
    sort_lanes(m, u, lanes, &way);
    if (way.n_far > 0) {
        gather(m, way.far, way.n_far, M);
        gather(u, way.far, way.n_far, U);
#pragma omp simd
        for (size_t i = 0; i < way.n_far; i++) X[i] = poisson_expansion(M[i], U[i]);
        scatter(X, way.far, way.n_far, x);
    }
    if (way.n_walk > 0) {
        gather(m, way.walk, way.n_walk, M);
        gather(u, way.walk, way.n_walk, U);
        poisson_walks(M, U, X, way.n_walk);
        scatter(X, way.walk, way.n_walk, x);
    }
}

PASO_INLINE void poisson_block(const double *restrict mean, const double *restrict u,
                               double *restrict x, size_t lanes) {
    double M[BLOCK];
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) {
        M[i] = mean[i] < 0.0 ? 0.0 : mean[i];
        x[i] = 0.0;
    }
    if (count_far(M, lanes) == lanes) {
#pragma omp simd
        for (size_t i = 0; i < lanes; i++) x[i] = poisson_expansion(M[i], u[i]);
    } else {
        poisson_mixed(M, u, x, lanes);
    }
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) x[i] = M[i] + u[i] == M[i] + u[i] ? x[i] : (double)NAN;
}

PASO_CLONES void paso_poisson_lanes(const double *mean, const double *u, double *restrict x,
                                    size_t lanes) {
    for (size_t i = 0; i < lanes; i += BLOCK) {
        size_t some = lanes - i < BLOCK ? lanes - i : BLOCK;
        poisson_block(mean + i, u + i, x + i, some);
    }
}
