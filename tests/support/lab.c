#include "lab.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random/random.h"

static const char head[] = "corridor: test\n"
                           "title: {en: Test, es: Prueba}\n"
                           "clock: {start: 2024-03-01, now: 2024-03-01, end: 2025-03-01}\n"
                           "units: [people, cars]\n"
                           "layer: accounting\n"
                           "sets:\n"
                           "  kind: [adult, family]\n"
                           "  town: [north, south]\n";

static void must(const lab *t, bool good, const char *what) {
    if (good) return;
    paso_diags_print(&t->diags, stderr, false);
    ck_abort_msg("%s", what);
}

static lab *lab_start(const char *path, const char *without) {
    lab *made = calloc(1, sizeof *made);
    uint32_t member[LAB_LANES] = {0, 1, 2, 3};
    paso_compile_options options = {.without = &without, .n_without = without ? 1 : 0};
    ck_assert_ptr_nonnull(made);
    paso_diags_init(&made->diags);
    must(made, paso_model_read(path, &made->diags, &made->model) == PASO_OK, "corridor not read");
    must(made, paso_program_compile(made->model, &options, &made->program) == PASO_OK, "compile");
    int policy = paso_policy_find(made->model, "as-happened");
    must(made,
         paso_schedule_compile(made->model, made->program, &policy, policy < 0 ? 0 : 1, NULL, 0,
                               &made->schedule) == PASO_OK,
         "schedule");
    char message[128];
    must(made,
         paso_program_check(made->program, made->schedule, message, sizeof message) == PASO_OK,
         "the compiler made a broken program");
    made->engine = paso_engine_create(made->program, made->schedule, LAB_LANES);
    paso_engine_start(made->engine, 1, member, made->program->start, INT32_MAX);
    return made;
}

lab *lab_open(const char *path) {
    return lab_start(path, NULL);
}

lab *lab_without(const char *body, const char *without) {
    char folder[] = "/tmp/paso-lab-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/corridor.yml", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(head, file);
    fputs(body, file);
    fclose(file);
    lab *made = lab_start(path, without);
    unlink(path);
    rmdir(folder);
    return made;
}

lab *lab_text(const char *body) {
    return lab_without(body, NULL);
}

void lab_close(lab *t) {
    paso_engine_free(t->engine);
    paso_schedule_free(t->schedule);
    paso_program_free(t->program);
    paso_model_free(t->model);
    paso_diags_clear(&t->diags);
    free(t);
}

paso_status lab_try_day(lab *t) {
    return paso_engine_day(t->engine);
}

void lab_days(lab *t, int n) {
    for (int i = 0; i < n; i++)
        if (lab_try_day(t) != PASO_OK) {
            const paso_fault *fault = paso_engine_fault(t->engine);
            ck_abort_msg("%s %s", paso_program_name(t->program, fault->name),
                         paso_fault_text(fault->kind));
        }
}

const double *lab_lanes(lab *t, const char *observable, int cell) {
    int o = paso_observable_find(t->model, observable);
    ck_assert_msg(o >= 0, "no observable %s", observable);
    return paso_engine_observe(t->engine, (size_t)o) + (size_t)cell * LAB_LANES;
}

double lab_value(lab *t, const char *observable, int cell) {
    return lab_lanes(t, observable, cell)[0];
}

double lab_uniform(const char *name, int purpose, int cell, int index, int day, unsigned member) {
    paso_key key = {.seed = 1,
                    .name = paso_name_hash(name),
                    .purpose = (paso_purpose)purpose,
                    .cell = (uint32_t)cell,
                    .index = (uint32_t)index,
                    .day = (uint32_t)day};
    return paso_uniform(&key, member);
}
