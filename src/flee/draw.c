/* Draws of a group are functions of who they are, where and on which day: two runs that differ in a
 * setting share them as far as their groups agree. Keys are hashed with the finishing steps of
 * SplitMix64 (Steele, Lea and Flood 2014), because a run makes millions of draws of one number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

/* People who are cheaper one by one than as a count, for each part but one; and the most of them.
 */
enum { FEW_EACH = 4, FEW = 48 };
#define MANY 16.0 /* variance of a count that the expansion's second order is enough for */
enum { ONE_BY_ONE = 0x40000000 }; /* indices beyond those of places */

void paso_flee_draw_today(flee_state *st) {
    st->today = paso_flee_scramble(paso_flee_mix(paso_flee_scramble(st->seed), st->member) +
                                   (uint64_t)st->day);
}

/* Of many: the expansion of Cornish and Fisher to second order, at most a tenth of a person off up
 * to three standard deviations, and cheaper than paso_binomial, which goes to the third. Its own
 * bend and the rounding would add to the variance; so that much is taken off before. */
static int32_t draw_many(double n, double p, double variance, double u) {
    double z = paso_normal_quantile(u), bend = 1 - 2 * p;
    double x =
        n * p + sqrt(variance - 1.0 / 12 - bend * bend / 18) * z + bend * (z * z - 1) / 6 + 0.5;
    x = x < 0 ? 0 : x > n ? n : x;
    return (int32_t)x;
}

int32_t paso_flee_draw_binomial(flee_draw draw, int32_t n, double p, uint32_t index) {
    if (p >= 1 || n <= 0) return n > 0 ? n : 0;
    if (p <= 0) return 0;
    double u = paso_flee_draw_uniform(draw, index);
    if (n == 1) return p > 0.5 ? u >= 1 - p : u > 1 - p; /* what paso_binomial gives, sooner */
    double variance = n * p * (1 - p);
    return variance >= MANY ? draw_many(n, p, variance, u) : (int32_t)paso_binomial(n, p, u);
}

static int reserve(flee_state *st, size_t n) {
    if (n <= st->cap_split) return 0;
    uint32_t *index = realloc(st->split_index, n * sizeof *index);
    if (index) st->split_index = index;
    int32_t *count = realloc(st->split_count, n * sizeof *count);
    if (count) st->split_count = count;
    if (!index || !count) return -1;
    st->cap_split = n;
    return 0;
}

/* The part of [0, k) on which u falls. Few are counted through: no branch can be guessed. */
static size_t find(const double *up_to, size_t k, double u) {
    double target = u * up_to[k - 1];
    size_t low = 0, high = k - 1;
    if (k <= 16) {
        for (size_t i = 0; i < high; i++) low += up_to[i] <= target;
        return low;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (up_to[middle] > target)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

typedef struct splitter {
    flee_state *st;
    flee_draw draw;
    const double *up_to;
    int n;
} splitter;

static void put(splitter *s, size_t index, int32_t n) {
    s->st->split_index[s->n] = (uint32_t)index;
    s->st->split_count[s->n++] = n;
}

/* n people over [low, high): halves until a single one, so that empty parts cost nothing. */
static void halve(splitter *s, size_t low, size_t high, int32_t n) {
    while (n > 0 && high - low > 1) {
        size_t middle = (low + high) / 2;
        double before = low > 0 ? s->up_to[low - 1] : 0;
        double all = s->up_to[high - 1] - before, left = s->up_to[middle - 1] - before;
        int32_t x = all > 0 ? paso_flee_draw_binomial(s->draw, n, left / all, (uint32_t)middle) : 0;
        halve(s, low, middle, x);
        n -= x;
        low = middle;
    }
    if (n > 0) put(s, low, n);
}

static void one_by_one(splitter *s, size_t k, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        size_t index = find(s->up_to, k, paso_flee_draw_uniform(s->draw, ONE_BY_ONE + (uint32_t)i));
        int at = 0;
        while (at < s->n && s->st->split_index[at] != index) at++;
        if (at < s->n)
            s->st->split_count[at]++;
        else
            put(s, index, 1);
    }
}

int paso_flee_draw_split(flee_state *st, flee_draw draw, const double *up_to, size_t k, int32_t n) {
    splitter s = {.st = st, .draw = draw, .up_to = up_to};
    if (n <= 0 || k == 0) return 0;
    if (reserve(st, k > FEW ? k : FEW) != 0) return -1;
    if (k == 1)
        put(&s, 0, n);
    else if (n <= FEW && (size_t)n <= FEW_EACH * (k - 1))
        one_by_one(&s, k, n);
    else
        halve(&s, 0, k, n);
    return s.n;
}

/* Each step gives in its proportion, by systematic rounding: what is drawn is how many go where,
 * not who of them travelled more. The running sums are exact (see FLEE_MOST_PEOPLE), so that no
 * step gives more than it has. */
flee_steps paso_flee_draw_deal(flee_steps *from, int32_t all, int32_t n, double u) {
    flee_steps out = {{0}};
    double up_to[FLEE_BINS];
    int32_t sum = 0, given = 0;
    if (n >= all) {
        out = *from;
        memset(from, 0, sizeof *from);
        return out;
    }
    int32_t start = (int32_t)(u * all); /* below 2^53, so never rounded up to all */
    for (int b = 0; b < FLEE_BINS; b++) {
        sum += from->n[b];
        up_to[b] = start + (double)n * sum;
    }
    for (int b = 0; b < FLEE_BINS; b++) {
        int32_t whole = (int32_t)(up_to[b] / all);
        out.n[b] = whole - given;
        given = whole;
    }
    for (int b = 0; b < FLEE_BINS; b++) from->n[b] -= out.n[b];
    return out;
}
