/* For functions of others that ask for what they may change and change nothing. */
#ifndef PASO_BASE_UNCONST_H
#define PASO_BASE_UNCONST_H

#include <string.h>

static inline void *paso_unconst(const void *p) {
    void *q;
    memcpy(&q, &p, sizeof q);
    return q;
}

#endif
