/* Strict numbers and quantities: the whole text, finite, no hex, no "1e", no "nan". */
#ifndef PASO_CORRIDOR_NUMBER_H
#define PASO_CORRIDOR_NUMBER_H

#include "base/status.h"

int paso_number_parse(const char *text, double *value); /* 0 or -1 */

#endif
