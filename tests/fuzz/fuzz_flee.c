/* A Flee folder: several files in one input, each after a line "=== NAME", the first of them
 * simsetting.yml. What is read without mistakes runs for four days, without losing anybody. */
#include "flee/flee.h"

#include <string.h>

#include "fuzz.h"

static void run_one(const paso_flee_scenario *scenario) {
    paso_flee_result result;
    char why[200] = "";
    paso_status status = paso_flee_run(scenario, 1, 0, &result, why);
    FUZZ_MUST(status == PASO_OK || (status == PASO_ERR_MODEL && why[0] != '\0'));
    for (size_t t = 0; status == PASO_OK && t < (size_t)result.days; t++) {
        double inside = 0;
        for (size_t i = 0; i < result.n_camps; i++)
            inside += result.in_camp[t * result.n_camps + i];
        FUZZ_MUST(inside <= result.people[t]);
    }
    if (status == PASO_OK) {
        FILE *out = fopen(FUZZ_NOWHERE, "wb");
        FUZZ_MUST(out != NULL);
        paso_flee_write_csv(out, scenario, &result);
        fclose(out);
    }
    paso_flee_result_clear(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_diags diags;
    paso_flee_scenario *scenario;
    paso_flee_source source = {.folder = "f", .days = 4, .fixed = size % 2 == 1};
    paso_diags_init(&diags);
    fuzz_files_clear();
    fuzz_files_split("f/simsetting.yml", data, size);
    paso_status status = paso_flee_read(&source, &diags, &scenario);
    FUZZ_MUST((status == PASO_OK) == (scenario != NULL));
    FUZZ_MUST((status == PASO_OK) == (diags.n_errors == 0));
    if (scenario) run_one(scenario);
    paso_flee_free(scenario);
    paso_diags_clear(&diags);
    fuzz_files_clear();
    return 0;
}
