/* What the two files of this part share: the form of the bytes, and reading them. */
#ifndef PASO_LIVE_INTERNAL_H
#define PASO_LIVE_INTERNAL_H

#include "live/live.h"

#define PASO_LIVE_MAGIC "PASOLIV2"
#define PASO_LIVE_STATE_MAGIC "PASOMEM2"
/* After it in both: of which corridor they are, zeros behind. */
enum { PASO_LIVE_NAME = 64 };

/* How a row of a state is written. */
enum { PASO_LIVE_SAME = 0, PASO_LIVE_DOUBLES = 1, PASO_LIVE_WORDS = 2 };

typedef struct paso_live_bytes {
    const uint8_t *at;
    size_t left;
    bool failed;
} paso_live_bytes;

/* The next `size` bytes (and their padding to eight), or NULL. */
const uint8_t *paso_live_take(paso_live_bytes *b, size_t size);
void paso_live_words(paso_live_bytes *b, int32_t *first, int32_t *second);
/* Values of one slot; the state's n_members is known. */
paso_status paso_live_take_slot(paso_live_bytes *b, const paso_state *s, paso_state_policy *p);

#endif
