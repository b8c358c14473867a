/* Paso as a library: open a corridor, ask it, run policies, read results, fork a history.
 *
 * Rules that hold everywhere:
 *   - Handles are opaque. `create` and `open` give one, `free` takes it and accepts NULL.
 *   - What can fail returns a paso_status and tells people through a paso_errors, which is never
 *     NULL. Nothing prints, ends the process, catches signals or keeps anything between handles.
 *   - A day is a whole number, day 0 being 1970-01-01. Ends are exclusive: [from, until).
 *   - Numbers are in the units that the corridor wrote; not reported is NAN.
 *   - Arrays are flat, their shapes are in brackets, the last index runs fastest. The caller owns
 *     what it passes; texts that come back belong to the handle unless it says otherwise.
 *   - An index out of range gives NULL, 0 or PASO_ERR_USAGE, never a crash.
 *   - A handle, and what was made from it, belongs to one thread at a time; different handles are
 *     independent. */
#ifndef PASO_PASO_H
#define PASO_PASO_H

#include <paso/corridor.h>
#include <paso/results.h>
#include <paso/run.h>
#include <paso/status.h>

#endif
