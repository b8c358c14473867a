/* The data files of the page, made in memory from a checked corridor: what it shows, what its
 * engine runs, and members' states to go on from. Their form: docs/page.md. */
#ifndef PASO_PAGE_PAGE_H
#define PASO_PAGE_PAGE_H

#include "corridor/model.h"
#include "ensemble/ensemble.h"

typedef struct paso_page_options {
    const char *version, *git; /* shown */
    uint64_t seed;
    uint32_t n_members;  /* with saved states; 0: none */
    int32_t from, until; /* what the page runs by default; PASO_PAGE_NO_DAY: the corridor's */
    size_t threads;
    bool (*stop)(void *context); /* true ends a build early with PASO_STOPPED; may be NULL */
    void *context;
} paso_page_options;

enum { PASO_PAGE_NO_DAY = INT32_MIN };
/* Of corridor.json, for a page of another version: one more whenever what the page reads changes,
 * here and in page/src/contract.ts. */
enum { PASO_PAGE_FORMAT = 1 };
/* The page holds its seed as a number of JavaScript: larger ones would be others there. */
static const uint64_t PASO_PAGE_SEED = ((uint64_t)1 << 53) - 1;

typedef struct paso_page {
    char *corridor; /* corridor.json, ended by a zero */
    size_t n_corridor;
    uint8_t *program, *state; /* program.bin, state.bin */
    size_t n_program, n_state;
    char *claims; /* claims.json, ended by a zero; of paso_page_claims alone */
} paso_page;

/* The corridor's now (or start, where nothing follows now), and 18 months from there. */
void paso_page_days(const paso_model *model, int32_t *from, int32_t *until);
/* corridor.json alone: the text is the caller's to free. Compiles every policy, since that too may
 * find a mistake: told in `diags`. */
paso_status paso_page_corridor(paso_model *model, const paso_page_options *options,
                               paso_diags *diags, char **text);
/* All but the claims. Runs the members up to `from`. PASO_ERR_MODEL with `fault` filled when a
 * check failed on the way. Free with paso_page_free, also after an error. */
paso_status paso_page_build(paso_model *model, const paso_page_options *options, paso_diags *diags,
                            paso_page *page, paso_fault *fault);
/* claims.json, the caller's to free: what `paso explain --claims` says of the published figures,
 * from a run of as many members through the days of all of them. */
paso_status paso_page_claims(paso_model *model, const paso_page_options *options, paso_diags *diags,
                             char **text, paso_fault *fault);
void paso_page_free(paso_page *page);

/* ---- the built page inside the library ---- */

typedef struct paso_page_file {
    const char *path; /* "index.html", "data/paso.wasm" */
    const unsigned char *bytes;
    size_t size;
} paso_page_file;

/* Sorted by path; *n files. Without a built page only the module is there. */
const paso_page_file *paso_page_files(size_t *n);

#endif
