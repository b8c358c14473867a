/* Groups by state: an open-addressed table over a list that keeps the order of appearance, so that
 * draws come in the same order on every machine. */
#include <stdlib.h>
#include <string.h>

#include "flee/state.h"

static uint32_t hash_of(const flee_group *g) {
    uint64_t state = ((uint64_t)g->route << 40) ^ ((uint64_t)g->place << 24) ^ g->state;
    uint64_t h = state * 0x9e3779b97f4a7c15u ^ paso_bits_of(g->km);
    h = (h ^ h >> 32) * 0xc4ceb9fe1a85ec53u; /* whole km differ in the upper bits only */
    return (uint32_t)(h >> 32);
}

static bool same(const flee_group *a, const flee_group *b) {
    return a->km == b->km && a->place == b->place && a->route == b->route && a->state == b->state;
}

static uint32_t *find_slot(const flee_table *t, const flee_group *group) {
    uint32_t mask = t->n_slots - 1, i = hash_of(group) & mask;
    while (t->slot[i] != 0 && !same(&t->item[t->slot[i] - 1], group)) i = (i + 1) & mask;
    return &t->slot[i];
}

static int grow(flee_table *t) {
    uint32_t cap = t->cap ? 2 * t->cap : 256;
    flee_group *item = realloc(t->item, cap * sizeof *item);
    if (!item) return -1;
    t->item = item;
    uint32_t *slot = calloc(2 * (size_t)cap, sizeof *slot);
    if (!slot) return -1;
    free(t->slot);
    t->slot = slot;
    t->n_slots = 2 * cap;
    t->cap = cap;
    for (uint32_t i = 0; i < t->n; i++) *find_slot(t, &t->item[i]) = i + 1;
    return 0;
}

int paso_flee_table_add(flee_table *t, const flee_group *group) {
    if (t->n == t->cap && grow(t) != 0) return -1;
    uint32_t *slot = find_slot(t, group);
    if (*slot != 0) {
        flee_group *item = &t->item[*slot - 1];
        for (int b = 0; b < FLEE_BINS; b++) item->n.n[b] += group->n.n[b];
        item->far += group->far;
        return (int)*slot - 1;
    }
    t->item[t->n] = *group;
    *slot = ++t->n;
    return (int)t->n - 1;
}

int paso_flee_table_append(flee_table *t, const flee_group *group) {
    if (t->n == t->cap && grow(t) != 0) return -1;
    t->item[t->n++] = *group;
    return 0;
}

void paso_flee_table_empty(flee_table *t) {
    t->n = 0;
    if (t->slot) memset(t->slot, 0, t->n_slots * sizeof *t->slot);
}

void paso_flee_table_free(flee_table *t) {
    free(t->item);
    free(t->slot);
}

void paso_flee_table_swap(flee_table *a, flee_table *b) {
    flee_table old = *a;
    *a = *b;
    *b = old;
    paso_flee_table_empty(b);
}
