/* Broken corridors: each folder of tests/bad has a corridor with mistakes and, in expected.txt, the
 * exact report. PASO_BLESS=1 writes the reports anew, for a change of wording; read them then. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <string.h>

#include "check_main.h"
#include "program/compile.h"

enum { MAX_FOLDERS = 100 };

static char folder[MAX_FOLDERS][64];
static int n_folders;

static int compare(const void *a, const void *b) {
    return strcmp(a, b);
}

static void find_folders(void) {
    DIR *dir = opendir("tests/bad");
    for (struct dirent *e = NULL; dir != NULL && (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.' || n_folders == MAX_FOLDERS) continue;
        snprintf(folder[n_folders++], sizeof folder[0], "%.63s", e->d_name);
    }
    if (dir != NULL) closedir(dir);
    qsort(folder, (size_t)n_folders, sizeof folder[0], compare);
}

/* What only compiling a policy can find. */
static paso_status check_policy(const paso_model *model, int policy, paso_diags *diags) {
    paso_program *program = NULL;
    paso_schedule *schedule = NULL;
    paso_compile_options options = {.diags = diags};
    paso_status status = paso_program_compile(model, &options, &program);
    if (status != PASO_OK) return status;
    ck_assert_int_eq(paso_schedule_compile(model, program, &policy, 1, NULL, 0, &schedule),
                     PASO_OK);
    status = paso_schedule_bounds(model, program, schedule, &policy, 1, diags);
    paso_schedule_free(schedule);
    paso_program_free(program);
    return status;
}

static char *report(const char *name, paso_status *status) {
    char path[128], *text = NULL;
    size_t size = 0;
    paso_diags diags;
    paso_model *model = NULL;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(paso_diags_init(&diags), 0);
    snprintf(path, sizeof path, "tests/bad/%s", name);
    *status = paso_model_read(path, &diags, &model);
    for (int i = 0; *status == PASO_OK && i < model->n_policies; i++)
        *status = check_policy(model, i, &diags);
    paso_diags_print(&diags, out, false);
    fclose(out);
    paso_model_free(model);
    paso_diags_clear(&diags);
    return text;
}

static void bless(const char *path, const char *text) {
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
}

START_TEST(report_is_as_expected) {
    static char expected[64 * 1024];
    char path[128];
    paso_status status;
    const char *name = folder[_i];
    char *found = report(name, &status);
    snprintf(path, sizeof path, "tests/bad/%s/expected.txt", name);
    if (getenv("PASO_BLESS") != NULL) bless(path, found);
    FILE *in = fopen(path, "rb");
    ck_assert_msg(in != NULL, "%s is missing", path);
    expected[fread(expected, 1, sizeof expected - 1, in)] = '\0';
    fclose(in);
    ck_assert_msg(strcmp(found, expected) == 0, "%s: found\n%s", name, found);
    ck_assert_int_eq(status, strcmp(name, "warnings") == 0 ? PASO_OK : PASO_ERR_INPUT);
    free(found);
}
END_TEST

START_TEST(there_are_broken_corridors) {
    ck_assert_int_ge(n_folders, 25);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("bad");
    TCase *tc = tcase_create("bad");
    find_folders();
    tcase_add_test(tc, there_are_broken_corridors);
    tcase_add_loop_test(tc, report_is_as_expected, 0, n_folders);
    suite_add_tcase(suite, tc);
    return paso_check_main(suite);
}
