/* Arena, growing arrays and SHA-256: zeroed and aligned memory, refused overflows, known answers.
 */
#include <stdalign.h>
#include <string.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "check_main.h"

START_TEST(memory_is_zeroed_aligned_and_apart) {
    paso_arena *arena = paso_arena_create();
    unsigned char *last = NULL;
    for (size_t i = 0; i < 3000; i++) {
        size_t n = i * 37 % 500 + (i % 100 == 0 ? 100000 : 0);
        unsigned char *p = paso_arena_alloc(arena, n, 1);
        ck_assert_ptr_nonnull(p);
        ck_assert_ptr_ne(p, last);
        ck_assert_uint_eq((uintptr_t)p % alignof(max_align_t), 0);
        ck_assert(n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0));
        memset(p, 0xFF, n);
        last = p;
    }
    paso_arena_free(arena);
    paso_arena_free(NULL);
}
END_TEST

START_TEST(overflow_gives_no_memory) {
    paso_arena *arena = paso_arena_create();
    ck_assert_ptr_null(paso_arena_alloc(arena, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(paso_arena_alloc(arena, SIZE_MAX, 1));
    ck_assert_ptr_null(paso_arena_text_n(arena, "", SIZE_MAX));
    paso_arena_free(arena);
}
END_TEST

START_TEST(texts_are_copied) {
    paso_arena *arena = paso_arena_create();
    char text[] = "custody";
    char *copy = paso_arena_text(arena, text);
    text[0] = 'X';
    ck_assert_str_eq(copy, "custody");
    ck_assert_str_eq(paso_arena_text_n(arena, "custody", 3), "cus");
    ck_assert_str_eq(paso_arena_format(arena, "%s.%d", "stage", 12), "stage.12");
    paso_arena_free(arena);
}
END_TEST

START_TEST(arrays_grow_and_keep) {
    struct {
        const char **items;
        size_t n, cap;
    } list = {0};
    for (int i = 0; i < 1000; i++) ck_assert_int_eq(PASO_PUSH(&list, i % 2 ? "odd" : "even"), 0);
    ck_assert_uint_eq(list.n, 1000);
    ck_assert_uint_ge(list.cap, 1000);
    for (size_t i = 0; i < 1000; i++) ck_assert_str_eq(list.items[i], i % 2 ? "odd" : "even");
    ck_assert_int_eq(paso_array_reserve((void **)&list.items, &list.cap, 1000, SIZE_MAX, 8), -1);
    ck_assert_int_eq(paso_array_reserve((void **)&list.items, &list.cap, 0, SIZE_MAX / 4, 8), -1);
    free(list.items);
}
END_TEST

static void check_hash(const char *text, size_t times, const char *expected) {
    char hex[PASO_SHA256_HEX];
    paso_sha256 hash;
    paso_sha256_init(&hash);
    for (size_t i = 0; i < times; i++) paso_sha256_add(&hash, text, strlen(text));
    paso_sha256_finish(&hash, hex);
    ck_assert_str_eq(hex, expected);
}

/* The examples of FIPS 180 (one block, two blocks, a million letters) and the empty message. */
START_TEST(sha256_known_answers) {
    check_hash("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_hash("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    check_hash("aaaaaaaaaa", 100000,
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("arena");
    TCase *tests = tcase_create("arena");
    tcase_add_test(tests, memory_is_zeroed_aligned_and_apart);
    tcase_add_test(tests, overflow_gives_no_memory);
    tcase_add_test(tests, texts_are_copied);
    tcase_add_test(tests, arrays_grow_and_keep);
    tcase_add_test(tests, sha256_known_answers);
    suite_add_tcase(suite, tests);
    return paso_check_main(suite);
}
