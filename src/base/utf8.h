/* UTF-8 by the table of Unicode section 3.9 (no overlong forms, no surrogates).
 * Readers refuse what is not UTF-8; people count columns in characters, not bytes. */
#ifndef PASO_BASE_UTF8_H
#define PASO_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character at text[0..n), or 0 if it is not UTF-8 (or n is 0). */
static inline size_t paso_utf8_step(const char *text, size_t n) {
    const unsigned char *s = (const unsigned char *)text;
    if (n == 0) return 0;
    if (s[0] < 0x80) return 1;
    size_t length = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
                    : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                    : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                   : 0;
    if (length == 0 || n < length) return 0;
    unsigned low = s[0] == 0xE0 ? 0xA0U : s[0] == 0xF0 ? 0x90U : 0x80U;
    unsigned high = s[0] == 0xED ? 0x9FU : s[0] == 0xF4 ? 0x8FU : 0xBFU;
    if (s[1] < low || s[1] > high) return 0;
    for (size_t i = 2; i < length; i++) {
        if (s[i] < 0x80 || s[i] > 0xBF) return 0;
    }
    return length;
}

/* Characters of text[0..n); a byte that is not UTF-8 counts as one. */
static inline size_t paso_utf8_count(const char *text, size_t n) {
    size_t count = 0;
    for (size_t i = 0; i < n; count++) {
        size_t step = paso_utf8_step(text + i, n - i);
        i += step == 0 ? 1 : step;
    }
    return count;
}

/* Offset of the first byte that is not UTF-8, or n. */
static inline size_t paso_utf8_valid(const char *text, size_t n) {
    size_t i = 0;
    while (i < n) {
        size_t step = paso_utf8_step(text + i, n - i);
        if (step == 0) break;
        i += step;
    }
    return i;
}

#endif
