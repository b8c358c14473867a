/* Places of a walk to which it can go back: the state at the opening of some days, for the same
 * members under another schedule that is the same until then. */
#ifndef PASO_ENSEMBLE_MARKS_H
#define PASO_ENSEMBLE_MARKS_H

#include "engine/engine.h"

typedef struct paso_marks paso_marks;

/* What is to be kept beside an engine: the sums and the numbers of the periods that run. */
typedef struct paso_marked {
    paso_engine *engine;
    double *sum;
    size_t *period;
} paso_marked;

paso_marks *paso_marks_create(const paso_program *program, size_t lanes, size_t n_sums,
                              size_t n_periods);
void paso_marks_free(paso_marks *marks);
/* Keeps the present day; `schedule` is the one in force. */
paso_status paso_marks_add(paso_marks *marks, const paso_marked *now,
                           const paso_schedule *schedule);
/* Goes back to the latest kept day before which both schedules are the same, and forgets those
 * after it; false where there is none. The engine still has its schedule of before. */
bool paso_marks_back(paso_marks *marks, const paso_schedule *old, const paso_schedule *schedule,
                     paso_marked *now);

#endif
