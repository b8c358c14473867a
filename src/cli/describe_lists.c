/* The last three elements of the ODD protocol (describe_odd.c): how a run begins, what it is given,
 * and every rule of the corridor as it is written there. */
#include <string.h>

#include "cli/describe.h"

static void put_code(const char *text) {
    if (!text) return;
    putchar('`');
    cli_put_cell(text);
    putchar('`');
}

static void put_expr(const char *word, const paso_expr *x) {
    if (!x) return;
    printf("%s ", word);
    put_code(x->text);
}

/* ---- 5 */

static void print_start(const paso_model *m) {
    char first[16];
    paso_date_write(m->clock_start, first);
    printf("\n## 5 Initialization\n\nOn the eve of %s, stages hold (0 if not named) and signals "
           "have:\n\n| of | starts with |\n|---|---|\n",
           first);
    for (int i = 0; i < m->n_stages; i++) {
        if (!m->stage[i].start) continue;
        printf("| `%s` | ", m->stage[i].item.name);
        put_code(m->stage[i].start->text);
        puts(" |");
    }
    for (int i = 0; i < m->n_signals; i++) {
        if (!m->signal[i].start) continue;
        printf("| `%s` | ", m->signal[i].item.name);
        put_code(m->signal[i].start->text);
        puts(" |");
    }
    puts("\nParameters are drawn once for each member, from the ranges of element 7. A run may "
         "also go on from the saved members of another (`--start`).");
}

/* ---- 6 */

static bool reads(const paso_expr *x, int data) {
    if (!x) return false;
    if (x->ref == PASO_REF_DATA && x->index == data) return true;
    for (int i = 0; i < x->n_args; i++)
        if (reads(x->arg[i], data)) return true;
    return false;
}

static bool stage_reads(const paso_stage *s, int data) {
    bool any = reads(s->start, data) || reads(s->enters, data) || reads(s->mean, data);
    for (int i = 0; i < s->n_exits; i++)
        any |= reads(s->exit[i].rate, data) || reads(s->exit[i].limit, data) ||
               reads(s->exit[i].across, data);
    return any;
}

static const char *use_of(const paso_model *m, int data) {
    bool any = false, known = false;
    for (int i = 0; i < m->n_signals; i++) {
        const paso_signal *s = &m->signal[i];
        known |= s->known == data;
        any |= reads(s->is, data) || reads(s->next, data) || reads(s->start, data);
    }
    for (int i = 0; i < m->n_stages; i++) any |= stage_reads(&m->stage[i], data);
    for (int i = 0; i < m->n_events; i++)
        any |= reads(m->event[i].rate, data) || reads(m->event[i].size, data);
    return any ? "drives the model" : known ? "stands for a signal while known" : "compared only";
}

static void print_series(const paso_model *m) {
    puts("\n## 6 Input data\n\nSeries:\n\n| series | what | use | by | every | from | to | unit | "
         "source | file |\n|---|---|---|---|---|---|---|---|---|---|");
    for (int i = 0; i < m->n_data; i++) {
        const paso_data *d = &m->data[i];
        const char *slash = strrchr(d->file, '/');
        char first[16], last[16];
        paso_date_write(d->first_day[0], first);
        paso_date_write(d->first_day[d->n_periods] - 1, last);
        printf("| `%s` | ", d->item.name);
        cli_put_cell(d->item.doc);
        printf(" | %s | ", use_of(m, i));
        for (int k = 0; k < d->item.shape.n; k++)
            printf("%s%s", k ? ", " : "", m->set[d->item.shape.set[k]].item.name);
        printf(" | %s | %s | %s | %s | %s | %s |\n", paso_period_name(d->every), first, last,
               d->item.unit_text, d->item.source, slash ? slash + 1 : d->file);
    }
}

static void print_dates(const paso_model *m) {
    bool any = false;
    puts("\nDated events:\n");
    for (int i = 0; i < m->n_events; i++) {
        const paso_event *e = &m->event[i];
        if (e->n_dates == 0) continue;
        any = true;
        printf("* `%s`:", e->item.name);
        for (int k = 0; k < e->n_dates; k++) {
            char day[16];
            paso_date_write(e->date[k], day);
            printf("%s %s (%.6g)", k ? "," : "", day, e->date_size[k] / e->item.unit.factor);
        }
        puts("");
    }
    if (!any) puts("none.");
    puts(
        "\nPolicies, which set levers by date (`paso explain --all`, and the corridor's files):\n");
    for (int i = 0; i < m->n_policies; i++) {
        const paso_policy *p = &m->policy[i];
        printf("* `%s`: %s; %d settings", p->item.name, p->item.en ? p->item.en : "",
               p->n_settings);
        if (p->base >= 0) printf(" on top of `%s`", m->policy[p->base].item.name);
        puts("");
    }
}

/* ---- 7 */

static void print_signal(const paso_signal *s) {
    printf("| `%s` | ", s->item.name);
    cli_put_cell(s->item.doc ? s->item.doc : s->item.en);
    printf(" | %s | %s | ", s->item.unit_text, paso_layer_name(s->item.layer));
    put_expr("is", s->is);
    put_expr("next", s->next);
    if (s->shock && s->shock_df) printf("; shock Student %d", s->shock_df);
    if (s->shock && !s->shock_df) fputs("; shock normal", stdout);
    if (s->shock_common > 0) printf(", common %.3g", s->shock_common);
    puts(" |");
}

static void print_event(const paso_event *e) {
    static const char *const laws[] = {"", "lognormal ", "exponential "};
    printf("| `%s` | ", e->item.name);
    cli_put_cell(e->item.doc ? e->item.doc : e->item.en);
    printf(" | %s | %s | ", e->item.unit_text, paso_layer_name(e->item.layer));
    put_expr("starts by", e->rate);
    if (e->has_dates) fputs(e->rate ? "; by date" : "by date", stdout);
    if (e->size) printf("; size %s", laws[e->size_law]), put_code(e->size->text);
    if (e->lasts) printf("; lasts %s", laws[e->lasts_law]), put_code(e->lasts->text);
    puts(" |");
}

static void print_exit(const paso_model *m, const paso_exit *x) {
    printf("* `%s`: ", x->dotted);
    if (x->rest) fputs("the rest", stdout);
    put_expr(x->rest ? "" : x->kind == PASO_EXIT_HAZARD ? "hazard" : "share", x->rate);
    put_expr("; at most", x->limit);
    printf("; to %s", x->to < 0 ? "outside" : m->stage[x->to].item.name);
    put_expr("; across", x->across);
    puts("");
}

static void print_stage(const paso_model *m, const paso_stage *s) {
    printf("\n**`%s`**%s%s%s", s->item.name, s->item.en ? " " : "", s->item.en ? s->item.en : "",
           s->junction ? " (junction)" : "");
    put_expr("; passage of mean", s->mean);
    put_expr("; enters", s->enters);
    puts("\n");
    for (int i = 0; i < s->n_exits; i++) print_exit(m, &s->exit[i]);
}

static void print_observable(const paso_observable *o) {
    static const char *const takes[] = {"sum", "mean", "last", "chance", "first day"};
    printf("| `%s` | ", o->item.name);
    cli_put_cell(o->item.en);
    printf(" | %s | %s of each %s |", o->item.unit_text ? o->item.unit_text : "1", takes[o->take],
           paso_period_name(o->every));
    for (unsigned i = 0; i < 3; i++)
        if (o->rests_on & (1U << i)) printf(" %s", paso_layer_name((paso_layer)i));
    fputs(" | ", stdout);
    put_code(o->is->text);
    puts(" |");
}

static void print_rules(const paso_model *m) {
    puts("\n### Signals\n\n| signal | what | unit | layer | rule |\n|---|---|---|---|---|");
    for (int i = 0; i < m->n_signals; i++) print_signal(&m->signal[m->signal_order[i]]);
    puts("\n### Events\n\n| event | what | unit | layer | rule |\n|---|---|---|---|---|");
    for (int i = 0; i < m->n_events; i++) print_event(&m->event[i]);
    puts("\n### Stages");
    for (int i = 0; i < m->n_stages; i++) print_stage(m, &m->stage[i]);
    puts("\n### Observables\n\n| observable | what | unit | taken | rests on | is |\n"
         "|---|---|---|---|---|---|");
    for (int i = 0; i < m->n_observables; i++) print_observable(&m->observable[i]);
}

void cli_describe_lists(const cli_description *d) {
    print_start(d->m);
    print_series(d->m);
    print_dates(d->m);
    puts("\n## 7 Submodels\n\nEvery rule as the corridor writes it; `paso explain DIR --why NAME` "
         "says where. The language is in docs/language.md, the draws in docs/program.md.");
    print_rules(d->m);
    puts("\n### Parameters\n");
    cli_describe_parameters(d);
    puts("\n### Levers\n");
    cli_describe_levers(d);
    puts("\n### Sources\n");
    cli_describe_sources(d);
}
