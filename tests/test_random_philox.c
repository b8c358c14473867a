/* Words, keys, uniforms and Student's shocks.
 * The two sampled tests have fixed seeds; on another seed each would fail once in a thousand. */
#include <stdlib.h>

#include "check_main.h"
#include "random/random.h"

START_TEST(philox_knows_its_answers) {
    static const uint32_t in[3][6] = {
        {0, 0, 0, 0, 0, 0},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0}};
    static const uint32_t answer[3][4] = {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
                                          {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
                                          {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}};
    for (int i = 0; i < 3; i++) {
        uint32_t out[4];
        paso_philox4x32(in[i], in[i] + 4, out);
        for (int j = 0; j < 4; j++) ck_assert_uint_eq(out[j], answer[i][j]);
    }
}
END_TEST

START_TEST(names_hash_by_fnv) {
    ck_assert_uint_eq(paso_name_hash(""), 0x811c9dc5u);
    ck_assert_uint_eq(paso_name_hash("a"), 0xe40c292cu);
    ck_assert_uint_eq(paso_name_hash("foobar"), 0xbf9cf968u);
}
END_TEST

START_TEST(purposes_keep_their_numbers) {
    ck_assert_int_eq(PASO_DRAW_START, 0);
    ck_assert_int_eq(PASO_DRAW_EXIT, 2);
    ck_assert_int_eq(PASO_DRAW_BINS, 6);
    ck_assert_int_eq(PASO_DRAW_EVENT, 10);
    ck_assert_int_eq(PASO_DRAW_NOISE, 14);
}
END_TEST

static paso_key some_key(void) {
    return (paso_key){UINT64_C(0x0123456789abcdef),
                      paso_name_hash("docket.granted"),
                      70000,
                      1461,
                      3,
                      PASO_DRAW_EXIT};
}

START_TEST(the_counter_is_as_written_down) {
    paso_key key = some_key();
    uint32_t counter[4] = {99, key.name, 2u << 24 | 70000u, 3u << 16 | 1461u};
    uint32_t seed[2] = {0x89abcdef, 0x01234567}, out[4];
    double kth;
    paso_philox4x32(counter, seed, out);
    kth = (double)(((uint64_t)out[1] << 32 | out[0]) >> 12);
    ck_assert(paso_uniform(&key, 99) == (2.0 * kth + 1.0) / 0x1p53);
}
END_TEST

START_TEST(every_field_of_the_key_matters) {
    paso_key keys[8];
    double u[9];
    for (int i = 0; i < 8; i++) keys[i] = some_key();
    keys[1].seed ^= 1;
    keys[2].seed ^= UINT64_C(1) << 32;
    keys[3].name ^= 1;
    keys[4].cell ^= 1;
    keys[5].day ^= 1;
    keys[6].index ^= 1;
    keys[7].purpose = PASO_DRAW_STEP;
    for (int i = 0; i < 8; i++) u[i] = paso_uniform(&keys[i], 5);
    u[8] = paso_uniform(&keys[0], 6);
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < i; j++) ck_assert(u[i] != u[j]);
}
END_TEST

START_TEST(lanes_equal_scalars) {
    static const size_t widths[] = {0, 1, 5, 8, 16, 67};
    paso_key key = some_key();
    uint32_t member[67];
    double u[68];
    for (uint32_t i = 0; i < 67; i++) member[i] = i * 2654435761u;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        u[widths[w]] = -1.0;
        paso_uniform_lanes(&key, member, widths[w], u);
        for (size_t i = 0; i < widths[w]; i++) ck_assert(u[i] == paso_uniform(&key, member[i]));
        ck_assert(u[widths[w]] == -1.0);
    }
}
END_TEST

static int ascending(const void *a, const void *b) {
    double x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Kolmogorov's distance times the root of the sample size; above 1.95 once in a thousand. */
static double kolmogorov(double *sample, size_t n, double (*law)(double)) {
    double most = 0.0;
    qsort(sample, n, sizeof *sample, ascending);
    for (size_t i = 0; i < n; i++) {
        double f = law(sample[i]);
        most = fmax(most, fmax((double)(i + 1) / (double)n - f, f - (double)i / (double)n));
    }
    return most * sqrt((double)n);
}

static double uniform_law(double x) {
    return x;
}

/* Student's law with four degrees of freedom has a short form; here scaled to variance 1. */
static double student_four_law(double x) {
    double t = x * sqrt(2.0), y = t / sqrt(4.0 + t * t);
    return 0.5 + y * (3.0 - y * y) / 4.0;
}

#define SAMPLE 50000

START_TEST(uniforms_are_uniform) {
    double *u = malloc(SAMPLE * sizeof *u), sum = 0.0;
    paso_key key = some_key();
    ck_assert_ptr_nonnull(u);
    for (uint32_t i = 0; i < SAMPLE; i++) {
        key.day = i % 1000;
        u[i] = paso_uniform(&key, i / 1000);
        ck_assert(u[i] > 0.0 && u[i] < 1.0 && 1.0 - (1.0 - u[i]) == u[i]);
        if (i > 0) sum += (u[i] - 0.5) * (u[i - 1] - 0.5) * 12.0;
    }
    ck_assert_double_le(fabs(sum) / sqrt(SAMPLE), 3.3);
    ck_assert_double_le(kolmogorov(u, SAMPLE, uniform_law), 1.95);
    free(u);
}
END_TEST

START_TEST(student_has_its_law) {
    double *x = malloc(SAMPLE * sizeof *x);
    paso_key key = some_key();
    ck_assert_ptr_nonnull(x);
    for (uint32_t i = 0; i < SAMPLE; i++) x[i] = paso_student(&key, i, 4);
    ck_assert_double_le(kolmogorov(x, SAMPLE, student_four_law), 1.95);
    free(x);
}
END_TEST

START_TEST(student_knows_its_bounds) {
    paso_key key = some_key();
    double square = 0.0;
    ck_assert(paso_student(&key, 8, 0) == paso_normal_quantile(paso_uniform(&key, 8)));
    ck_assert(isnan(paso_student(&key, 8, 2)) && isnan(paso_student(&key, 8, 31)));
    ck_assert(isnan(paso_student(&key, 8, -1)));
    for (uint32_t i = 0; i < SAMPLE; i++) square += pow(paso_student(&key, i, 30), 2.0);
    ck_assert_double_le(fabs(square / SAMPLE - 1.0), 0.022);
    ck_assert(paso_student(&key, 8, 3) != paso_student(&key, 8, 30));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_philox");
    TCase *tests = tcase_create("philox");
    tcase_add_test(tests, philox_knows_its_answers);
    tcase_add_test(tests, names_hash_by_fnv);
    tcase_add_test(tests, purposes_keep_their_numbers);
    tcase_add_test(tests, the_counter_is_as_written_down);
    tcase_add_test(tests, every_field_of_the_key_matters);
    tcase_add_test(tests, lanes_equal_scalars);
    tcase_add_test(tests, uniforms_are_uniform);
    tcase_add_test(tests, student_has_its_law);
    tcase_add_test(tests, student_knows_its_bounds);
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
