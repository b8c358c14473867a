/* Bits: one checksum over a mixed grid, the same for every compiler, level of optimisation and
 * number of lanes. If it changes, every stored result of every corridor changes with it: do not
 * store a new one without a note in the changelog. */
#include "check_main.h"
#include "test_random_laws.h"

#define DRAWS 40000u
#define STORED_DRAWS UINT64_C(0x2e986e736131cce1)
#define STORED_TURNS UINT64_C(0x7cba151a1d4bcc24)
#define STORED_FUNCTIONS UINT64_C(0x152ca87e161b5e2a)

/* FNV-1a over the eight bytes of a double, lowest first. */
static uint64_t mix(uint64_t sum, double x) {
    uint64_t bits = paso_bits_of(x);
    for (int i = 0; i < 8; i++) sum = (sum ^ (bits >> 8 * i & 0xff)) * UINT64_C(1099511628211);
    return sum;
}

/* Inputs without libm: sizes 0 to 10^7 and shares from 10^-6 to 1, in no order, so that most
 * blocks hold lanes of every way. Every 64 cases one size rules, for blocks of one way only. */
static void fill(double *n, double *p, double *m, double *u) {
    static const double sizes[8] = {0, 1, 7, 60, 1000, 25000, 1e6, 1e7};
    paso_key key = {20240104, paso_name_hash("test.bits"), 11, 365, 0, PASO_DRAW_EXIT};
    for (uint32_t i = 0; i < DRAWS; i++) {
        double fine;
        key.index = 0;
        u[i] = paso_uniform(&key, i);
        key.index = 1;
        fine = paso_uniform(&key, i / 8);
        n[i] = sizes[i / 64 % 3 == 0 ? i / 64 % 8 : (i * 2654435761u) >> 29];
        p[i] = fine * fine * fine;
        if (i % 5 == 0) p[i] = 1.0 - p[i];
        if (i % 7 == 0) p[i] *= 1e-6;
        if (i % 1001 == 0) p[i] = i % 2 ? 0.0 : 1.0;
        m[i] = n[i] * p[i] / (i % 3 ? 1.0 : 1000.0);
    }
}

static uint64_t draw_all(size_t width, size_t ragged) {
    double *n = malloc(5 * DRAWS * sizeof *n), *p, *m, *u, *x;
    uint64_t sum = UINT64_C(14695981039346656037);
    ck_assert_ptr_nonnull(n);
    p = n + DRAWS, m = p + DRAWS, u = m + DRAWS, x = u + DRAWS;
    fill(n, p, m, u);
    for (size_t i = 0, w = width; i < DRAWS; i += w, w = width + i % (ragged + 1)) {
        size_t some = w < DRAWS - i ? w : DRAWS - i;
        paso_binomial_lanes(n + i, p + i, u + i, x + i, some);
    }
    for (size_t i = 0; i < DRAWS; i++) sum = mix(sum, x[i]);
    for (size_t i = 0; i < DRAWS; i += width) {
        size_t some = width < DRAWS - i ? width : DRAWS - i;
        paso_poisson_lanes(m + i, u + i, x + i, some);
    }
    for (size_t i = 0; i < DRAWS; i++) sum = mix(sum, x[i]);
    free(n);
    return sum;
}

static uint64_t draw_singly(void) {
    double *n = malloc(4 * DRAWS * sizeof *n), *p, *m, *u;
    uint64_t sum = UINT64_C(14695981039346656037);
    ck_assert_ptr_nonnull(n);
    p = n + DRAWS, m = p + DRAWS, u = m + DRAWS;
    fill(n, p, m, u);
    for (size_t i = 0; i < DRAWS; i++) sum = mix(sum, paso_binomial(n[i], p[i], u[i]));
    for (size_t i = 0; i < DRAWS; i++) sum = mix(sum, paso_poisson(m[i], u[i]));
    free(n);
    return sum;
}

START_TEST(draws_keep_their_bits) {
    static const size_t widths[] = {1, 5, 8, 16, 64, 1000};
    ck_assert_msg(draw_singly() == STORED_DRAWS, "one by one: 0x%016llx",
                  (unsigned long long)draw_singly());
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        ck_assert_msg(draw_all(widths[i], 0) == STORED_DRAWS, "%zu lanes", widths[i]);
    ck_assert_msg(draw_all(5, 90) == STORED_DRAWS, "ragged lanes");
}
END_TEST

/* Where the count turns shows the last bit of what is behind it; counts alone hide most of that. */
START_TEST(turns_keep_their_bits) {
    static const spec s[] = {{0, 0.3},    {0, 4},     {0, 10},    {0, 12.5},     {0, 300},
                             {10, 0.3},   {60, 0.01}, {20, 0.5},  {25, 0.4},     {1000, 0.011},
                             {1000, 0.7}, {1e4, 0.3}, {1e6, 0.1}, {1e7, 1.1e-6}, {1e7, 0.45}};
    uint64_t sum = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < sizeof s / sizeof *s; i++) {
        double m = spec_mean(s[i]), reach = floor(6.0 * sqrt(m)) + 8.0;
        for (double x = fmax(floor(m) - reach, 0.0); x < m + reach; x += ceil(reach / 20.0))
            sum = mix(sum, paso_up_to(s[i], x, 0.5));
    }
    ck_assert_msg(sum == STORED_TURNS, "0x%016llx", (unsigned long long)sum);
}
END_TEST

START_TEST(functions_keep_their_bits) {
    paso_key key = {7, paso_name_hash("test.bits.functions"), 0, 0, 0, PASO_DRAW_SHOCK};
    uint64_t sum = UINT64_C(14695981039346656037);
    for (uint32_t i = 0; i < DRAWS; i++) {
        double u = paso_uniform(&key, i), x = 1400.0 * u - 700.0, y = paso_exp(x);
        sum = mix(mix(sum, u), y);
        sum = mix(mix(sum, paso_log(y)), paso_log1m(u));
        sum = mix(mix(sum, paso_rise(8.0 * u)), paso_logistic(0.05 * x));
        sum = mix(mix(sum, paso_pow(3.0 * u, 1.7)), paso_normal_quantile(u));
    }
    for (uint32_t i = 0; i < 400; i++) sum = mix(sum, paso_student(&key, i, 3 + (int)(i % 28)));
    ck_assert_msg(sum == STORED_FUNCTIONS, "0x%016llx", (unsigned long long)sum);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_bits");
    TCase *tests = tcase_create("bits");
    tcase_add_test(tests, draws_keep_their_bits);
    tcase_add_test(tests, turns_keep_their_bits);
    tcase_add_test(tests, functions_keep_their_bits);
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
