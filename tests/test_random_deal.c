/* Dealing by enumeration: every one of the W possible turns is tried, nothing is sampled. */
#include <stdint.h>
#include <stdlib.h>

#include "check_main.h"
#include "random/random.h"

#define CELLS 6

static const double hands[][CELLS] = {{1, 1, 1, 1, 1, 1}, {0, 3, 0, 7, 0, 0},
                                      {5, 0, 0, 0, 0, 0}, {250, 1, 17, 3, 90, 2},
                                      {0, 0, 0, 0, 0, 1}, {2, 4, 8, 16, 32, 64}};
#define HANDS (sizeof hands / sizeof *hands)

static double total(const double *w) {
    double sum = 0.0;
    for (int i = 0; i < CELLS; i++) sum += w[i];
    return sum;
}

/* All turns t of one hand: sum exact, own bound kept, neighbours of the fair share only, and the
 * mean over the turns exactly K w / W. */
static void try_all(const double *w, double k) {
    double all = total(w), out[CELLS], over_turns[CELLS] = {0};
    for (double t = 0.0; t < all; t += 1.0) {
        ck_assert_int_eq(paso_deal(k, (t + 0.5) / all, w, out, CELLS, 1), 0);
        ck_assert(total(out) == k);
        for (int i = 0; i < CELLS; i++) {
            double fair = k * w[i] / all;
            ck_assert(out[i] >= floor(fair) && out[i] <= ceil(fair));
            ck_assert(k > all || out[i] <= w[i]);
            over_turns[i] += out[i];
        }
    }
    for (int i = 0; i < CELLS; i++) ck_assert(over_turns[i] == k * w[i]);
}

START_TEST(every_turn_of_every_hand) {
    for (size_t h = 0; h < HANDS; h++)
        for (double k = 0.0; k <= total(hands[h]) + 3.0; k += h == 3 ? 11.0 : 1.0)
            try_all(hands[h], k);
}
END_TEST

START_TEST(extreme_uniforms_stay_in_bounds) {
    static const double w[3] = {0x1p40, 3, 0x1p40};
    static const double u[3] = {0x1p-53, 0.5, 1.0 - 0x1p-53};
    for (int i = 0; i < 3; i++) {
        double out[3];
        ck_assert_int_eq(paso_deal(4000001.0, u[i], w, out, 3, 1), 0);
        ck_assert(out[0] + out[1] + out[2] == 4000001.0);
        ck_assert(out[1] <= 1.0);
    }
}
END_TEST

START_TEST(strides_and_aliases) {
    double w[CELLS * 3], apart[CELLS];
    for (int i = 0; i < CELLS * 3; i++) w[i] = i % 3 == 1 ? hands[3][i / 3] : -7.0;
    ck_assert_int_eq(paso_deal(100.0, 0.3, hands[3], apart, CELLS, 1), 0);
    ck_assert_int_eq(paso_deal(100.0, 0.3, w + 1, w + 1, CELLS, 3), 0);
    for (int i = 0; i < CELLS * 3; i++) ck_assert(w[i] == (i % 3 == 1 ? apart[i / 3] : -7.0));
}
END_TEST

START_TEST(more_for_one_moves_others_by_one) {
    double w[CELLS], before[CELLS], after[CELLS];
    for (double u = 0.0005; u < 1.0; u += 0.001) {
        for (int i = 0; i < CELLS; i++) w[i] = hands[3][i];
        ck_assert_int_eq(paso_deal(120.0, u, w, before, CELLS, 1), 0);
        w[0] += 8.0;
        ck_assert_int_eq(paso_deal(120.0, u, w, after, CELLS, 1), 0);
        for (int i = 1; i < CELLS; i++) ck_assert_double_le(fabs(after[i] - before[i]), 1.0);
    }
}
END_TEST

/* Small products are dealt in doubles: the shares of whole numbers, by their definition. */
START_TEST(doubles_deal_as_whole_numbers_do) {
    for (uint32_t round = 0; round < 20000; round++) {
        paso_key key = {.seed = 3, .name = round, .purpose = PASO_DRAW_DEAL};
        double size = paso_exp(16.0 * paso_uniform(&key, 99)), w[7], out[7];
        int64_t total = 0, sum, before = 0;
        for (uint32_t i = 0; i < 7; i++) {
            w[i] = (double)(int64_t)(size * paso_uniform(&key, i));
            total += (int64_t)w[i];
        }
        if (total == 0) continue;
        double u = paso_uniform(&key, 50),
               k = (double)(int64_t)((double)total * paso_uniform(&key, 51));
        if (round % 5 == 0) k = (double)total;
        ck_assert_int_eq(paso_deal(k, u, w, out, 7, 1), 0);
        sum = (int64_t)(u * (double)total);
        for (int i = 0; i < 7; i++) {
            sum += (int64_t)k * (int64_t)w[i];
            ck_assert_double_eq(out[i], (double)(sum / total - before));
            before = sum / total;
        }
    }
}
END_TEST

START_TEST(what_cannot_be_dealt_is_refused) {
    double w[2] = {0x1p33, 0x1p33}, out[2] = {-5.0, -5.0}, none[2] = {0.0, 0.0};
    ck_assert_int_eq(paso_deal(0x1p30, 0.5, w, out, 2, 1), -1);
    ck_assert(out[0] == -5.0 && out[1] == -5.0);
    ck_assert_int_eq(paso_deal(0x1p28, 0.5, w, out, 2, 1), 0);
    ck_assert(out[0] + out[1] == 0x1p28);
    ck_assert_int_eq(paso_deal(1.0, 0.5, none, out, 2, 1), -1);
    ck_assert_int_eq(paso_deal(0.0, 0.5, none, out, 2, 1), 0);
    ck_assert(out[0] == 0.0 && out[1] == 0.0);
    ck_assert_int_eq(paso_deal(0.0, 0.5, NULL, NULL, 0, 1), 0);
    ck_assert_int_eq(paso_deal(-1.0, 0.5, w, out, 2, 1), -1);
    ck_assert_int_eq(paso_deal((double)NAN, 0.5, w, out, 2, 1), -1);
    ck_assert_int_eq(paso_deal(1.0, (double)NAN, w, out, 2, 1), -1);
    ck_assert_int_eq(paso_deal(1.0, 1.0, w, out, 2, 1), -1);
    w[0] = 1.5;
    ck_assert_int_eq(paso_deal(1.0, 0.5, w, out, 2, 1), -1);
    w[0] = -1.0;
    ck_assert_int_eq(paso_deal(1.0, 0.5, w, out, 2, 1), -1);
    w[0] = 0x1p53;
    ck_assert_int_eq(paso_deal(1.0, 0.5, w, out, 2, 1), -1);
}
END_TEST

/* Hands in lanes, with the u and k of each lane beside those of others: as dealt one by one. */
static void try_lanes(const double (*hand)[CELLS], const double *k, const double *u, size_t lanes,
                      size_t stride) {
    static double w[CELLS * 400], out[CELLS * 400], all[200];
    double one[CELLS];
    for (size_t i = 0; i < CELLS * stride; i++) out[i] = -3.0;
    for (size_t l = 0; l < lanes; l++) {
        all[l] = total(hand[l]);
        for (size_t i = 0; i < CELLS; i++) w[i * stride + l] = hand[l][i];
    }
    ck_assert_int_eq(paso_deal_lanes(k, u, w, all, out, CELLS, stride, lanes), 0);
    for (size_t l = 0; l < lanes; l++) {
        int deals = k[l] > 0.0 && k[l] < all[l];
        ck_assert_int_eq(paso_deal(k[l], u[l], hand[l], one, CELLS, 1), 0);
        for (size_t i = 0; i < CELLS; i++)
            ck_assert(out[i * stride + l] == (deals ? one[i] : -3.0));
    }
    for (size_t i = 0; i < CELLS; i++)
        for (size_t l = lanes; l < stride; l++) ck_assert(out[i * stride + l] == -3.0);
}

START_TEST(lanes_are_dealt_as_one_by_one) {
    static double hand[200][CELLS], k[200], u[200];
    const size_t turns = getenv("PASO_LONG") ? 3000 : 300;
    for (size_t lanes = 1; lanes <= 200; lanes += lanes < 9 ? 1 : 47) {
        for (size_t turn = 0; turn < turns; turn++) {
            for (size_t l = 0; l < lanes; l++) {
                const double *from = hands[(l + turn) % HANDS];
                double scale = (l + turn / 7) % 5 == 0 ? 0x1p34 : 1.0, all = total(from);
                for (int i = 0; i < CELLS; i++) hand[l][i] = from[i] * scale + (scale > 1.0);
                k[l] = (double)((l * 5 + turn) % (size_t)(all + 2.0));
                u[l] =
                    turn % 11 == 0 ? 1.0 - 0x1p-53 : ((double)((l + turn * 7) % 97) + 0.5) / 97.0;
            }
            try_lanes((const double(*)[CELLS])hand, k, u, lanes, lanes << turn % 2);
        }
    }
}
END_TEST

START_TEST(lanes_too_large_for_doubles_are_left) {
    double w[2] = {0x1p40, 0x1p40}, k[2] = {0.0, 4096.0}, u[2] = {0.5, 0.5}, out[2] = {7.0, 7.0};
    ck_assert_int_eq(paso_deal_lanes(k, u, w, w, out, 1, 2, 2), -1);
    ck_assert(out[0] == 7.0 && out[1] == 7.0);
    k[1] = 4094.0;
    ck_assert_int_eq(paso_deal_lanes(k, u, w, w, out, 1, 2, 2), 0);
    ck_assert(out[0] == 7.0 && out[1] == 4094.0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("random_deal");
    TCase *tests = tcase_create("deal");
    tcase_add_test(tests, every_turn_of_every_hand);
    tcase_add_test(tests, extreme_uniforms_stay_in_bounds);
    tcase_add_test(tests, strides_and_aliases);
    tcase_add_test(tests, more_for_one_moves_others_by_one);
    tcase_add_test(tests, lanes_are_dealt_as_one_by_one);
    tcase_add_test(tests, lanes_too_large_for_doubles_are_left);
    tcase_add_test(tests, what_cannot_be_dealt_is_refused);
    tcase_add_test(tests, doubles_deal_as_whole_numbers_do);
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
