/* Numbers as people write them in corridor files: 12, -0.5, 1.5e6.
 * The C library reads the value; the shape is checked first, because it would also take "0x10",
 * "nan" and "1e". */
#include "corridor/number.h"

#include <math.h>
#include <stdlib.h>

static const char *skip_digits(const char *text) {
    while (*text >= '0' && *text <= '9') text++;
    return text;
}

static bool has_shape(const char *text) {
    const char *at = text + (*text == '-');
    const char *end = skip_digits(at);
    if (end == at) return false;
    if (*end == '.') {
        at = end + 1;
        end = skip_digits(at);
        if (end == at) return false;
    }
    if (*end == 'e' || *end == 'E') {
        at = end + 1;
        if (*at == '+' || *at == '-') at++;
        end = skip_digits(at);
        if (end == at) return false;
    }
    return *end == '\0';
}

int paso_number_parse(const char *text, double *value) {
    char *end;
    if (!has_shape(text)) return -1;
    double number = strtod(text, &end);
    if (*end != '\0' || !isfinite(number)) return -1;
    *value = number;
    return 0;
}
