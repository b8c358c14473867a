/* Shapes: which sets a value has, and how values over different sets are matched by set name and
 * along maps. Cells are row-major in the order of the shape. */
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"

int paso_set_map(const paso_model *model, int set, int onto) {
    for (int i = 0; i < model->set[set].n_maps; i++) {
        if (model->set[set].maps[i] == onto) return i;
    }
    return -1;
}

bool paso_shape_has(paso_shape shape, int set) {
    for (int i = 0; i < shape.n; i++) {
        if (shape.set[i] == set) return true;
    }
    return false;
}

int paso_shape_reads(const paso_model *model, paso_shape shape, int set) {
    for (int i = 0; i < shape.n; i++) {
        if (shape.set[i] == set) return i;
    }
    for (int i = 0; i < shape.n; i++) {
        if (paso_set_map(model, shape.set[i], set) >= 0) return i;
    }
    return -1;
}

bool paso_shape_covers(const paso_model *model, paso_shape fine, paso_shape coarse) {
    for (int i = 0; i < coarse.n; i++) {
        if (paso_shape_reads(model, fine, coarse.set[i]) < 0) return false;
    }
    return true;
}

bool paso_shape_equal(paso_shape a, paso_shape b) {
    return a.n == b.n && memcmp(a.set, b.set, (size_t)a.n * sizeof *a.set) == 0;
}

bool paso_shape_fits(const paso_model *model, paso_shape shape) {
    double n = 1;
    for (int i = 0; i < shape.n; i++) n *= model->set[shape.set[i]].n_members;
    return n <= PASO_MAX_CELLS;
}

static bool is_finer_than_another(const paso_model *model, const int *set, int n, int i) {
    for (int j = 0; j < n; j++) {
        if (j != i && paso_set_map(model, set[j], set[i]) >= 0) return true;
    }
    return false;
}

static int compare_sets(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

int paso_shape_union(const paso_model *model, paso_shape a, paso_shape b, paso_shape *sum) {
    int all[2 * PASO_MAX_DIMS], n = 0;
    paso_shape result = {0};
    for (int i = 0; i < a.n; i++) all[n++] = a.set[i];
    for (int i = 0; i < b.n; i++) {
        if (!paso_shape_has(a, b.set[i])) all[n++] = b.set[i];
    }
    for (int i = 0; i < n; i++) {
        if (is_finer_than_another(model, all, n, i)) continue;
        if (result.n == PASO_MAX_DIMS) return -1;
        result.set[result.n++] = all[i];
    }
    qsort(result.set, (size_t)result.n, sizeof *result.set, compare_sets);
    *sum = result;
    return 0;
}

const char *paso_shape_write(paso_reader *r, paso_shape shape) {
    const char *text = "";
    if (shape.n == 0) return "no sets";
    for (int i = 0; i < shape.n; i++)
        text = paso_reader_format(r, "%s%s%s", text, i == 0 ? "" : ", ",
                                  r->model->set[shape.set[i]].item.name);
    return paso_reader_format(r, "[%s]", text);
}

int paso_shape_cells(const paso_model *model, paso_shape shape) {
    int n = 1;
    for (int i = 0; i < shape.n; i++) n *= model->set[shape.set[i]].n_members;
    return n;
}

void paso_shape_cell(const paso_model *model, paso_shape shape, int cell, int member[]) {
    for (int i = shape.n - 1; i >= 0; i--) {
        int n = model->set[shape.set[i]].n_members;
        member[i] = cell % n;
        cell /= n;
    }
}

/* The member of `set` that the cell has in dimension `dim`, which is the set or maps onto it. */
static int member_in(const paso_model *model, paso_shape shape, const int *member, int dim,
                     int set) {
    int own = shape.set[dim];
    if (own == set) return member[dim];
    return model->set[own].map[paso_set_map(model, own, set)][member[dim]];
}

bool paso_cell_in(const paso_model *model, paso_shape shape, int cell, int set, int member) {
    int at[PASO_MAX_DIMS];
    int dim = paso_shape_reads(model, shape, set);
    if (dim < 0) return false;
    paso_shape_cell(model, shape, cell, at);
    return member_in(model, shape, at, dim, set) == member;
}

int paso_shape_map(const paso_model *model, paso_shape fine, paso_shape coarse, int *map) {
    int dim[PASO_MAX_DIMS], member[PASO_MAX_DIMS];
    for (int k = 0; k < coarse.n; k++) {
        dim[k] = paso_shape_reads(model, fine, coarse.set[k]);
        if (dim[k] < 0) return -1;
    }
    for (int cell = paso_shape_cells(model, fine) - 1; cell >= 0; cell--) {
        int at = 0;
        paso_shape_cell(model, fine, cell, member);
        for (int k = 0; k < coarse.n; k++) {
            int m = member_in(model, fine, member, dim[k], coarse.set[k]);
            at = at * model->set[coarse.set[k]].n_members + m;
        }
        map[cell] = at;
    }
    return 0;
}

const char *paso_cell_write(const paso_model *model, paso_shape shape, int cell, char *text,
                            size_t size) {
    int member[PASO_MAX_DIMS];
    size_t n = 0;
    if (size == 0) return text;
    text[0] = '\0';
    paso_shape_cell(model, shape, cell, member);
    for (int i = 0; i < shape.n && n < size; i++) {
        const paso_set *set = &model->set[shape.set[i]];
        int k = snprintf(text + n, size - n, "%s%s=%s", i == 0 ? "" : ",", set->item.name,
                         set->member[member[i]]);
        n += k > 0 ? (size_t)k : 0;
    }
    return text;
}
