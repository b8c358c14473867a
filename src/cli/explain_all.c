/* paso explain --all: everything that a corridor contains: sets, stages with their exits and
 * capacities, levers, policies by date, observables. */
#include "cli/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 20 };

static const char *label(const paso_item *item) {
    return item->en ? item->en : "";
}

static void print_head(const cli_explainer *e, const char *title) {
    bool colour = cli_colours(e->c);
    printf("\n%s%s%s\n", colour ? "\033[1m" : "", title, colour ? "\033[0m" : "");
}

/* "queue[origin, kind]" */
static void write_name(const cli_explainer *e, const char *name, paso_shape shape, char text[160]) {
    size_t n = (size_t)snprintf(text, 160, "%s", name);
    for (int i = 0; i < shape.n && n < 160; i++) {
        n += (size_t)snprintf(text + n, 160 - n, "%s%s", i ? ", " : "[",
                              e->m->set[shape.set[i]].item.name);
    }
    if (shape.n > 0 && n < 160) snprintf(text + n, 160 - n, "]");
}

static void print_name(const cli_explainer *e, const char *name, paso_shape shape, int width) {
    char text[160];
    write_name(e, name, shape, text);
    fputs("  ", stdout);
    cli_pad(stdout, text, -width);
    putchar(' ');
}

/* ---- sections ---- */

static void explain_corridor(const cli_explainer *e) {
    char start[16], now[16], last[16];
    const paso_model *m = e->m;
    paso_date_write(m->clock_start, start);
    paso_date_write(m->clock_now, now);
    paso_date_write(m->clock_end - 1, last);
    printf("%s: %s\n", m->name, m->title_en ? m->title_en : "");
    printf("clock: %s to %s, one day a step; now: %s\n", start, last, now);
    fputs("sets:", stdout);
    for (int i = 0, n = 0; i < m->n_sets; i++) {
        const paso_set *set = &m->set[i];
        if (strcmp(set->item.name, "calendar_month") == 0) continue;
        if (strcmp(set->item.name, "weekday") == 0) continue;
        printf("%s %s (%d)", n++ ? "," : "", set->item.name, set->n_members);
    }
    putchar('\n');
}

static void explain_exit(const cli_explainer *e, const paso_exit *exit) {
    const char *to = exit->to < 0 ? "outside" : e->m->stage[exit->to].item.name;
    const char *rule = "the rest";
    if (!exit->rest) rule = exit->rate->text;
    printf("      %s: %s%s to %s", exit->name,
           exit->rest                       ? ""
           : exit->kind == PASO_EXIT_HAZARD ? "hazard "
                                            : "share ",
           rule ? rule : "", to);
    if (exit->limit) printf(", at most %s", exit->limit->text);
    putchar('\n');
}

static void explain_stage(const cli_explainer *e, const paso_stage *stage) {
    print_name(e, stage->item.name, stage->item.shape, NAME);
    fputs(label(&stage->item), stdout);
    if (stage->junction) fputs(stage->item.en ? "; junction" : "junction", stdout);
    if (stage->steps > 0) printf("; passage %s", stage->mean->text);
    if (stage->steps > 1) printf(" in %d steps", stage->steps);
    if (stage->age_width > 0) printf("; ages of %d days", stage->age_width);
    if (stage->enters) printf("; enters %s", stage->enters->text);
    putchar('\n');
    for (int i = 0; i < stage->n_exits; i++) explain_exit(e, &stage->exit[i]);
}

static double factor_of(const paso_item *item) {
    return item->unit.factor != 0 ? item->unit.factor : 1;
}

/* "440", or "0 to 0.9" over its cells. */
static void print_range(const double *value, int n, double factor) {
    double low = value[0], high = value[0];
    char text[40];
    for (int i = 1; i < n; i++) {
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
    }
    fputs(cli_number(low / factor, text), stdout);
    if (high > low) printf(" to %s", cli_number(high / factor, text));
}

static void explain_lever(const cli_explainer *e, const paso_lever *lever) {
    char low[40], high[40];
    double factor = factor_of(&lever->item);
    print_name(e, lever->item.name, lever->item.shape, NAME + 12);
    print_range(lever->value, paso_shape_cells(e->m, lever->item.shape), factor);
    printf(" %s [%s, %s]; %s; %s\n", lever->item.unit_text ? lever->item.unit_text : "1",
           cli_number(lever->bound[0] / factor, low), cli_number(lever->bound[1] / factor, high),
           lever->who ? lever->who : "nobody named", label(&lever->item));
}

static void write_day(double time, char text[16]) {
    if (isfinite(time)) {
        paso_date_write((int)floor(time), text);
    } else {
        snprintf(text, 16, "%s", time < 0 ? "the start" : "the end");
    }
}

/* Dated settings are many: their span is told here, the dates stand in the file. */
const char *cli_setting_text(const cli_explainer *e, const paso_setting *setting) {
    const paso_lever *lever = &e->m->lever[setting->lever];
    paso_arena *arena = e->c->diags.arena;
    const char *name = lever->item.name, *unit = lever->item.unit_text;
    char number[40], first[16], last[16], cell[256];
    if (setting->n_cells == 1 && lever->item.shape.n > 0) {
        paso_cell_write(e->m, lever->item.shape, setting->cell[0], cell, sizeof cell);
        name = paso_arena_format(arena, "%s[%s]", name, cell);
    }
    if (setting->value && setting->value->kind == PASO_EX_NUMBER) {
        cli_number(setting->value->number / factor_of(&lever->item), number);
        name = paso_arena_format(arena, "%s = %s %s", name, number, unit ? unit : "");
    } else if (setting->value) {
        name = paso_arena_format(arena, "%s = %s", name, setting->value->text);
    } else if (setting->n_dates > 0) {
        write_day(setting->time[0], first);
        write_day(setting->time[setting->n_dates - 1], last);
        name =
            paso_arena_format(arena, "%s %d values, %s to %s", name, setting->n_dates, first, last);
    }
    return name ? name : "";
}

static void explain_policy(const cli_explainer *e, const paso_policy *policy) {
    enum { FEW = 6 };
    char from[16], until[16];
    write_day(policy->from, from);
    write_day(policy->until, until);
    print_name(e, policy->item.name, (paso_shape){0}, NAME);
    printf("%s; from %s to %s", label(&policy->item), from, until);
    if (policy->base >= 0) printf("; on %s", e->m->policy[policy->base].item.name);
    if (cli_policy_is_political(e, (int)(policy - e->m->policy)))
        fputs("; rests on politics: scenario, not estimate", stdout);
    for (int i = 0; i < policy->n_without; i++) printf("; without %s", policy->without[i]);
    printf("\n      ");
    for (int i = 0; i < policy->n_settings && i < FEW; i++) {
        if (i > 0) printf("; ");
        fputs(cli_setting_text(e, &policy->setting[i]), stdout);
    }
    if (policy->n_settings > FEW) printf("; and %d more", policy->n_settings - FEW);
    putchar('\n');
}

static void explain_observable(const cli_explainer *e, const paso_observable *o) {
    static const char *const takes[] = {"sum", "mean", "last", "chance", "first day"};
    print_name(e, o->item.name, o->item.shape, NAME);
    printf("%s, %s; %s of each %s%s%s; rests on", label(&o->item),
           o->item.unit_text ? o->item.unit_text : "1", takes[o->take], paso_period_name(o->every),
           o->data >= 0 ? "; beside " : "", o->data >= 0 ? e->m->data[o->data].item.name : "");
    for (unsigned i = 0; i < 3; i++) {
        if (o->rests_on & (1U << i)) printf(" %s", paso_layer_name((paso_layer)i));
    }
    putchar('\n');
}

static void explain_layers(const cli_explainer *e) {
    int n[3] = {0}, n_assumed = 0;
    for (int i = 0; i < e->m->n_parameters; i++) {
        const paso_item *item = &e->m->parameter[i].item;
        n[item->layer]++;
        n_assumed += item->source && strcmp(item->source, "assumed") == 0;
    }
    printf("  parameters: %d accounting, %d behaviour, %d politics; %d of them assumed, "
           "without a source\n",
           n[0], n[1], n[2], n_assumed);
}

paso_status cli_explain_all(const cli_explainer *e) {
    const paso_model *m = e->m;
    explain_corridor(e);
    print_head(e, "Stages (count, then its exits)");
    for (int i = 0; i < m->n_stages; i++) explain_stage(e, &m->stage[i]);
    print_head(e, "Levers: default [bounds]; who; what");
    for (int i = 0; i < m->n_levers; i++) explain_lever(e, &m->lever[i]);
    print_head(e, "Policies");
    for (int i = 0; i < m->n_policies; i++) explain_policy(e, &m->policy[i]);
    print_head(e, "Observables");
    for (int i = 0; i < m->n_observables; i++) {
        explain_observable(e, &m->observable[i]);
    }
    print_head(e, "What it rests on");
    explain_layers(e);
    return PASO_OK;
}
