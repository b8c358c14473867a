/* A JSON Schema of corridor files, for editors: completion of keys, and their first mistakes. */
#ifndef PASO_CORRIDOR_SCHEMA_H
#define PASO_CORRIDOR_SCHEMA_H

#include <stdio.h>

#include "base/status.h"

/* The keys and what is required come from the tables that the reader itself reads by. */
paso_status paso_schema_write(FILE *out);

#endif
