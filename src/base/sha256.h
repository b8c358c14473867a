/* SHA-256 (FIPS 180-4): names a corridor by what its files say.
 * Incremental: init, add as often as needed, finish once. */
#ifndef PASO_BASE_SHA256_H
#define PASO_BASE_SHA256_H

#include "base/status.h"

enum { PASO_SHA256_HEX = 65 }; /* 64 hexadecimal digits and the final zero */

typedef struct paso_sha256 {
    uint32_t state[8];
    uint64_t n_bytes;
    unsigned char block[64];
} paso_sha256;

void paso_sha256_init(paso_sha256 *hash);
void paso_sha256_add(paso_sha256 *hash, const void *bytes, size_t n);
void paso_sha256_finish(paso_sha256 *hash, char hex[PASO_SHA256_HEX]);

#endif
