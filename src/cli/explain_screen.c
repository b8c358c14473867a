/* paso explain: one screen about a corridor, or the same as JSON. Long lists are wrapped or cut,
 * and say where the rest is. */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "cli/explain.h"

enum { LINE = 79, MAX_LINES = 3, MAX_CAPACITIES = 7, MAX_POLICIES = 5, MAX_WARNINGS = 6 };

/* ---- lines ---- */

static void print_head(const cli_explainer *e, const char *title) {
    bool colour = cli_colours(e->c);
    printf("%s%s%s\n", colour ? "\033[1m" : "", title, colour ? "\033[0m" : "");
}

/* A list of words after an indented start, wrapped; what its last line has no room for is counted.
 */
typedef struct list {
    int at, indent, line, n_left;
    bool any;
} list;

static list list_begin(const char *start) {
    printf("%s", start);
    return (list){.at = (int)strlen(start), .indent = (int)strlen(start)};
}

static void list_add(list *l, const char *word) {
    static const char rest[] = ", and 99 more: --all";
    int n = (int)paso_utf8_count(word, strlen(word));
    bool last = l->line + 1 == MAX_LINES,
         full = l->at + n + 3 > LINE - (last ? (int)sizeof rest : 0);
    if (l->n_left > 0 || (l->any && last && full)) {
        l->n_left++;
        return;
    }
    if (l->any) putchar(',');
    if (l->any && full) {
        printf("\n%*s", l->indent, "");
        l->at = l->indent;
        l->line++;
    } else if (l->any) {
        putchar(' ');
        l->at += 2;
    }
    fputs(word, stdout);
    l->at += n;
    l->any = true;
}

static void list_end(const list *l) {
    if (l->n_left > 0) printf(", and %d more: --all", l->n_left);
    puts(l->any ? "" : "none");
}

/* At most so many characters, with a sign that it was cut. */
static void print_cut(const char *text, int width) {
    size_t n = strlen(text), at = 0;
    if ((int)paso_utf8_count(text, n) <= width) {
        fputs(text, stdout);
        return;
    }
    for (int i = 0; i < width - 1 && at < n; i++) at += paso_utf8_step(text + at, n - at);
    printf("%.*s…", (int)at, text);
}

/* ---- sections ---- */

static bool is_built_in(const paso_set *set) {
    return strcmp(set->item.name, "calendar_month") == 0 || strcmp(set->item.name, "weekday") == 0;
}

static void print_corridor(const cli_explainer *e) {
    char start[16], now[16], last[16];
    const paso_model *m = e->m;
    paso_arena *arena = e->c->diags.arena;
    paso_date_write(m->clock_start, start);
    paso_date_write(m->clock_now, now);
    paso_date_write(m->clock_end - 1, last);
    const char *title = paso_arena_format(arena, "%s: %s", m->name, m->title_en ? m->title_en : "");
    print_cut(title ? title : m->name, LINE);
    printf("\nclock: %s to %s, one day a step; now: %s\n", start, last, now);
    list l = list_begin("sets: ");
    for (int i = 0; i < m->n_sets; i++) {
        if (is_built_in(&m->set[i])) continue;
        const char *word =
            paso_arena_format(arena, "%s (%d)", m->set[i].item.name, m->set[i].n_members);
        if (word) list_add(&l, word);
    }
    list_end(&l);
}

/* The first mechanism that an item is tagged with; the number of mechanisms for none. */
static int group_of(const cli_explainer *e, const paso_item *item) {
    int i = 0;
    while (i < e->m->n_mechanisms && !(item->tags >> i & 1U)) i++;
    return i;
}

static list list_of_group(const cli_explainer *e, int group) {
    bool one = e->m->n_mechanisms == 0, rest = group == e->m->n_mechanisms;
    const char *label = rest ? "others" : e->m->mechanism[group].item.en;
    const char *start = one ? "  " : paso_arena_format(e->c->diags.arena, "  %s: ", label);
    list l = list_begin(start ? start : "  ");
    l.indent = 4;
    return l;
}

/* Words of items, under the names of their mechanisms; without mechanisms one list. */
static void print_groups(const cli_explainer *e, int n,
                         const paso_item *(*item)(const paso_model *, int),
                         const char *(*word)(const cli_explainer *, int)) {
    for (int group = 0; group <= e->m->n_mechanisms; group++) {
        list l = {0};
        for (int i = 0; i < n; i++) {
            if (group_of(e, item(e->m, i)) != group) continue;
            const char *text = word(e, i);
            if (!l.any) l = list_of_group(e, group);
            if (text) list_add(&l, text);
        }
        if (l.any) list_end(&l);
    }
    if (n == 0) puts("  none");
}

static const paso_item *stage_item(const paso_model *m, int i) {
    return &m->stage[i].item;
}

static const char *stage_word(const cli_explainer *e, int i) {
    const paso_stage *s = &e->m->stage[i];
    return paso_arena_format(e->c->diags.arena, "%s%s (%d)", s->item.name, s->junction ? "*" : "",
                             s->n_exits);
}

static void print_stages(const cli_explainer *e) {
    print_head(e, "\nStages (exits)");
    print_groups(e, e->m->n_stages, stage_item, stage_word);
    if (e->m->n_junctions > 0) puts("  *: nobody stays there, all go on the same day");
}

static void write_ratio(double arrives, double limit, char text[40]) {
    if (limit > 0) {
        cli_number(arrives / limit, text);
    } else {
        snprintf(text, 40, "closed");
    }
}

static void print_capacity(const cli_capacity *c) {
    char text[40];
    fputs("  ", stdout);
    cli_pad(stdout, c->exit, -26);
    cli_pad(stdout, cli_number(c->arrives, text), 9);
    cli_pad(stdout, cli_number(c->limit, text), 10);
    cli_pad(stdout, cli_number(c->leaves, text), 10);
    write_ratio(c->arrives, c->limit, text);
    cli_pad(stdout, text, 9);
    bool apart = c->limit > 0 && c->worst > 1.05 * c->arrives / c->limit;
    if (apart) printf("  worst %s", isfinite(c->worst) ? cli_number(c->worst, text) : "closed");
    putchar('\n');
}

/* Those that are closed and nobody comes for are counted only. */
static void print_capacities(const cli_explainer *e, const cli_flows *flows) {
    char from[16], until[16], title[96];
    size_t n = 0, n_left = 0;
    paso_date_write(flows->from, from);
    paso_date_write(flows->until, until);
    snprintf(title, sizeof title, "\nCapacities, a day, %s to %s (central path)", from, until);
    print_head(e, title);
    if (!flows->ran || flows->n_capacities == 0) {
        puts(flows->ran ? "  no exit has a limit" : "  not known, see below");
        return;
    }
    puts("  exit                          comes     limit      goes    ratio");
    for (size_t i = 0; i < flows->n_capacities; i++) {
        const cli_capacity *c = &flows->capacity[i];
        bool idle = c->limit == 0 && c->arrives == 0;
        if (idle || n == MAX_CAPACITIES) {
            n_left++;
            continue;
        }
        print_capacity(c);
        n++;
    }
    if (n_left > 0) printf("  and %zu more, closed or with room to spare\n", n_left);
}

static const paso_item *lever_item(const paso_model *m, int i) {
    return &m->lever[i].item;
}

static const char *lever_word(const cli_explainer *e, int i) {
    const paso_lever *x = &e->m->lever[i];
    const char *unit =
        x->item.unit_text && strcmp(x->item.unit_text, "1") != 0 ? x->item.unit_text : "";
    double factor = x->item.unit.factor != 0 ? x->item.unit.factor : 1;
    char value[40];
    for (int k = 1; k < paso_shape_cells(e->m, x->item.shape); k++)
        if (x->value[k] != x->value[0]) return x->item.name;
    return paso_arena_format(e->c->diags.arena, "%s %s%s%s", x->item.name,
                             cli_number(x->value[0] / factor, value), unit[0] ? " " : "", unit);
}

static void print_levers(const cli_explainer *e) {
    print_head(e, "\nLevers, with their defaults");
    print_groups(e, e->m->n_levers, lever_item, lever_word);
}

static int by_start(const cli_explainer *e, int a, int b) {
    const paso_policy *x = &e->m->policy[a], *y = &e->m->policy[b];
    return x->from < y->from ? -1 : x->from > y->from ? 1 : a - b;
}

static void print_policy(const cli_explainer *e, const paso_policy *p, bool political) {
    char from[16] = "start";
    const char *mark = political ? "[p] " : "";
    const char *says = p->base >= 0 ? paso_arena_format(e->c->diags.arena, "%s%s and ", mark,
                                                        e->m->policy[p->base].item.name)
                                    : mark;
    if (isfinite(p->from)) paso_date_write((int)floor(p->from), from);
    for (int i = 0; i < p->n_settings && says; i++) {
        says = paso_arena_format(e->c->diags.arena, "%s%s%s", says, i ? "; " : "",
                                 cli_setting_text(e, &p->setting[i]));
    }
    fputs("  ", stdout);
    cli_pad(stdout, from, -10);
    fputs("  ", stdout);
    cli_pad(stdout, p->item.name, -18);
    fputs("  ", stdout);
    print_cut(says ? says : "", LINE - 34);
    putchar('\n');
}

/* In the order of their dates. */
static void print_policies(const cli_explainer *e) {
    int order[CLI_MAX_LIST], n = 0;
    bool any = false;
    print_head(e, "\nPolicies, by the date from which they differ");
    for (int i = 0; i < e->m->n_policies && n < CLI_MAX_LIST; i++) {
        int at = n++;
        for (; at > 0 && by_start(e, order[at - 1], i) > 0; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    for (int i = 0; i < n && i < MAX_POLICIES; i++) {
        bool political = cli_policy_is_political(e, order[i]);
        any |= political;
        print_policy(e, &e->m->policy[order[i]], political);
    }
    if (e->m->n_policies > MAX_POLICIES) {
        printf("  and %d more: --all\n", e->m->n_policies - MAX_POLICIES);
    }
    if (e->m->n_policies == 0) puts("  none: every lever stays at its default");
    if (any) puts("  [p] rests on politics: scenario, not estimate");
}

static void print_observables(const cli_explainer *e) {
    putchar('\n');
    list l = list_begin("reports: ");
    l.indent = 2;
    for (int i = 0; i < e->m->n_observables; i++) {
        if (e->m->observable[i].headline) list_add(&l, e->m->observable[i].item.name);
    }
    for (int i = 0; i < e->m->n_observables; i++) l.n_left += !e->m->observable[i].headline;
    list_end(&l);
}

static void print_warnings(const cli_explainer *e, const cli_flows *flows) {
    print_head(e, flows->n_warnings > 0 ? "\nLook at" : "\nNothing looks wrong");
    for (size_t i = 0; i < flows->n_warnings && i < MAX_WARNINGS; i++) {
        fputs("  ", stdout);
        print_cut(flows->warning[i], LINE - 2);
        putchar('\n');
    }
    if (flows->n_warnings > MAX_WARNINGS) {
        printf("  and %zu more: --format json\n", flows->n_warnings - MAX_WARNINGS);
    }
}

paso_status cli_explain_screen(const cli_explainer *e, const cli_flows *flows) {
    print_corridor(e);
    print_stages(e);
    print_capacities(e, flows);
    print_levers(e);
    print_policies(e);
    print_observables(e);
    print_warnings(e, flows);
    return PASO_OK;
}

/* ---- JSON ---- */

static json_t *day_json(double time) {
    char day[16];
    if (!isfinite(time)) return json_null();
    paso_date_write((int)floor(time), day);
    return json_string(day);
}

static json_t *sets_json(const paso_model *m) {
    json_t *all = json_array();
    for (int i = 0; i < m->n_sets; i++) {
        json_t *members = json_array();
        for (int k = 0; k < m->set[i].n_members; k++) {
            json_array_append_new(members, json_string(m->set[i].member[k]));
        }
        json_array_append_new(
            all, json_pack("{s:s, s:o}", "name", m->set[i].item.name, "members", members));
    }
    return all;
}

static json_t *stages_json(const paso_model *m) {
    json_t *all = json_array();
    for (int i = 0; i < m->n_stages; i++) {
        const paso_stage *s = &m->stage[i];
        json_t *exits = json_array();
        for (int k = 0; k < s->n_exits; k++) {
            json_array_append_new(
                exits, json_pack("{s:s, s:s, s:b}", "name", s->exit[k].dotted, "to",
                                 s->exit[k].to < 0 ? "outside" : m->stage[s->exit[k].to].item.name,
                                 "limited", s->exit[k].limit != NULL));
        }
        json_array_append_new(all, json_pack("{s:s, s:b, s:o}", "name", s->item.name, "junction",
                                             s->junction, "exits", exits));
    }
    return all;
}

static json_t *capacities_json(const cli_flows *flows) {
    json_t *all = json_array();
    for (size_t i = 0; i < flows->n_capacities; i++) {
        const cli_capacity *c = &flows->capacity[i];
        json_t *ratio = c->limit > 0 ? json_real(c->arrives / c->limit) : json_null();
        json_t *worst = isfinite(c->worst) ? json_real(c->worst) : json_null();
        json_array_append_new(all, json_pack("{s:s, s:f, s:f, s:f, s:o, s:o}", "exit", c->exit,
                                             "comes", c->arrives, "limit", c->limit, "goes",
                                             c->leaves, "ratio", ratio, "worst_group", worst));
    }
    return all;
}

static json_t *levers_json(const paso_model *m) {
    json_t *all = json_array();
    for (int i = 0; i < m->n_levers; i++) {
        const paso_lever *l = &m->lever[i];
        double factor = l->item.unit.factor != 0 ? l->item.unit.factor : 1;
        json_t *value = json_array();
        for (int k = 0; k < paso_shape_cells(m, l->item.shape); k++) {
            json_array_append_new(value, json_real(l->value[k] / factor));
        }
        json_array_append_new(all, json_pack("{s:s, s:o, s:[f, f], s:s}", "name", l->item.name,
                                             "default", value, "bounds", l->bound[0] / factor,
                                             l->bound[1] / factor, "unit",
                                             l->item.unit_text ? l->item.unit_text : "1"));
    }
    return all;
}

static json_t *policies_json(const cli_explainer *e) {
    json_t *all = json_array();
    for (int i = 0; i < e->m->n_policies; i++) {
        const paso_policy *p = &e->m->policy[i];
        json_t *sets = json_array();
        for (int k = 0; k < p->n_settings; k++) {
            json_array_append_new(sets, json_string(cli_setting_text(e, &p->setting[k])));
        }
        json_array_append_new(
            all, json_pack("{s:s, s:s?, s:o, s:o, s:o, s:b}", "name", p->item.name, "base",
                           p->base >= 0 ? e->m->policy[p->base].item.name : NULL, "from",
                           day_json(p->from), "until", day_json(p->until), "sets", sets, "politics",
                           (int)cli_policy_is_political(e, i)));
    }
    return all;
}

static json_t *texts_json(const char *const *text, size_t n) {
    json_t *all = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(all, json_string(text[i]));
    return all;
}

static json_t *observables_json(const paso_model *m) {
    json_t *all = json_array();
    for (int i = 0; i < m->n_observables; i++) {
        json_array_append_new(all, json_pack("{s:s, s:b}", "name", m->observable[i].item.name,
                                             "headline", m->observable[i].headline));
    }
    return all;
}

paso_status cli_explain_json(const cli_explainer *e, const cli_flows *flows) {
    const paso_model *m = e->m;
    json_t *all = json_pack(
        "{s:s, s:s?, s:s, s:{s:o, s:o, s:o}, s:o, s:o, s:{s:o, s:o, s:o}, s:o, s:o, s:o, s:o}",
        "corridor", m->name, "title", m->title_en, "hash", m->hash, "clock", "start",
        day_json(m->clock_start), "now", day_json(m->clock_now), "end", day_json(m->clock_end - 1),
        "sets", sets_json(m), "stages", stages_json(m), "capacities", "from", day_json(flows->from),
        "until", day_json(flows->until), "exits", capacities_json(flows), "levers", levers_json(m),
        "policies", policies_json(e), "observables", observables_json(m), "warnings",
        texts_json(flows->warning, flows->n_warnings));
    if (!all) return PASO_ERR_MEMORY;
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
    return PASO_OK;
}
