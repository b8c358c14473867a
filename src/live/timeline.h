/* For programs that run a page's timelines beside each other: what begin, step and plan made. */
#ifndef PASO_LIVE_TIMELINE_H
#define PASO_LIVE_TIMELINE_H

#include "live/live.h"

typedef struct paso_timeline {
    const paso_program *program; /* the live's; timelines of one program have the same pointer */
    paso_schedule *schedule;     /* the caller's */
} paso_timeline;

/* PASO_ERR_USAGE before paso_live_plan; the plan is gone after. */
paso_status paso_live_timeline(paso_live *live, paso_timeline *timeline);

#endif
