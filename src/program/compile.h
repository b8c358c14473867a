/* From the checked model to the compiled program, and from policies to lever schedules. */
#ifndef PASO_PROGRAM_COMPILE_H
#define PASO_PROGRAM_COMPILE_H

#include "corridor/model.h"
#include "program/program.h"

typedef struct paso_compile_options {
    const char **without; /* layers, signals, events; "shock" stills every shock, "parameters" and
                             "politics-parameters" hold those at their medians */
    int n_without;
    const paso_override *override; /* of parameters; levers among them are left to the schedule */
    int n_overrides;
    paso_diags *diags; /* where too many rows are told; NULL: nowhere */
} paso_compile_options;

/* `options` may be NULL. The program is owned by the caller. PASO_ERR_INPUT: more than
 * PASO_MAX_ROWS rows. */
paso_status paso_program_compile(const paso_model *model, const paso_compile_options *options,
                                 paso_program **program);
/* Schedule of a stack of policies (each with its base chain, lowest first) and lever overrides.
 * Only for a program compiled from the same model. PASO_ERR_INPUT: too many rows. */
paso_status paso_schedule_compile(const paso_model *model, const paso_program *program,
                                  const int *policy, int n_policies, const paso_override *override,
                                  int n_overrides, paso_schedule **schedule);
/* The first day on which a formula of a policy of the stack (or a --set on top) takes a lever out
 * of its bounds, at the medians of the parameters: told in `diags`, PASO_ERR_INPUT,
 * or PASO_ERR_USAGE for a --set. */
paso_status paso_schedule_bounds(const paso_model *model, const paso_program *program,
                                 const paso_schedule *schedule, const int *policy, int n_policies,
                                 paso_diags *diags);

/* observable [program's]: whether it rests on politics under the policy of `schedule`, before
 * `until`. It does if the policy moves a lever of layer politics from its default, and the lever
 * reaches the observable in the compiled program; or if the observable reads politics that no such
 * lever reaches, which therefore is always on, unless the layer is switched off (`calm`). */
paso_status paso_program_politics(const paso_model *model, const paso_program *program,
                                  const paso_schedule *schedule, int32_t until, bool calm,
                                  bool *observable);

#endif
