/* demographics_NAME.csv: what sets people apart. Only what a rule that is on can see is kept:
 * people alike under all rules are one class, and without such rules everybody is. */
#include <dirent.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flee/read.h"

/* One file: values, and their weights for each place (its own column, or Default). */
typedef struct attribute {
    flee_rows rows;
    size_t n; /* values, in rows 1 to n; 0: no such file */
} attribute;

enum { AGE, GENDER, ETHNICITY, RELIGION, N_ATTRIBUTES };
static const char *const files[N_ATTRIBUTES] = {"age", "gender", "ethnicity", "religion"};

static void needs(const flee_settings *set, bool need[N_ATTRIBUTES]) {
    need[AGE] = set->children_avoid_hazards || set->elderly_avoid_hazards;
    need[GENDER] = set->women_avoid_hazards || (set->children_avoid_hazards && set->boys_take_risk);
    need[ETHNICITY] =
        set->match_camp_ethnicity || set->match_town_ethnicity || set->match_conflict_ethnicity;
    need[RELIGION] = set->match_camp_religion;
}

static int column_of(const flee_row *head, const char *name) {
    for (size_t i = 1; i < head->n; i++)
        if (strcmp(paso_flee_cell(head, i), name) == 0) return (int)i;
    return -1;
}

/* demographics_NAME.csv, or if there is none demographics_NAME_ANYTHING.csv: Flee looks at the name
 * up to the next _ alone. */
static const char *find_file(flee_reader *r, const char *what) {
    const char *name = paso_arena_format(r->arena, "demographics_%s.csv", what);
    const char *file = name ? paso_flee_path(r, r->input, name) : NULL;
    if (!file || paso_flee_file_exists(file)) return file;
    const char *found = NULL;
    DIR *folder = opendir(r->input);
    for (struct dirent *e = folder ? readdir(folder) : NULL; e; e = readdir(folder)) {
        size_t n = strlen(name) - strlen(".csv"), all = strlen(e->d_name);
        if (strncmp(e->d_name, name, n) != 0 || e->d_name[n] != '_') continue;
        if (all > 4 && strcmp(e->d_name + all - 4, ".csv") == 0)
            found = paso_flee_path(r, r->input, e->d_name);
    }
    if (folder) closedir(folder);
    return found ? found : file;
}

static void read_weight(flee_reader *r, const flee_rows *rows, size_t row, size_t cell) {
    double weight = 0;
    if (!paso_flee_cell(&rows->row[row], cell)[0]) return; /* blank is 0 */
    const char *name = paso_flee_cell(&rows->row[0], cell);
    if (paso_flee_rows_number(rows, r->diags, row, cell, name, &weight) != 0 || weight >= 0) return;
    paso_error(r->diags, "flee-demographics", paso_flee_rows_mark(rows, row, cell), name, NULL,
               "row %d, column %zu (%s): expected a weight from 0, found %g", rows->row[row].line,
               cell + 1, name, weight);
}

static paso_status read_attribute(flee_reader *r, int which, attribute *a) {
    const char *file = find_file(r, files[which]);
    if (!file) return PASO_ERR_MEMORY;
    if (!paso_flee_file_exists(file))
        return paso_error(r->diags, "flee-demographics", (paso_mark){.file = file}, files[which],
                          "give the file, or switch off the rule in move_rules",
                          "a rule needs people's %s, and there is no such file", files[which]);
    paso_status status = paso_flee_rows_read(r->arena, r->diags, file, &a->rows);
    if (status != PASO_OK) return status;
    if (a->rows.n < 2 || column_of(&a->rows.row[0], "Default") < 0)
        return paso_error(r->diags, "flee-demographics", paso_flee_rows_mark(&a->rows, 0, 0),
                          files[which], NULL,
                          "expected a header %s,Default[,PLACE...] and rows of a value and weights",
                          files[which]);
    for (size_t i = 1; i < a->rows.n; i++) {
        double years;
        if (a->rows.row[i].n == 0) continue;
        for (size_t k = 1; k < a->rows.row[0].n; k++) read_weight(r, &a->rows, i, k);
        if (which == AGE) paso_flee_rows_number(&a->rows, r->diags, i, 0, "age", &years);
    }
    a->n = a->rows.n - 1;
    return paso_diags_status(r->diags);
}

static double weight_of(const attribute *a, size_t value, const char *place) {
    double weight = 0;
    if (a->n == 0) return 1;
    int column = column_of(&a->rows.row[0], place);
    if (column < 0) column = column_of(&a->rows.row[0], "Default");
    (void)paso_flee_cell_number(&a->rows.row[value + 1], (size_t)column, &weight);
    return weight;
}

static const char *value_of(const attribute *a, size_t value) {
    return a->n == 0 ? "" : paso_flee_cell(&a->rows.row[value + 1], 0);
}

/* What the hazard rules make of a score: 0 nothing, 1 its square, 2 one. */
static int hazard_of(const flee_settings *set, double age, const char *gender) {
    if (set->children_avoid_hazards && set->boys_take_risk && strcmp(gender, "male") == 0 &&
        age > 14)
        return 2;
    if (set->children_avoid_hazards && age < 19) return 1;
    if (set->elderly_avoid_hazards && age > 59) return 1;
    return set->women_avoid_hazards && strcmp(gender, "female") == 0 ? 1 : 0;
}

static size_t find_class(paso_flee_scenario *s, flee_class one) {
    for (size_t i = 0; i < s->n_classes; i++) {
        const flee_class *c = &s->class_of[i];
        if (c->hazard == one.hazard && c->ethnicity == one.ethnicity && c->religion == one.religion)
            return i;
    }
    s->class_of[s->n_classes] = one;
    return s->n_classes++;
}

static size_t at_least_one(size_t n) {
    return n > 0 ? n : 1;
}

/* Every combination of values goes to its class; weights of files multiply. */
static void fill(paso_flee_scenario *s, const attribute *a, size_t most) {
    size_t n[N_ATTRIBUTES];
    for (int i = 0; i < N_ATTRIBUTES; i++) n[i] = at_least_one(a[i].n);
    size_t all = n[AGE] * n[GENDER] * n[ETHNICITY] * n[RELIGION];
    for (size_t i = 0; i < all; i++) {
        size_t age = i % n[AGE], gender = i / n[AGE] % n[GENDER];
        size_t ethnicity = i / n[AGE] / n[GENDER] % n[ETHNICITY];
        size_t religion = i / n[AGE] / n[GENDER] / n[ETHNICITY];
        double years = 30; /* where nobody asks */
        (void)paso_flee_number(value_of(&a[AGE], age), &years);
        size_t class =
            find_class(s, (flee_class){hazard_of(&s->set, years, value_of(&a[GENDER], gender)),
                                       a[ETHNICITY].n ? (int)ethnicity : -1,
                                       a[RELIGION].n ? (int)religion : -1});
        for (size_t p = 0; p < s->n_places; p++) {
            const char *name = s->place[p].name;
            s->class_weight[p * most + class] +=
                weight_of(&a[AGE], age, name) * weight_of(&a[GENDER], gender, name) *
                weight_of(&a[ETHNICITY], ethnicity, name) * weight_of(&a[RELIGION], religion, name);
        }
    }
}

/* Rows of `most` become rows of n_classes that add up to 1, or to 0 where nobody can set out. */
static void tighten(paso_flee_scenario *s, size_t most) {
    for (size_t p = 0; p < s->n_places; p++) {
        double sum = 0;
        for (size_t c = 0; c < s->n_classes; c++) sum += s->class_weight[p * most + c];
        for (size_t c = 0; c < s->n_classes; c++)
            s->class_weight[p * s->n_classes + c] =
                s->class_weight[p * most + c] / fmax(sum, DBL_MIN);
    }
}

paso_status paso_flee_read_classes(flee_reader *r) {
    paso_flee_scenario *s = r->s;
    attribute a[N_ATTRIBUTES] = {0};
    bool need[N_ATTRIBUTES];
    needs(&s->set, need);
    for (int i = 0; i < N_ATTRIBUTES; i++) {
        paso_status status = need[i] ? read_attribute(r, i, &a[i]) : PASO_OK;
        if (status != PASO_OK) return status;
    }
    s->n_ethnicities = a[ETHNICITY].n;
    s->n_religions = a[RELIGION].n;
    size_t most = 3 * at_least_one(a[ETHNICITY].n) * at_least_one(a[RELIGION].n);
    if (most > 240)
        return paso_error(r->diags, "flee-demographics", (paso_mark){.file = r->input}, "", NULL,
                          "expected at most 80 pairs of ethnicity and religion, found %zu",
                          most / 3);
    s->class_of = paso_arena_alloc(r->arena, most, sizeof *s->class_of);
    s->class_weight = paso_arena_alloc(r->arena, s->n_places * most + 1, sizeof *s->class_weight);
    if (!s->class_of || !s->class_weight) return PASO_ERR_MEMORY;
    fill(s, a, most);
    tighten(s, most);
    return PASO_OK;
}
