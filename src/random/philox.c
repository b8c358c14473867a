/* Keys to words and words to uniforms: Philox 4x32-10 and the draws made straight from it.
 * J. K. Salmon and others, Parallel random numbers: as easy as 1, 2, 3, SC11, 2011; names by
 * FNV-1a (Fowler, Noll, Vo). */
#include "random.h"

#include "clones.h"

#define STUDENT_BLOCK 64 /* lanes worked on at once */

uint32_t paso_name_hash(const char *dotted) {
    uint32_t hash = 2166136261u;
    for (; *dotted != '\0'; dotted++) hash = (hash ^ (unsigned char)*dotted) * 16777619u;
    return hash;
}

/* Four separate words, because gcc gives up on vectors when they are an array in the loop. */
PASO_INLINE void round_once(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d, uint32_t key_a,
                            uint32_t key_b) {
    uint64_t from_a = (uint64_t)0xd2511f53u * *a, from_c = (uint64_t)0xcd9e8d57u * *c;
    *a = (uint32_t)(from_c >> 32) ^ *b ^ key_a;
    *b = (uint32_t)from_c;
    *c = (uint32_t)(from_a >> 32) ^ *d ^ key_b;
    *d = (uint32_t)from_a;
}

#define ROUND(i) round_once(a, b, c, d, key_a + (i)*0x9e3779b9u, key_b + (i)*0xbb67ae85u)

PASO_INLINE void ten_rounds(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d, uint32_t key_a,
                            uint32_t key_b) {
    ROUND(0u);
    ROUND(1u);
    ROUND(2u);
    ROUND(3u);
    ROUND(4u);
    ROUND(5u);
    ROUND(6u);
    ROUND(7u);
    ROUND(8u);
    ROUND(9u);
}

void paso_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3];
    ten_rounds(&a, &b, &c, &d, key[0], key[1]);
    out[0] = a;
    out[1] = b;
    out[2] = c;
    out[3] = d;
}

PASO_INLINE uint32_t what_and_where(const paso_key *key) {
    return ((uint32_t)key->purpose << 24) | (key->cell & 0xffffffu);
}

PASO_INLINE uint32_t which_and_when(const paso_key *key) {
    return (key->index << 16) | (key->day & 0xffffu);
}

/* The top 52 bits of the word low | high << 32 under the exponent of 1, then moved to the middle of
 * their interval. */
PASO_INLINE double uniform_of(uint32_t low, uint32_t high) {
    uint64_t word = (uint64_t)high << 32 | low;
    return (paso_from_bits(0x3ff0000000000000u | (word >> 12)) - 1.0) + 0x1p-53;
}

PASO_INLINE double draw(const uint32_t tail[3], uint32_t seed_low, uint32_t seed_high,
                        uint32_t member) {
    uint32_t a = member, b = tail[0], c = tail[1], d = tail[2];
    ten_rounds(&a, &b, &c, &d, seed_low, seed_high);
    return uniform_of(a, b);
}

double paso_uniform(const paso_key *key, uint32_t member) {
    uint32_t tail[3] = {key->name, what_and_where(key), which_and_when(key)};
    return draw(tail, (uint32_t)key->seed, (uint32_t)(key->seed >> 32), member);
}

#ifdef __wasm_simd128__
#include <wasm_simd128.h>

/* Four members at once by hand: the compiler multiplies 64 bits by 64, which processors have to put
 * together from three products, where one of 32 by 32 is all that a round needs. */
typedef struct four {
    v128_t a, b, c, d;
} four;

/* By name: the compiler's own intrinsic becomes the long product again where the factor is known.
 */
#define PRODUCT(half, x, factor, result)                                                           \
    __asm__("local.get %1\n\tlocal.get %2\n\ti64x2.extmul_" half "_i32x4_u\n\tlocal.set %0"        \
            : "=r"(result)                                                                         \
            : "r"(x), "r"(factor))

PASO_INLINE void multiply(v128_t x, uint32_t by, v128_t *low, v128_t *high) {
    v128_t factor = wasm_u32x4_splat(by), first, second;
    PRODUCT("low", x, factor, first);
    PRODUCT("high", x, factor, second);
    *low = wasm_i32x4_shuffle(first, second, 0, 2, 4, 6);
    *high = wasm_i32x4_shuffle(first, second, 1, 3, 5, 7);
}

PASO_INLINE void round_of_four(four *x, uint32_t key_a, uint32_t key_b) {
    v128_t low_a, high_a, low_c, high_c;
    multiply(x->a, 0xd2511f53u, &low_a, &high_a);
    multiply(x->c, 0xcd9e8d57u, &low_c, &high_c);
    x->a = wasm_v128_xor(wasm_v128_xor(high_c, x->b), wasm_u32x4_splat(key_a));
    x->b = low_c;
    x->c = wasm_v128_xor(wasm_v128_xor(high_a, x->d), wasm_u32x4_splat(key_b));
    x->d = low_a;
}

PASO_INLINE four four_rounds(four x, uint32_t key_a, uint32_t key_b) {
#pragma clang loop unroll(full)
    for (uint32_t i = 0; i < 10; i++)
        round_of_four(&x, key_a + i * 0x9e3779b9u, key_b + i * 0xbb67ae85u);
    return x;
}

/* uniform_of, of two words. */
PASO_INLINE v128_t two_uniforms(v128_t word) {
    v128_t x = wasm_v128_or(wasm_u64x2_shr(word, 12), wasm_u64x2_splat(0x3ff0000000000000u));
    return wasm_f64x2_add(wasm_f64x2_sub(x, wasm_f64x2_splat(1.0)), wasm_f64x2_splat(0x1p-53));
}

static void four_uniforms(const paso_key *key, const uint32_t member[4], double u[4]) {
    four x = {wasm_v128_load(member), wasm_u32x4_splat(key->name),
              wasm_u32x4_splat(what_and_where(key)), wasm_u32x4_splat(which_and_when(key))};
    x = four_rounds(x, (uint32_t)key->seed, (uint32_t)(key->seed >> 32));
    wasm_v128_store(u, two_uniforms(wasm_i32x4_shuffle(x.a, x.b, 0, 4, 1, 5)));
    wasm_v128_store(u + 2, two_uniforms(wasm_i32x4_shuffle(x.a, x.b, 2, 6, 3, 7)));
}

void paso_uniform_lanes(const paso_key *key, const uint32_t *member, size_t lanes,
                        double *restrict u) {
    size_t whole = lanes / 4 * 4;
    uint32_t rest[4] = {0};
    double of_rest[4];
    for (size_t i = 0; i < whole; i += 4) four_uniforms(key, member + i, u + i);
    if (whole == lanes) return;
    for (size_t i = whole; i < lanes; i++) rest[i - whole] = member[i];
    four_uniforms(key, rest, of_rest);
    for (size_t i = whole; i < lanes; i++) u[i] = of_rest[i - whole];
}
#else
PASO_CLONES void paso_uniform_lanes(const paso_key *key, const uint32_t *member, size_t lanes,
                                    double *restrict u) {
    const uint32_t tail[3] = {key->name, what_and_where(key), which_and_when(key)};
    const uint32_t seed_low = (uint32_t)key->seed, seed_high = (uint32_t)(key->seed >> 32);
#pragma omp simd
    for (size_t i = 0; i < lanes; i++) u[i] = draw(tail, seed_low, seed_high, member[i]);
}
#endif

/* By its definition, z0 / sqrt(sum z_i^2 / df): the law is exact and every piece is smooth in its
 * uniform, which is all that pairs of policies need, as df does not move between them. */
double paso_student(const paso_key *key, uint32_t member, int df) {
    paso_key each = *key;
    double z = paso_normal_quantile(paso_uniform(key, member)), sum = 0.0;
    if (df == 0) return z;
    if (df < 3 || df > 30) return (double)NAN;
    for (int i = 1; i <= df; i++) {
        double part;
        each.index = key->index + (uint32_t)i;
        part = paso_normal_quantile(paso_uniform(&each, member));
        sum += part * part;
    }
    return z / sqrt(sum / df) * sqrt((df - 2.0) / df);
}

/* The same steps as paso_student, all lanes at once. */
PASO_CLONES void paso_student_lanes(const paso_key *key, const uint32_t *member, size_t lanes,
                                    int df, double *restrict x) {
    const double wide = sqrt((df - 2.0) / df);
    const int known = df >= 3 && df <= 30;
    paso_key each = *key;
    paso_uniform_lanes(key, member, lanes, x);
#pragma omp simd
    for (size_t l = 0; l < lanes; l++) x[l] = paso_normal_quantile(x[l]);
    if (df == 0) return;
    for (size_t from = 0; from < lanes; from += STUDENT_BLOCK) {
        size_t n = lanes - from < STUDENT_BLOCK ? lanes - from : STUDENT_BLOCK;
        double sum[STUDENT_BLOCK] = {0}, u[STUDENT_BLOCK];
        for (int i = 1; known && i <= df; i++) {
            each.index = key->index + (uint32_t)i;
            paso_uniform_lanes(&each, member + from, n, u);
#pragma omp simd
            for (size_t l = 0; l < n; l++) {
                double part = paso_normal_quantile(u[l]);
                sum[l] += part * part;
            }
        }
#pragma omp simd
        for (size_t l = 0; l < n; l++)
            x[from + l] = known ? x[from + l] / sqrt(sum[l] / df) * wide : (double)NAN;
    }
}
