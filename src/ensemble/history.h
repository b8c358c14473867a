/* Which policies share their history: those whose levers are set alike on all days before a fork.
 */
#ifndef PASO_ENSEMBLE_HISTORY_H
#define PASO_ENSEMBLE_HISTORY_H

#include "program/program.h"

/* True only if both schedules surely do the same before `day`: same changes, same values. */
bool paso_schedule_same_before(const paso_schedule *a, const paso_schedule *b, int32_t day);

#endif
