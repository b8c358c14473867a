/* Draws of a group are functions of who they are, where and on which day: two runs that differ in a
 * setting share them as far as their groups agree. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

enum { FEW = 6 }; /* people who are cheaper one by one than as a count */

uint64_t paso_flee_mix(uint64_t a, uint64_t b) {
    uint64_t h = (a ^ (b + 0x9e3779b97f4a7c15u)) * 0xff51afd7ed558ccdu;
    h ^= h >> 32;
    return h * 0xc4ceb9fe1a85ec53u ^ (h >> 29);
}

flee_draw paso_flee_draw_of(const flee_state *st, paso_purpose purpose, uint64_t who) {
    flee_draw draw = {.member = st->member};
    draw.key = (paso_key){.seed = st->seed,
                          .name = (uint32_t)who,
                          .cell = (uint32_t)(who >> 40),
                          .day = (uint32_t)st->day,
                          .purpose = purpose};
    return draw;
}

double paso_flee_draw_uniform(flee_draw *draw, uint32_t index) {
    draw->key.index = index;
    return paso_uniform(&draw->key, draw->member);
}

double paso_flee_draw_binomial(flee_draw *draw, double n, double p, uint32_t index) {
    if (p >= 1 || n <= 0) return n > 0 ? n : 0;
    if (p <= 0) return 0;
    double u = paso_flee_draw_uniform(draw, index);
    if (n == 1) return p > 0.5 ? u >= 1 - p : u > 1 - p; /* what paso_binomial gives, sooner */
    return paso_binomial(n, p, u);
}

static int reserve(flee_state *st, size_t n) {
    if (n <= st->cap_split) return 0;
    uint32_t *index = realloc(st->split_index, n * sizeof *index);
    if (index) st->split_index = index;
    double *count = realloc(st->split_count, n * sizeof *count);
    if (count) st->split_count = count;
    if (!index || !count) return -1;
    st->cap_split = n;
    return 0;
}

static size_t find(const double *up_to, size_t k, double u) {
    double target = u * up_to[k - 1];
    size_t low = 0, high = k - 1;
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
    flee_draw *draw;
    const double *up_to;
    int n;
} splitter;

static void put(splitter *s, size_t index, double n) {
    s->st->split_index[s->n] = (uint32_t)index;
    s->st->split_count[s->n++] = n;
}

/* n people over [low, high): halves until a single one, so that empty parts cost nothing. */
static void halve(splitter *s, size_t low, size_t high, double n) {
    while (n > 0 && high - low > 1) {
        size_t middle = (low + high) / 2;
        double before = low > 0 ? s->up_to[low - 1] : 0;
        double all = s->up_to[high - 1] - before, left = s->up_to[middle - 1] - before;
        double x = all > 0 ? paso_flee_draw_binomial(s->draw, n, left / all, (uint32_t)middle) : 0;
        halve(s, low, middle, x);
        n -= x;
        low = middle;
    }
    if (n > 0) put(s, low, n);
}

int paso_flee_draw_split(flee_state *st, flee_draw *draw, const double *up_to, size_t k, double n) {
    splitter s = {.st = st, .draw = draw, .up_to = up_to};
    if (n <= 0 || k == 0) return 0;
    if (reserve(st, k > FEW ? k : FEW) != 0) return -1;
    if (k == 1) {
        put(&s, 0, n);
    } else if (n <= FEW) {
        for (uint32_t i = 0; i < n; i++)
            put(&s, find(up_to, k, paso_flee_draw_uniform(draw, 40000 + i)), 1);
    } else {
        halve(&s, 0, k, n);
    }
    return s.n;
}

/* Takes n people out of the counts of `from`, each step of recent travel in its proportion, by
 * systematic rounding: what is drawn is how many go where, not who of them travelled more. */
void paso_flee_draw_deal(double *from, double *out, int bins, double n, double u) {
    double all = 0;
    for (int b = 0; b < bins; b++) all += from[b];
    if (n >= all) {
        for (int b = 0; b < bins; b++) out[b] = from[b], from[b] = 0;
        return;
    }
    /* paso_deal in doubles: below 2^52 the quotient's whole part is exact. */
    double left = floor(u * all);
    for (int b = 0; b < bins; b++) {
        out[b] = 0;
        if (from[b] == 0) continue;
        left += n * from[b];
        out[b] = (double)(int64_t)(left / all);
        left -= out[b] * all;
        from[b] -= out[b];
    }
}
