/* Every allocation failed in turn: the first, then the second, ... until the work succeeds. Each
 * failure must come back as a status, never as a crash, a leak (seen by the sanitizer) or as a
 * result that looks whole. The linker puts the functions below in the place of the system's
 * (--wrap, see cmake/Tests.cmake): what libpaso asks of malloc and of its own arenas. SQLite and
 * Jansson are given failing allocators of their own. libfyaml has no such door and does not check
 * all of its own: it is left out. Include after defining _XOPEN_SOURCE 700, once in a program. */
#ifndef PASO_TESTS_FAILING_H
#define PASO_TESTS_FAILING_H

#include <jansson.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "check_main.h"

static atomic_long n_asked; /* since the work began */
static long fail_at;        /* the one that fails, from 1; 0: none */
static long step = 1;       /* from one to the next */
static atomic_int n_failed;
static bool is_paused; /* while a test looks at what came back */

/* TRACE=N shows where the Nth stands, with a sanitizer. */
__attribute__((weak)) void __sanitizer_print_stack_trace(void);
static long trace;

static bool refuse(void) {
    if (is_paused) return false;
    if (atomic_fetch_add(&n_asked, 1) + 1 != fail_at) return false;
    atomic_fetch_add(&n_failed, 1);
    if (trace == fail_at && __sanitizer_print_stack_trace) __sanitizer_print_stack_trace();
    return true;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__real_paso_arena_alloc(paso_arena *arena, size_t n, size_t size);
char *__real_paso_arena_text_n(paso_arena *arena, const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
void *__wrap_paso_arena_alloc(paso_arena *arena, size_t n, size_t size);
char *__wrap_paso_arena_text(paso_arena *arena, const char *text);
char *__wrap_paso_arena_text_n(paso_arena *arena, const char *text, size_t n);

void *__wrap_malloc(size_t size) {
    return refuse() ? NULL : __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size) {
    return refuse() ? NULL : __real_calloc(n, size);
}
void *__wrap_realloc(void *old, size_t size) {
    return refuse() ? NULL : __real_realloc(old, size);
}
char *__wrap_strdup(const char *text) {
    return refuse() ? NULL : __real_strdup(text);
}
void *__wrap_paso_arena_alloc(paso_arena *arena, size_t n, size_t size) {
    return __real_paso_arena_alloc(arena, refuse() ? SIZE_MAX : n, size); /* so that it knows */
}
char *__wrap_paso_arena_text(paso_arena *arena, const char *text) {
    return __wrap_paso_arena_text_n(arena, text, strlen(text));
}
char *__wrap_paso_arena_text_n(paso_arena *arena, const char *text, size_t n) {
    return __real_paso_arena_text_n(arena, text, refuse() ? SIZE_MAX : n);
}

/* SQLite asks often, so that only one in `stride` of its requests is counted (all in the long
 * tests); which ones is shifted with the failure asked for. */
static sqlite3_mem_methods plain;
static long stride = 1;
static atomic_long n_sql;

static atomic_bool is_sql; /* the refused one: SQLite may do without it */

static bool is_counted(void) {
    return atomic_fetch_add(&n_sql, 1) % stride == fail_at % stride;
}

static bool refuse_sql(void) {
    bool refused = is_counted() && refuse();
    if (refused) atomic_store(&is_sql, true);
    return refused;
}
static void *sql_malloc(int size) {
    return refuse_sql() ? NULL : plain.xMalloc(size);
}
static void *sql_realloc(void *old, int size) {
    return refuse_sql() ? NULL : plain.xRealloc(old, size);
}

static void *json_malloc(size_t size) {
    return is_counted() && refuse() ? NULL : __real_malloc(size);
}

/* All are failed with PASO_LONG; else one in `stride` of SQLite's and Jansson's requests. */
static void hand_out(void) {
    sqlite3_mem_methods failing;
    trace = getenv("TRACE") ? atol(getenv("TRACE")) : -1;
    stride = getenv("PASO_LONG") ? 1 : 211;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain);
    failing = plain;
    failing.xMalloc = sql_malloc;
    failing.xRealloc = sql_realloc;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &failing), SQLITE_OK);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* its own small memory would hide requests */
    sqlite3_initialize();
    json_set_alloc_funcs(json_malloc, free);
}

/* Runs the work until it asks for less than fail_at; returns how many failures there were. */
static long fail_each(paso_status (*work)(void)) {
    for (fail_at = 1;; fail_at += step) {
        atomic_store(&n_asked, 0);
        atomic_store(&n_sql, 0);
        atomic_store(&n_failed, 0);
        atomic_store(&is_sql, false);
        paso_status status = work();
        is_paused = true;
        if (atomic_load(&n_failed) == 0) {
            ck_assert_int_eq(status, PASO_OK);
            is_paused = false;
            long n = fail_at / step;
            fail_at = 0; /* what comes after may ask for more */
            return n;
        }
        bool spared = status == PASO_OK && atomic_load(&is_sql);
        ck_assert_msg(spared || status == PASO_ERR_MEMORY, "failure %ld is called %d", fail_at,
                      status);
        is_paused = false;
    }
}

/* Each in a case of its own. */
static int run_each(const char *name, const TTest *const *tests, size_t n, void (*setup)(void),
                    void (*teardown)(void)) {
    Suite *suite = suite_create(name);
    for (size_t i = 0; i < n; i++) {
        TCase *tc = tcase_create(tests[i]->name);
        tcase_add_checked_fixture(tc, setup, teardown);
        tcase_add_test(tc, tests[i]);
        suite_add_tcase(suite, tc);
    }
    return paso_check_main(suite);
}

#define EACH(name, least)                                                                          \
    START_TEST(each_##name) {                                                                      \
        long n = fail_each(work_##name);                                                           \
        printf("%s: %ld allocations failed in turn\n", #name, n);                                  \
        ck_assert_int_ge(n, least);                                                                \
    }                                                                                              \
    END_TEST

#endif
