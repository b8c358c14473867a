/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: libFuzzer calls it
 * (`make fuzz`, clang), or driver.c does (`make test`, any compiler). */
#ifndef PASO_TESTS_FUZZ_H
#define PASO_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert: the targets are built with NDEBUG too. */
#define FUZZ_MUST(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Files in memory: from now on fopen, stat, access, realpath and SQLite see only these (memory.c;
 * the linker puts them in the place of the system's). A name is a plain file name; the bytes stay
 * the caller's. What is written to FUZZ_NOWHERE, or a name that begins so, is lost. */
#define FUZZ_NOWHERE "fuzz-nowhere"
void fuzz_files_clear(void);
size_t fuzz_files_asked(void); /* how often a name was looked for among them */
void fuzz_file_add(const char *name, const uint8_t *data, size_t size);
const uint8_t *fuzz_file_find(const char *name, size_t *size); /* or NULL */

/* A file in memory that is a database open already: to open `name` gives it, to close it leaves it,
 * and its statements stay prepared (database.c). Until fuzz_files_clear. */
struct sqlite3;
void fuzz_database(const char *name, struct sqlite3 *db);

/* The store of FUZZ_STORE with the edits that the input asks for, as the file FUZZ_STORE_NAME. */
#define FUZZ_STORE_NAME "a.db"
void fuzz_edits_begin(const uint8_t *data, size_t size);
void fuzz_edits_end(void);
/* Several files in one input: the first, and each after a line "=== NAME". */
void fuzz_files_split(const char *first, const uint8_t *data, size_t size);

/* Checks a program as the engine needs it and runs three days of it; faults are fine. */
struct paso_program;
struct paso_schedule;
void fuzz_run(const struct paso_program *program, const struct paso_schedule *schedule);

#endif
