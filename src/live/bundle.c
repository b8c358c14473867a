/* The two files of the page's engine as bytes: programs with policies, and members' states, in
 * which a row that no member differs in stands once and counts take four bytes. */
#include <stdlib.h>
#include <string.h>

#include "live/live_internal.h"

/* ---- a growing list of bytes, always a multiple of eight long ---- */

typedef struct buffer {
    uint8_t *bytes;
    size_t n, cap;
    bool failed;
} buffer;

static void put(buffer *b, const void *data, size_t size) {
    size_t padded = (size + 7) / 8 * 8, cap = b->cap;
    while (cap - b->n < padded) cap = cap ? cap * 2 : 4096;
    if (cap > b->cap && !b->failed) {
        uint8_t *bytes = realloc(b->bytes, cap);
        if (!bytes) b->failed = true;
        if (bytes) b->bytes = bytes, b->cap = cap;
    }
    if (b->failed) return;
    if (size) memcpy(b->bytes + b->n, data, size);
    memset(b->bytes + b->n + size, 0, padded - size);
    b->n += padded;
}

static void put_words(buffer *b, int32_t first, int32_t second) {
    int32_t words[2] = {first, second};
    put(b, words, sizeof words);
}

static void put_packed(buffer *b, paso_status status, uint8_t *bytes, size_t size) {
    if (status) b->failed = true;
    if (status) return;
    put_words(b, (int32_t)size, 0);
    put(b, bytes, size);
    free(bytes);
}

static void put_head(buffer *b, const char *magic, const char *corridor) {
    char name[PASO_LIVE_NAME] = {0};
    for (size_t i = 0; i < sizeof name && corridor[i] != '\0'; i++) name[i] = corridor[i];
    put(b, magic, 8);
    put(b, name, sizeof name);
}

static paso_status hand_out(buffer *b, uint8_t **bytes, size_t *size) {
    if (b->failed) {
        free(b->bytes);
        return PASO_ERR_MEMORY;
    }
    *bytes = b->bytes, *size = b->n;
    return PASO_OK;
}

paso_status paso_live_pack(const char *corridor, const paso_program *const *program,
                           size_t n_programs, const paso_live_policy *policy, size_t n_policies,
                           uint8_t **bytes, size_t *size) {
    buffer b = {0};
    put_head(&b, PASO_LIVE_MAGIC, corridor);
    put_words(&b, (int32_t)n_programs, (int32_t)n_policies);
    for (size_t i = 0; i < n_programs; i++) {
        uint8_t *one = NULL;
        size_t n = 0;
        /* A program's bytes end in a schedule: that of the first policy that uses it. */
        const paso_live_policy *user = policy;
        while (user->program != (int32_t)i) user++;
        paso_status status = paso_program_pack(program[i], user->schedule, &one, &n);
        put_packed(&b, status, one, n);
    }
    for (size_t i = 0; i < n_policies; i++) {
        uint8_t *one = NULL;
        size_t n = 0;
        put_words(&b, policy[i].program, policy[i].slot);
        paso_status status = paso_schedule_pack(policy[i].schedule, &one, &n);
        put_packed(&b, status, one, n);
    }
    return hand_out(&b, bytes, size);
}

/* ---- states ---- */

static bool same_bits(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool is_word(double x) {
    return x > -2147483648.0 && x < 2147483648.0 && same_bits((double)(int32_t)x, x);
}

static uint8_t kind_of(const paso_state *state, const paso_state_policy *p, size_t row) {
    bool same = true, word = true;
    for (size_t m = 0; m < state->n_members; m++) {
        double x = p->value[m * p->n_values + row];
        same &= same_bits(x, p->value[row]);
        word &= is_word(x);
    }
    return same ? PASO_LIVE_SAME : word ? PASO_LIVE_WORDS : PASO_LIVE_DOUBLES;
}

static void put_row(buffer *b, const paso_state *state, const paso_state_policy *p, size_t row,
                    uint8_t kind) {
    for (size_t m = 0; m < state->n_members; m += 2) {
        double x = p->value[m * p->n_values + row];
        double y = m + 1 < state->n_members ? p->value[(m + 1) * p->n_values + row] : 0;
        if (kind == PASO_LIVE_WORDS)
            put_words(b, (int32_t)x, (int32_t)y);
        else
            put(b, &x, sizeof x);
        if (kind == PASO_LIVE_SAME) return;
        if (kind == PASO_LIVE_DOUBLES && m + 1 < state->n_members) put(b, &y, sizeof y);
    }
}

static void put_slot(buffer *b, const paso_state *state, const paso_state_policy *p) {
    uint8_t *kind = calloc(p->n_values + 1, 1);
    if (!kind) b->failed = true;
    if (!kind) return;
    for (size_t row = 0; row < p->n_values; row++) kind[row] = kind_of(state, p, row);
    put_words(b, (int32_t)p->n_values, 0);
    put(b, kind, p->n_values);
    for (size_t row = 0; row < p->n_values; row++) put_row(b, state, p, row, kind[row]);
    free(kind);
}

paso_status paso_live_pack_state(const char *corridor, const paso_state *state, uint8_t **bytes,
                                 size_t *size) {
    buffer b = {0};
    put_head(&b, PASO_LIVE_STATE_MAGIC, corridor);
    put_words(&b, (int32_t)state->n_policies, (int32_t)state->n_members);
    put_words(&b, state->day, state->known_until);
    put(&b, &state->seed, sizeof state->seed);
    for (size_t i = 0; i < state->n_policies; i++) put_slot(&b, state, &state->policy[i]);
    return hand_out(&b, bytes, size);
}

/* ---- reading ---- */

const uint8_t *paso_live_take(paso_live_bytes *b, size_t size) {
    if (size > b->left || (size + 7) / 8 * 8 > b->left) b->failed = true;
    if (b->failed) return NULL;
    const uint8_t *at = b->at;
    b->at += (size + 7) / 8 * 8;
    b->left -= (size + 7) / 8 * 8;
    return at;
}

void paso_live_words(paso_live_bytes *b, int32_t *first, int32_t *second) {
    const uint8_t *at = paso_live_take(b, 8);
    *first = *second = 0;
    if (!at) return;
    memcpy(first, at, 4);
    memcpy(second, at + 4, 4);
    b->failed |= *first < -1;
}

static void take_row(paso_live_bytes *b, const paso_state *s, paso_state_policy *p, size_t row,
                     uint8_t kind) {
    size_t n = kind == PASO_LIVE_SAME ? 1 : s->n_members;
    size_t each = kind == PASO_LIVE_WORDS ? sizeof(int32_t) : sizeof(double);
    const uint8_t *at = kind > PASO_LIVE_WORDS ? NULL : paso_live_take(b, n * each);
    if (!at) b->failed = true;
    for (size_t m = 0; at && m < s->n_members; m++) {
        double *x = &p->value[m * p->n_values + row];
        int32_t word;
        if (kind == PASO_LIVE_WORDS) {
            memcpy(&word, at + m * each, each);
            *x = word;
        } else {
            memcpy(x, at + (n == 1 ? 0 : m) * each, each);
        }
    }
}

paso_status paso_live_take_slot(paso_live_bytes *b, const paso_state *s, paso_state_policy *p) {
    int32_t n, zero;
    paso_live_words(b, &n, &zero);
    const uint8_t *kind = n < 0 ? NULL : paso_live_take(b, (size_t)n);
    if (!kind || (size_t)n > SIZE_MAX / 8 / (s->n_members + 1)) return PASO_ERR_INPUT;
    p->n_values = (size_t)n;
    p->value = calloc(p->n_values * s->n_members + 1, sizeof *p->value);
    if (!p->value) return PASO_ERR_MEMORY;
    for (size_t row = 0; row < p->n_values && !b->failed; row++) take_row(b, s, p, row, kind[row]);
    return b->failed ? PASO_ERR_INPUT : PASO_OK;
}
