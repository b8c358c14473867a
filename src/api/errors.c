/* The public record of mistakes, which is a list of diagnostics, and the few facts that need no
 * handle: version, words for statuses, dates. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

const char *paso_version(void) {
    return PASO_VERSION;
}

const char *paso_status_text(paso_status status) {
    switch (status) {
    case PASO_OK:
        return "ok";
    case PASO_STOPPED:
        return "stopped on request";
    case PASO_ERR_MODEL:
        return "the run failed a check";
    case PASO_ERR_USAGE:
        return "wrong usage";
    case PASO_ERR_INPUT:
        return "bad input";
    case PASO_ERR_IO:
        return "input or output failed";
    case PASO_ERR_MEMORY:
        return "no memory";
    }
    return "unknown status";
}

int paso_day_read(const char *text, int32_t *day) {
    return paso_date_parse(text, day, NULL);
}

void paso_day_write(int32_t day, char text[16]) {
    paso_date_write(day, text);
}

/* ---- the record ---- */

paso_errors *paso_errors_create(void) {
    paso_errors *errors = calloc(1, sizeof *errors);
    if (!errors) return NULL;
    if (paso_diags_init(&errors->diags) == 0) return errors;
    free(errors);
    return NULL;
}

void paso_errors_free(paso_errors *errors) {
    if (!errors) return;
    paso_diags_clear(&errors->diags);
    free(errors->text);
    free(errors);
}

/* The arena goes on growing; what it held is no longer told. */
void paso_errors_clear(paso_errors *errors) {
    paso_diags fresh;
    free(errors->text);
    errors->text = NULL;
    if (paso_diags_init(&fresh) != 0) {
        errors->diags.n = errors->diags.n_errors = errors->diags.n_warnings = 0;
        return;
    }
    paso_diags_clear(&errors->diags);
    errors->diags = fresh;
}

size_t paso_errors_count(const paso_errors *errors) {
    return errors->diags.n;
}

static const char *or_empty(const char *text) {
    return text ? text : "";
}

paso_message paso_errors_get(const paso_errors *errors, size_t i) {
    static const paso_diag none = {.message = ""};
    const paso_diag *d = i < errors->diags.n ? &errors->diags.items[i] : &none;
    return (paso_message){.text = or_empty(d->message),
                          .hint = or_empty(d->hint),
                          .path = or_empty(d->path),
                          .file = or_empty(d->mark.file),
                          .id = or_empty(d->id),
                          .line = d->mark.line,
                          .column = d->mark.column,
                          .warning = d->severity == PASO_WARNING};
}

static const char *print(paso_errors *errors, bool json) {
    size_t size = 0;
    free(errors->text);
    errors->text = NULL;
    FILE *out = open_memstream(&errors->text, &size);
    if (!out) return NULL;
    paso_diags_print(&errors->diags, out, json);
    if (fclose(out) == 0) return errors->text;
    free(errors->text);
    errors->text = NULL;
    return NULL;
}

const char *paso_errors_text(paso_errors *errors) {
    return print(errors, false);
}

const char *paso_errors_json(paso_errors *errors) {
    return print(errors, true);
}

/* ---- for the other files ---- */

void paso_api_errors_move(paso_errors *to, paso_errors *from) {
    for (size_t i = 0; i < from->diags.n; i++) {
        const paso_diag *d = &from->diags.items[i];
        if (d->severity == PASO_ERROR) {
            paso_error(&to->diags, d->id, d->mark, d->path, d->hint, "%s", d->message);
        } else {
            paso_warn(&to->diags, d->id, d->mark, d->path, d->hint, "%s", d->message);
        }
    }
    if (from->diags.n > 0) paso_errors_clear(from);
}
