/* YAML as a tree with a mark on every key and value. Every scalar is text. This and table.h are the
 * only headers that know files. Anchors, aliases, tags, merge keys, duplicate keys, depth over 32
 * and files over 16 MiB are errors. */
#ifndef PASO_CORRIDOR_TREE_H
#define PASO_CORRIDOR_TREE_H

#include "base/diag.h"

typedef enum paso_node_kind { PASO_SCALAR, PASO_MAP, PASO_LIST } paso_node_kind;

typedef struct paso_node paso_node;
struct paso_node {
    paso_node_kind kind;
    const char *key;    /* in a map: the key; else NULL */
    const char *text;   /* scalar: its text, "" for an empty one; else NULL */
    bool quoted;        /* scalar written with quotes or as a block */
    paso_mark key_mark; /* of the key; of the value where there is no key */
    paso_mark mark;     /* of the value */
    paso_node *child;   /* first of a map's or list's values, in file order */
    paso_node *next;
    int n_children;
};

/* Marks stand on the text itself: after an opening quote, on the first line of a block. A value
 * left out is an empty text at its key's place. Blocks (`|` and `>` alike) keep their line ends, so
 * that places inside them are exact; blank lines around them are dropped. An empty file is an empty
 * map.
 *
 * Reads one file. *tree lives in `arena`, NULL on any error. PASO_ERR_IO when it cannot be opened.
 * loose, for files of other programs: tabs in comments and repeated keys, of which all are kept.
 * Inside `{...}` a text cut at a comma is recognised ("looks like an expression cut at a comma: put
 * quotes around it"). */
paso_status paso_tree_read(paso_arena *arena, paso_diags *diags, const char *file, bool loose,
                           paso_node **tree);
paso_status paso_tree_parse(paso_arena *arena, paso_diags *diags, const char *name,
                            const char *text, size_t length, paso_node **tree);
paso_node *paso_node_get(const paso_node *map, const char *key); /* NULL if absent or not a map */

#endif
