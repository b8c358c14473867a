/* paso describe --format odd: the corridor in the ODD protocol, with its seven elements and eleven
 * design concepts under exactly the names that Grimm et al. (2020) ask for. What is said of the
 * engine holds for every corridor; the rest is made of the corridor. Elements 5 to 7 are in
 * describe_lists.c. */
#include <math.h>
#include <string.h>

#include "cli/describe.h"

/* The six parts of a day, word for word those of docs/language.md, which a test holds together. */
static const char *const schedule[] = {
    "**Open.** The date. Each series shows the period that holds the date. Each lever gets its "
    "value: its default, then what the policies say, lowest layer first. A lever that changes at a "
    "clock time counts for the part of the day that is left.",
    "**Events** start and end by chance or by date (they see opening counts and yesterday's "
    "signals).",
    "**Signals** are recomputed, each after those that it reads. A stage's name means its opening "
    "count; a signal's name means today's value, its own name yesterday's. What flows today is not "
    "known yet: naming an exit here is an error, and `lag(exit, 1 day, before)` is how one looks "
    "at yesterday's.",
    "**Stages**, each on its own opening count. *Hazard* exits compete for everyone present. Then "
    "whoever has finished the *passage* is ready (without a passage: everyone who is left). Then "
    "*share* exits take their part of the ready, in the written order. A *limit* cuts an exit to "
    "today's capacity and deals the places over its cells in proportion, in whole people.",
    "**Junctions** receive what arrived today and pass all of it on, at once, by shares and a "
    "final rest.",
    "**Close.** Inboxes join their stages. Every unit is counted: what was there, plus entries, "
    "minus what left to `outside`, must be what is there now, to the last person. Observables and "
    "`lag` look at this moment: stages are closing counts, exits and junctions are today's "
    "amounts."};

static const char *label_of(const paso_item *item) {
    return item->en ? item->en : item->doc ? item->doc : "";
}

/* ---- lists of names that have something in common ---- */

typedef struct names {
    int n;
} names;

static void add(names *list, const char *name) {
    printf("%s`%s`", list->n++ ? ", " : "", name);
}

static void end(const names *list) {
    puts(list->n ? "." : "none.");
}

static bool calls(const paso_expr *x, paso_function fn) {
    if (!x) return false;
    if (x->kind == PASO_EX_CALL && x->fn == fn) return true;
    for (int i = 0; i < x->n_args; i++)
        if (calls(x->arg[i], fn)) return true;
    return false;
}

static bool signal_calls(const paso_signal *s, paso_function fn) {
    return calls(s->is, fn) || calls(s->next, fn);
}

static bool remembers(const paso_signal *s) {
    return s->next && s->item.layer == PASO_BEHAVIOUR && !s->shock;
}

static bool expects(const paso_signal *s) {
    return signal_calls(s, PASO_FN_TOWARD) || signal_calls(s, PASO_FN_MEAN);
}

static bool looks_back(const paso_signal *s) {
    return signal_calls(s, PASO_FN_LAG) || signal_calls(s, PASO_FN_MEAN);
}

static bool adapts(const paso_signal *s) {
    return s->item.layer == PASO_BEHAVIOUR && !s->shock;
}

static bool is_political(const paso_signal *s) {
    return s->item.layer == PASO_POLITICS;
}

static bool is_shaken(const paso_signal *s) {
    return s->shock;
}

static void print_signals(const paso_model *m, const char *head,
                          bool (*test)(const paso_signal *)) {
    names list = {0};
    fputs(head, stdout);
    for (int i = 0; i < m->n_signals; i++)
        if (test(&m->signal[i])) add(&list, m->signal[i].item.name);
    end(&list);
}

/* ---- 1 */

static void print_directions(const paso_model *m) {
    puts("\nAnd directions that a lever must move an output in (`paso explain --mechanisms`):\n");
    bool any = false;
    for (int i = 0; i < m->n_mechanisms; i++) {
        any |= m->mechanism[i].number > 0;
        const paso_mechanism *x = &m->mechanism[i];
        for (int k = 0; k < x->n_moves; k++)
            for (int j = 0; j < x->move[k].n_effects; j++)
                printf("* `%s` to %s: `%s` %s after %s (mechanism %d, %s)\n", x->move[k].text,
                       x->move[k].to_text, x->move[k].effect[j].text,
                       x->move[k].effect[j].sign > 0 ? "up" : "down",
                       x->move[k].effect[j].delay_text, x->number, x->item.en);
    }
    if (!any) puts("none.");
}

static void print_patterns(const paso_model *m) {
    puts("\nPatterns that runs are held against:\n\n"
         "| observable | what | series | record | used to fit |\n|---|---|---|---|---|");
    for (int i = 0; i < m->n_observables; i++) {
        const paso_observable *o = &m->observable[i];
        if (o->data < 0) continue;
        const paso_data *d = &m->data[o->data];
        char first[16], last[16];
        paso_date_write(d->first_day[0], first);
        paso_date_write(d->first_day[d->n_periods] - 1, last);
        printf("| `%s` | ", o->item.name);
        cli_put_cell(label_of(&o->item));
        printf(" | `%s`, by %s | %s to %s | %s |\n", d->item.name, paso_period_name(o->every),
               first, last, o->fit ? "may be" : "no");
    }
    print_directions(m);
}

static void print_purpose(const paso_model *m) {
    puts("\n## 1 Purpose and patterns\n");
    if (m->doc) printf("%s\n\n", m->doc);
    puts("It is made to compare policies: what follows from one set of lever settings rather than "
         "another, in pairs of runs with the same luck, with bands. It is not made to say what "
         "will happen. Main outputs:\n");
    for (int i = 0; i < m->n_observables; i++)
        if (m->observable[i].headline)
            printf("* `%s`: %s\n", m->observable[i].item.name, label_of(&m->observable[i].item));
    print_patterns(m);
}

/* ---- 2 */

static void print_sets(const paso_model *m) {
    puts("\nKinds of counts (sets), with their members:\n\n| set | members | maps to | columns |\n"
         "|---|---|---|---|");
    for (int s = 2; s < m->n_sets; s++) {
        const paso_set *set = &m->set[s];
        printf("| `%s` | ", set->item.name);
        for (int i = 0; i < set->n_members; i++) printf("%s%s", i ? ", " : "", set->member[i]);
        fputs(" | ", stdout);
        for (int i = 0; i < set->n_maps; i++)
            printf("%s`%s`", i ? ", " : "", m->set[set->maps[i]].item.name);
        fputs(" | ", stdout);
        for (int i = 0; i < set->n_attributes; i++)
            printf("%s`%s`", i ? ", " : "", set->attribute[i].name);
        puts(" |");
    }
}

static void print_stage_rows(const paso_model *m) {
    puts("\nState variables: the counts of the stages, and the signals that remember "
         "(`next` in element 7).\n\n| stage | what | by | unit | cells | time inside |\n"
         "|---|---|---|---|---|---|");
    for (int i = 0; i < m->n_stages; i++) {
        const paso_stage *s = &m->stage[i];
        printf("| `%s` | ", s->item.name);
        cli_put_cell(label_of(&s->item));
        fputs(" | ", stdout);
        for (int k = 0; k < s->item.shape.n; k++)
            printf("%s%s", k ? ", " : "", m->set[s->item.shape.set[k]].item.name);
        printf(" | %s | %d | ", s->item.unit_text, paso_shape_cells(m, s->item.shape));
        if (s->junction) fputs("none: passed on the same day", stdout);
        if (s->steps > 0) printf("passage of %d steps", s->steps);
        if (s->age_width > 0) printf("%d ages of %d days", s->age_keep, s->age_width);
        puts(" |");
    }
}

static void print_entities(const paso_model *m) {
    char first[16], now[16], last[16];
    paso_date_write(m->clock_start, first);
    paso_date_write(m->clock_now, now);
    paso_date_write(m->clock_end - 1, last);
    puts("\n## 2 Entities, state variables and scales\n\nThe entities are counts: people, cases or "
         "things that are alike wait in a stage, by the sets below. There are no individuals. "
         "Governments and others who decide are levers, or signals where the corridor simulates "
         "them.");
    print_sets(m);
    print_stage_rows(m);
    printf("\nScales: a step is one day; %s to %s, policies part on %s. Space is the stages and "
           "the members of sets, without distances. %d parameters are fixed within a run; %d "
           "levers are set from outside.\n",
           first, last, now, m->n_parameters, m->n_levers);
}

/* ---- 3 */

static void print_schedule(const paso_model *m) {
    puts("\n## 3 Process overview and scheduling\n\nEvery day has six parts:\n");
    for (size_t i = 0; i < sizeof schedule / sizeof *schedule; i++)
        printf("%zu. %s\n", i + 1, schedule[i]);
    fputs("\nSignals, in the order in which they are computed: ", stdout);
    names list = {0};
    for (int i = 0; i < m->n_signals; i++) add(&list, m->signal[m->signal_order[i]].item.name);
    end(&list);
    fputs("\nStages see only opening counts, so their order does not matter: ", stdout);
    list = (names){0};
    for (int i = 0; i < m->n_stages; i++)
        if (!m->stage[i].junction) add(&list, m->stage[i].item.name);
    end(&list);
    fputs("\nJunctions, in their order: ", stdout);
    list = (names){0};
    for (int i = 0; i < m->n_junctions; i++) add(&list, m->stage[m->junction_order[i]].item.name);
    end(&list);
}

/* ---- 4 */

static void print_principles(const paso_model *m) {
    puts("\n### Basic principles\n\nCompeting hazards, fixed capacities that queues form at, and "
         "delays; people in the same cell are alike. What it is made of:\n");
    for (int i = 0; i < m->n_mechanisms; i++) {
        const paso_item *x = &m->mechanism[i].item;
        printf("* %s%s%s\n", x->en ? x->en : x->name, x->doc ? ": " : "", x->doc ? x->doc : "");
    }
}

static bool is_given(const paso_signal *s) {
    return s->known >= 0;
}

static void print_behaviour(const paso_model *m) {
    puts("\n### Emergence\n\nFlows, queues and waits follow from rates and capacities and are "
         "imposed nowhere, but for the series and settings of element 6.");
    print_signals(m, "Signals that a series replaces while it is known: ", is_given);
    puts("\n### Adaptation\n\nNobody decides as a person; the rates of a cell answer to signals.");
    print_signals(m, "Signals of the layer behaviour: ", adapts);
    puts("\n### Objectives\n\nNo entity maximises an objective of its own; levers are set by "
         "policies, from outside.");
    print_signals(m,
                  "Politics, where it is simulated and switched on, acts by rules: ", is_political);
    print_signals(
        m, "\n### Learning\n\nNo rule changes during a run. Behaviour remembers in: ", remembers);
    print_signals(m,
                  "\n### Prediction\n\nNobody looks ahead. What is expected is a lagged mean of "
                  "what was: ",
                  expects);
    print_signals(m,
                  "\n### Sensing\n\nSignals read opening counts, levers, series and each other, "
                  "without error, and of all cells unless the expression says otherwise. "
                  "Yesterday's flows are read by: ",
                  looks_back);
}

static void print_interaction(const paso_model *m) {
    names list = {0};
    fputs("\n### Interaction\n\nThrough capacities that all compete for, and through signals that "
          "read counts. Exits with a limit: ",
          stdout);
    for (int i = 0; i < m->n_stages; i++)
        for (int k = 0; k < m->stage[i].n_exits; k++)
            if (m->stage[i].exit[k].limit) add(&list, m->stage[i].exit[k].dotted);
    end(&list);
}

static int n_ranged(const paso_model *m) {
    int n = 0;
    for (int i = 0; i < m->n_parameters; i++) n += m->parameter[i].scale != PASO_FIXED;
    return n;
}

static void print_chance(const paso_model *m) {
    names list = {0};
    printf("\n### Stochasticity\n\nWho leaves is drawn every day (multinomial; entries are "
           "Poisson); %d of %d parameters are drawn anew for each member; every draw has a key "
           "from its name, so two policies have the same luck.\n",
           n_ranged(m), m->n_parameters);
    print_signals(m, "Signals with a shock: ", is_shaken);
    fputs("Events by chance: ", stdout);
    for (int i = 0; i < m->n_events; i++)
        if (m->event[i].rate) add(&list, m->event[i].item.name);
    end(&list);
}

static void print_concepts(const paso_model *m) {
    puts("\n## 4 Design concepts");
    print_principles(m);
    print_behaviour(m);
    print_interaction(m);
    print_chance(m);
    puts("\n### Collectives\n\nCells of the sets of element 2; groups that form and dissolve are "
         "stages or events of the corridor, not entities.");
    printf("\n### Observation\n\n%d observables, taken at the close of a day and added, averaged "
           "or kept by period: element 7 lists them, with the layers that they rest on. Only "
           "aggregates are kept.\n",
           m->n_observables);
}

void cli_describe_odd(const cli_description *d) {
    const paso_model *m = d->m;
    printf("# %s\n\nThe corridor `%s`, version `%.12s`, by the ODD protocol (Grimm et al. 2020, "
           "JASSS 23(2) 7). Made by `paso describe --format odd`.\n",
           m->title_en ? m->title_en : m->name, m->name, m->hash);
    print_purpose(m);
    print_entities(m);
    print_schedule(m);
    print_concepts(m);
    cli_describe_lists(d);
}
