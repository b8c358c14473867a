/* Corridors as text for the tests of the reader and the checker: files are written into a folder of
 * their own, read, and removed. Include after defining _XOPEN_SOURCE 700. */
#ifndef PASO_TESTS_MODEL_TEXT_H
#define PASO_TESTS_MODEL_TEXT_H

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "corridor/model.h"

#define TEXT_HEAD                                                                                  \
    "corridor: test\nclock: {start: 2024-01-01, end: 2024-12-31}\nunits: {people: personas, "      \
    "cars: coches, USD: USD}\n"
#define TEXT_LEVER "who: a, group: b, en: c, es: d"

static char text_folder[64];
static char text_file[16][96];
static int n_text_files;
static paso_diags diags;
static paso_model *model;

static inline void text_setup(void) {
    snprintf(text_folder, sizeof text_folder, "/tmp/paso_test_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(text_folder));
    ck_assert_int_eq(paso_diags_init(&diags), 0);
}

static inline void text_teardown(void) {
    for (int i = 0; i < n_text_files; i++) remove(text_file[i]);
    rmdir(text_folder);
    n_text_files = 0;
    paso_model_free(model);
    model = NULL;
    paso_diags_clear(&diags);
}

static inline void text_write(const char *name, const char *head, const char *text) {
    char *path = text_file[n_text_files++];
    snprintf(path, sizeof text_file[0], "%s/%s", text_folder, name);
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    fputs(head, out);
    fputs(text, out);
    fclose(out);
}

/* Reads what has been written; a corridor without mistakes. */
static inline void text_read(void) {
    paso_status status = paso_model_read(text_folder, &diags, &model);
    if (status != PASO_OK) paso_diags_print(&diags, stderr, false);
    ck_assert_int_eq(status, PASO_OK);
}

static inline void read_text(const char *text) {
    text_write("corridor.yml", TEXT_HEAD, text);
    text_read();
}

static inline void add_test(Suite *suite, const char *name, const TTest *test) {
    TCase *tc = tcase_create(name);
    tcase_add_checked_fixture(tc, text_setup, text_teardown);
    tcase_add_test(tc, test);
    suite_add_tcase(suite, tc);
}

#endif
