/* YAML: any bytes are a tree or a mistake with a place, and a tree keeps what it promises. */
#include "corridor/tree.h"

#include <string.h>

#include "fuzz.h"

static void walk(const paso_node *node, int depth) {
    int n = 0;
    FUZZ_MUST(depth <= 33 && node->mark.line >= 1 && node->mark.column >= 1);
    FUZZ_MUST((node->kind == PASO_SCALAR) == (node->text != NULL));
    for (const paso_node *child = node->child; child != NULL; child = child->next, n++) {
        FUZZ_MUST((node->kind == PASO_MAP) == (child->key != NULL));
        if (child->key) FUZZ_MUST(paso_node_get(node, child->key) == child);
        walk(child, depth + 1);
    }
    FUZZ_MUST(n == node->n_children);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_arena *arena = paso_arena_create();
    paso_diags diags;
    paso_node *tree;
    paso_diags_init(&diags);
    paso_status status = paso_tree_parse(arena, &diags, "a.yml", (const char *)data, size, &tree);
    FUZZ_MUST((status == PASO_OK) == (tree != NULL));
    FUZZ_MUST((status == PASO_OK) == (diags.n_errors == 0));
    if (tree) walk(tree, 0);
    paso_diags_clear(&diags);
    paso_arena_free(arena);
    return 0;
}
