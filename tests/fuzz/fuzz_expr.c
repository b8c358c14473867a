/* Expressions, and the small readers of text beside them: units, dates, numbers. */
#include "corridor/expr.h"

#include <string.h>

#include "base/calendar.h"
#include "corridor/number.h"
#include "fuzz.h"

static void walk(const paso_expr *expr, int depth) {
    FUZZ_MUST(depth < 10000 && expr->mark.line >= 1 && expr->mark.column >= 1);
    for (int i = 0; i < expr->n_args; i++) walk(expr->arg[i], depth + 1);
    for (int i = 0; i < expr->n_picks; i++) FUZZ_MUST(expr->picks[i] != NULL);
}

static void read_small(const paso_units *units, const char *text) {
    char written[16], unit_text[64];
    double fraction, number;
    int day;
    paso_unit unit;
    const char *bad = NULL;
    if (paso_date_parse(text, &day, &fraction) == 0) {
        FUZZ_MUST(fraction >= 0 && fraction < 1);
        paso_date_write(day, written);
    }
    if (paso_unit_parse(units, text, &unit, &bad) == 0)
        paso_unit_write(units, unit, unit_text, sizeof unit_text);
    else
        FUZZ_MUST(!bad || (bad >= text && bad <= text + strlen(text)));
    if (paso_number_parse(text, &number) == 0) FUZZ_MUST(number - number == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    paso_arena *arena = paso_arena_create();
    const char *text = paso_arena_text_n(arena, (const char *)data, size);
    paso_mark mark = {.file = "a.yml", .line = 1, .column = 1, .length = 1};
    paso_diags diags;
    paso_units units;
    paso_expr *expr;
    paso_diags_init(&diags);
    paso_units_init(&units);
    paso_units_add(&units, "people");
    paso_units_add(&units, "USD");
    paso_status status = paso_expr_parse(arena, &diags, &units, "a", text, mark, &expr);
    FUZZ_MUST((status == PASO_OK) == (expr != NULL));
    FUZZ_MUST(diags.n_errors == (status == PASO_OK ? 0 : 1));
    if (expr) walk(expr, 0);
    read_small(&units, text);
    paso_diags_clear(&diags);
    paso_arena_free(arena);
    return 0;
}
