/* A lever's values as policies: the run's own policy, and on top of it the value from the first
 * recorded day on, so that all values share one history. */
#include "cli/vary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *cli_vary_number(double value, char text[40]) {
    snprintf(text, 40, "%.10g", value);
    return text;
}

/* The value as a setting, checked like a --set. */
static paso_status read_value(cli_session *s, const cli_vary *vary, double value,
                              paso_override *override) {
    char number[40];
    size_t n_told = s->c->diags.n;
    const char *text =
        paso_arena_format(s->c->diags.arena, "%s=%s", vary->name, cli_vary_number(value, number));
    if (!text) return PASO_ERR_MEMORY;
    paso_status status = paso_model_override(s->model, &s->c->diags, text, override);
    cli_session_print_since(s, n_told);
    if (status == PASO_OK && !override->is_lever) {
        return cli_usage(s->c, NULL, "%s: expected a lever, found a parameter", vary->name);
    }
    return status == PASO_ERR_INPUT ? PASO_ERR_USAGE : status;
}

static bool take_number(const char **at, char end, double *value) {
    char *rest;
    *value = strtod(*at, &rest);
    bool good = rest != *at && isfinite(*value) && (*rest == end || *rest == '\0');
    *at = *rest == '\0' ? rest : rest + 1;
    return good;
}

paso_status cli_vary_parse(cli_session *s, const char *option, const char *text, cli_vary *vary) {
    const char *equals = strchr(text, '='), *at = equals ? equals + 1 : "";
    size_t n = equals ? (size_t)(equals - text) : 0;
    *vary = (cli_vary){.unit = ""};
    bool good = n > 0 && n < sizeof vary->name && take_number(&at, ':', &vary->first) &&
                take_number(&at, ':', &vary->last);
    if (good && *at != '\0') good = take_number(&at, '\0', &vary->step) && vary->step > 0;
    if (!good || *at != '\0' || vary->last <= vary->first) {
        return cli_usage(s->c, "as in slots=20:60:10, from the smaller value to the larger",
                         "--%s: expected lever=a:b:step, found \"%s\"", option, text);
    }
    memcpy(vary->name, text, n);
    paso_override ends[2];
    paso_status status = read_value(s, vary, vary->first, &ends[0]);
    if (status == PASO_OK) status = read_value(s, vary, vary->last, &ends[1]);
    if (status != PASO_OK) return status;
    const char *unit = s->model->lever[ends[0].setting.lever].item.unit_text;
    vary->unit = unit ? unit : "1";
    return PASO_OK;
}

/* The number as a dated one: what was before the first recorded day stays as it was. */
static paso_status date_value(const cli_session *s, paso_override *override) {
    paso_setting *setting = &override->setting;
    double *both = paso_arena_alloc(s->c->diags.arena, 2, sizeof *both);
    if (!both) return PASO_ERR_MEMORY;
    if (!setting->value || setting->value->kind != PASO_EX_NUMBER) return PASO_ERR_USAGE;
    both[0] = s->run.plan.from;
    both[1] = setting->value->number;
    setting->value = NULL;
    setting->n_dates = 1;
    setting->time = &both[0];
    setting->number = &both[1];
    return PASO_OK;
}

/* On top of `base`, which the session no longer lists. */
static paso_status add_value(cli_session *s, const cli_vary *vary, double value,
                             paso_store_stack base) {
    char number[40];
    paso_override *own = paso_arena_alloc(s->c->diags.arena, 1, sizeof *own);
    base.name =
        paso_arena_format(s->c->diags.arena, "%s=%s", vary->name, cli_vary_number(value, number));
    base.own = own;
    if (!own || !base.name) return PASO_ERR_MEMORY;
    paso_status status = read_value(s, vary, value, own);
    if (status == PASO_OK) status = date_value(s, own);
    if (status != PASO_OK) return status;
    return PASO_PUSH(&s->run.policy, base) == 0 ? PASO_OK : PASO_ERR_MEMORY;
}

paso_status cli_vary_set(cli_session *s, const cli_vary *vary, const double *value, size_t n) {
    paso_store_stack base = s->run.stack[0];
    paso_status status = PASO_OK;
    if (!base.own) s->run.history = base.name;
    s->run.policy.n = 0;
    for (size_t i = 0; i < n && status == PASO_OK; i++) {
        status = add_value(s, vary, value[i], base);
    }
    return status == PASO_OK ? cli_session_recompile(s) : status;
}
