/* Formulas back as text, for the timeline of policies and for `explain`. */
#ifndef PASO_STORE_FORMULA_H
#define PASO_STORE_FORMULA_H

#include "corridor/model.h"

/* As people write it: "judge_posts + 300 judges". Lives in the arena; NULL without memory. */
const char *paso_formula_write(paso_arena *arena, const paso_model *model, const paso_expr *expr);

#endif
