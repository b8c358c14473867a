/* Reading a corridor: files, sets, values, series, policies, observables; what each item holds when
 * all is well. What happens otherwise is in test_bad.c and tests/bad. */
#define _XOPEN_SOURCE 700
#include "corridor/model.h"

#include <math.h>

#include "model_text.h"

static const double month = 365.2425 / 12;

static void check_near(double found, double expected) {
    ck_assert_double_eq_tol(found, expected, 1e-9 * (1 + fabs(expected)));
}

START_TEST(tiny_corridor) {
    ck_assert_int_eq(paso_model_read("tests/corridors/two-days", &diags, &model), PASO_OK);
    ck_assert_uint_eq(diags.n_warnings, 0);
    ck_assert_str_eq(model->name, "two-days");
    ck_assert_str_eq(model->title_es, "Dos días");
    ck_assert_int_eq(model->clock_end - model->clock_start, 2);
    ck_assert_int_eq(model->clock_now, model->clock_end);
    ck_assert_int_eq(model->n_stages, 3);
    const paso_stage *waiting = &model->stage[0];
    ck_assert_int_eq(waiting->n_exits, 2);
    ck_assert_int_eq(waiting->exit[0].kind, PASO_EXIT_HAZARD);
    ck_assert_int_eq(waiting->exit[0].to, -1);
    ck_assert_int_eq(waiting->exit[1].to, 1);
    ck_assert_str_eq(waiting->exit[1].dotted, "waiting.called");
    ck_assert_ptr_null(waiting->exit[0].limit);
    ck_assert(model->stage[1].exit[1].rest && model->stage[1].exit[1].rate == NULL);
    ck_assert_int_eq(model->n_junctions, 1);
    ck_assert_int_eq(model->junction_order[0], 1);
}
END_TEST

START_TEST(files_are_merged_and_overridden) {
    text_write("corridor.yml", TEXT_HEAD,
               "include: [a.yml, b.yml]\n"
               "override: {x: {value: 7}, z: {value: 9, doc: new}}\n"
               "signals: {s: {unit: 1, is: x + y + z}}\n");
    text_write("a.yml", "",
               "layer: behaviour\ninclude: [c.yml]\noverride: {z: {value: 8}}\n"
               "parameters: {x: {value: 1, unit: 1, source: assumed}}\n");
    text_write("b.yml", "",
               "include: [c.yml]\n"
               "parameters: {y: {value: 2, unit: 1, source: assumed, layer: politics}}\n");
    text_write("c.yml", "", "parameters: {z: {value: 3, unit: 1, source: assumed}}\n");
    text_read();
    ck_assert_int_eq(model->n_parameters, 3);
    for (int i = 0; i < 3; i++) {
        const paso_parameter *p = &model->parameter[i];
        char name = p->item.name[0];
        ck_assert_double_eq(p->value[0], name == 'x' ? 7 : name == 'y' ? 2 : 9);
        ck_assert_int_eq(p->item.layer, name == 'x'   ? PASO_BEHAVIOUR
                                        : name == 'y' ? PASO_POLITICS
                                                      : PASO_ACCOUNTING);
        if (name == 'z') ck_assert_str_eq(p->item.doc, "new");
    }
}
END_TEST

START_TEST(set_tables_and_maps_of_maps) {
    text_write("sectors.csv", "", "code,region,en\ns1,south,One\ns2,north,\"Two, too\"\n");
    read_text("sets:\n"
              "  sector: {table: sectors.csv, maps: [region]}\n"
              "  region:\n"
              "    maps: [land]\n"
              "    units: {wide: people/week}\n"
              "    columns: [land, wide, en, es]\n"
              "    rows: {north: [us, 14, North, Norte], south: [mx, 7 people/day, South, Sur]}\n"
              "  land: [us, mx]\n");
    ck_assert_int_eq(model->n_sets, 5);
    const paso_set *sector = &model->set[2], *region = &model->set[3];
    ck_assert_str_eq(model->set[0].item.name, "calendar_month");
    ck_assert_str_eq(model->set[1].es[6], "domingo");
    ck_assert_int_eq(sector->n_members, 2);
    ck_assert_str_eq(sector->en[1], "Two, too");
    ck_assert_int_eq(sector->n_maps, 2);
    ck_assert_int_eq(sector->maps[0], 3);
    ck_assert_int_eq(sector->map[0][0], 1);
    ck_assert_int_eq(sector->maps[1], 4); /* through region */
    ck_assert_int_eq(sector->map[1][0], 1);
    ck_assert_int_eq(sector->map[1][1], 0);
    ck_assert_int_eq(region->n_attributes, 1);
    check_near(region->attribute[0].value[0], 2);
    check_near(region->attribute[0].value[1], 7);
    ck_assert_str_eq(region->es[1], "Sur");
}
END_TEST

static const char sets_text[] =
    "sets:\n"
    "  bloc: [near, far]\n"
    "  origin: {maps: [bloc], columns: [bloc], rows: {aaa: [near], bbb: [far], ccc: [far]}}\n"
    "  kind: [adult, child]\n";

static void read_with_sets(const char *text) {
    text_write("corridor.yml", TEXT_HEAD, sets_text);
    FILE *out = fopen(text_file[n_text_files - 1], "ab");
    ck_assert_ptr_nonnull(out);
    fputs(text, out);
    fclose(out);
    text_read();
}

static void check_values(const double *found, int n, const double *expected) {
    for (int i = 0; i < n; i++) check_near(found[i], expected[i]);
}

START_TEST(specific_beats_general) {
    read_with_sets(
        "parameters:\n"
        "  p:\n"
        "    over: [origin, kind]\n"
        "    unit: 1\n"
        "    source: assumed\n"
        "    value: {default: 1, far: 2, child: 3, \"far, child\": 4, \"ccc, adult\": 5, bbb: 6}\n"
        "signals: {s: {unit: 1, is: total(p)}}\n");
    const double expected[] = {1, 3, 6, 4, 5, 4};
    check_values(model->parameter[0].value, 6, expected);
    ck_assert_int_eq(model->parameter[0].scale, PASO_FIXED);
}
END_TEST

START_TEST(rows_by_member_whatever_the_order) {
    read_with_sets("parameters:\n"
                   "  p:\n"
                   "    over: [bloc, kind]\n"
                   "    unit: people/week\n"
                   "    source: assumed\n"
                   "    rows: {columns: [child, adult], far: [7, 14], near: [21, 28]}\n"
                   "signals: {s: {unit: people/day, is: total(p)}}\n");
    const double expected[] = {4, 3, 2, 1};
    check_values(model->parameter[0].value, 4, expected);
}
END_TEST

START_TEST(uncertainty_has_one_form) {
    read_with_sets(
        "parameters:\n"
        "  a: {value: 24000, range: [12000, 48000], unit: people/month, source: assumed}\n"
        "  b: {value: 0.95, factor: 1.1, bounds: [0, 1], each: true, unit: 1, source: assumed}\n"
        "  c: {value: -1, range: [-2, 3], bounds: any, unit: 1, source: assumed}\n"
        "  d: {over: [kind], value: 2, range: {adult: [1, 3], child: [1.5, 4]}, unit: 1, source: "
        "assumed}\n"
        "  e: {over: [kind], value: {adult: 0, child: 3}, factor: 2, unit: 1, source: assumed}\n"
        "  f: {value: 0.15, factor: 1.8, bounds: [0, 1], unit: 1, source: assumed}\n"
        "signals: {s: {unit: 1, is: a / (1 people/day) + b + c + total(d + e) + f}}\n");
    const paso_parameter *p = model->parameter;
    check_near(p[0].low[0], 12000 / month);
    check_near(p[0].high[0], 48000 / month);
    ck_assert_int_eq(p[0].scale, PASO_LOG);
    check_near(p[1].low[0], 0.95 / 1.1);
    check_near(p[1].high[0], 1 - 0.05 / 1.1); /* 0.95 * 1.1 would leave the bounds */
    ck_assert(p[1].each && p[1].scale == PASO_LOGIT);
    ck_assert_int_eq(p[2].scale, PASO_LINEAR);
    check_near(p[3].low[1], 1.5);
    check_near(p[4].high[0], 0);
    check_near(p[4].high[1], 6);
    check_near(p[5].low[0], 0.15 / 1.8);
    check_near(p[5].high[0], 0.15 * 1.8);
}
END_TEST

START_TEST(series_are_consecutive) {
    text_write("s.csv", "", "kind,date,value\nchild,2024-03,7\nadult,2024-01,14\nchild,2024-01,\n");
    read_with_sets(
        "data:\n"
        "  s: {table: s.csv, over: [kind], every: month, unit: people/week,\n"
        "      source: assumed, after: repeat 1 month}\n"
        "observables:\n"
        "  o: {is: s, over: [kind], every: month, take: mean, unit: people/week, data: s,\n"
        "      noise: exact, en: a, es: b}\n");
    const paso_data *d = &model->data[0];
    ck_assert_int_eq(d->n_periods, 3);
    ck_assert_int_eq(d->first_day[3] - d->first_day[0], 31 + 29 + 31);
    check_near(d->value[0], 2);
    ck_assert(isnan(d->value[1]) && isnan(d->value[2]) && isnan(d->value[3]) && isnan(d->value[4]));
    check_near(d->value[5], 1);
    ck_assert_int_eq(d->after, PASO_AFTER_REPEAT);
    ck_assert_int_eq(d->repeat, 1);
}
END_TEST

START_TEST(policies_name_cells_and_times) {
    read_with_sets(
        "levers:\n"
        "  beds: {over: [origin], value: 7, bounds: [0, 70], unit: people/week, " TEXT_LEVER "}\n"
        "policies:\n"
        "  late: {base: early, from: 2024-02-01T06:00, without: [politics], set: {beds: beds + 1 "
        "people/day}}\n"
        "  early:\n"
        "    set:\n"
        "      beds[far]: {2024-02-01T08:00: 14, 2024-01-01: 7}\n"
        "      beds[aaa]: 3 people/day\n"
        "  plain: {set: {beds: 21}}\n"
        "signals: {s: {unit: people/day, is: total(beds)}}\n");
    ck_assert_int_eq(paso_policy_find(model, "plain"), 2);
    ck_assert_int_eq(paso_policy_find(model, "none"), -1);
    const paso_policy *late = &model->policy[0], *early = &model->policy[1];
    ck_assert_int_eq(late->base, 1);
    check_near(late->from - model->clock_start, 31.25);
    ck_assert(isinf(late->until) && late->n_without == 1);
    ck_assert_int_eq(late->setting[0].n_cells, 3);
    ck_assert_int_eq(late->setting[0].value->kind, PASO_EX_BINARY);
    const paso_setting *far = &early->setting[0];
    ck_assert_int_eq(far->n_cells, 2);
    ck_assert_int_eq(far->cell[0], 1);
    ck_assert_int_eq(far->n_dates, 2);
    check_near(far->number[0], 1);
    check_near(far->number[1], 2);
    check_near(far->time[1] - model->clock_start, 31 + 1.0 / 3);
    ck_assert_int_eq(early->setting[1].n_cells, 1);
    check_near(early->setting[1].value->number, 3);
    check_near(model->policy[2].setting[0].value->number, 3); /* 21 people/week */
}
END_TEST

START_TEST(observables_and_claims) {
    read_text(
        "signals: {pace: {unit: people/day, is: 5 people/day}}\n"
        "observables:\n"
        "  o: {is: pace, every: month, take: sum, unit: people, headline: true, fit: none,\n"
        "      noise: negbin(200), en: a, es: b,\n"
        "      claims: [{says: 12, when: 2024-02, by: x}, {says: 3, when: 2024, by: y, total: "
        "true}, {says: 1, when: 2024-02-03, by: z}, {says: 10, when: 2024-02, by: w, per: "
        "day}]}\n");
    const paso_observable *o = &model->observable[0];
    ck_assert_int_eq(o->take, PASO_SUM);
    ck_assert(o->headline && !o->fit && o->data == -1);
    ck_assert_int_eq(o->noise, PASO_NOISE_NEGBIN);
    check_near(o->noise_size, 200);
    ck_assert_int_eq(o->n_claims, 4);
    check_near(o->claim[0].says, 12);
    check_near(o->claim[3].says, 290);
    ck_assert_int_eq(o->claim[0].when_end - o->claim[0].when, 29);
    ck_assert_int_eq(o->claim[1].when_end - o->claim[1].when, 366);
    ck_assert_int_eq(o->claim[2].when_end - o->claim[2].when, 1);
    ck_assert(o->claim[1].total && !o->claim[0].total);
    ck_assert_int_eq(paso_observable_find(model, "o"), 0);
}
END_TEST

START_TEST(stages_in_detail) {
    read_with_sets(
        "parameters: {part: {value: 0.3, unit: 1, source: assumed}}\n"
        "stages:\n"
        "  a:\n"
        "    over: [kind]\n"
        "    unit: people\n"
        "    ages: {width: 6 months, keep: 4}\n"
        "    enters: {rate: 5 people/day}\n"
        "    exits:\n"
        "      x: {share: 1, limit: 3 people/day, order: {newest: part, oldest: 1 - part}, to: b}\n"
        "      y: {hazard: 0.1 / day, limit: 1 people/week, order: oldest, to: b, en: l, es: m}\n"
        "      z: {share: 0.5, limit: 1 people/day, order: even, to: outside}\n"
        "  b: {unit: people, passage: {mean: 3 days, steps: 2}, start: 4 people}\n");
    const paso_stage *a = &model->stage[0], *b = &model->stage[1];
    ck_assert_int_eq(a->age_width, 183); /* 6 * 30.436875 */
    ck_assert_int_eq(a->age_keep, 4);
    ck_assert_int_eq(a->exit[0].n_order, 2);
    ck_assert_int_eq(a->exit[0].order[0].kind, PASO_NEWEST);
    ck_assert_ptr_nonnull(a->exit[0].order[1].share);
    ck_assert_int_eq(a->exit[1].n_order, 1);
    ck_assert_int_eq(a->exit[1].order[0].kind, PASO_OLDEST);
    ck_assert_ptr_null(a->exit[1].order[0].share);
    ck_assert_int_eq(a->exit[2].n_order, 0);
    ck_assert_str_eq(a->exit[1].es, "m");
    check_near(a->exit[1].limit->number, 1.0 / 7);
    ck_assert_int_eq(b->steps, 2);
    check_near(b->start->number, 4);
}
END_TEST

START_TEST(shocks) {
    read_text("signals:\n"
              "  a: {unit: 1, start: 0, shock: normal, next: a + shock}\n"
              "  b: {unit: 1, start: 0, shock: student(5), next: b + shock}\n"
              "  c: {unit: 1, start: 0, shock: \"student(4, common 0.31)\", next: c + shock}\n"
              "  d: {unit: 1, start: 0, shock: normal(common 0.5), next: d + shock}\n");
    const int df[] = {0, 5, 4, 0};
    const double common[] = {0, 0, 0.31, 0.5};
    for (int i = 0; i < 4; i++) {
        ck_assert(model->signal[i].shock);
        ck_assert_int_eq(model->signal[i].shock_df, df[i]);
        check_near(model->signal[i].shock_common, common[i]);
    }
}
END_TEST

START_TEST(events_by_chance_and_by_date) {
    read_with_sets(
        "parameters: {typical: {value: 30, unit: people, source: assumed}}\n"
        "events:\n"
        "  march: {over: [kind], unit: people, rate: mood / year, source: assumed,\n"
        "          size: \"lognormal(max(typical, 5 people), 0.8)\", lasts: exponential(5 days),\n"
        "          dates: {2024-02-03: 50, 2023-05-01: 7 people}}\n"
        "  shut:  {unit: 1, rate: 1 / year, lasts: 3 weeks, source: assumed}\n"
        "  vote:  {unit: 1, dates: {}, source: assumed}\n"
        "signals: {mood: {unit: 1, is: total(march) / (10 people) + shut + vote}}\n"
        "policies: {calm: {without: [march, politics]}}\n");
    const paso_event *march = &model->event[0], *shut = &model->event[1];
    ck_assert_int_eq(march->size_law, 1);
    ck_assert_int_eq(march->size->kind, PASO_EX_CALL);
    check_near(march->size_sd->number, 0.8);
    ck_assert_int_eq(march->lasts_law, 2);
    check_near(march->lasts->number, 5);
    ck_assert(march->has_dates && march->n_dates == 2);
    check_near(march->date_size[0], 7);
    check_near(march->date_size[1], 50);
    ck_assert_int_lt(march->date[0], march->date[1]);
    ck_assert(!shut->has_dates && shut->size == NULL && shut->lasts_law == 0);
    check_near(shut->lasts->number, 21);
    ck_assert(model->event[2].has_dates && model->event[2].rate == NULL);
    ck_assert_int_eq(model->policy[0].n_without, 2);
}
END_TEST

START_TEST(one_setting_from_the_command_line) {
    paso_override o;
    read_with_sets(
        "levers: {beds: {over: [origin], value: 1, bounds: [0, 9], unit: people/week, " TEXT_LEVER
        "}}\n"
        "parameters: {p: {over: [kind], value: 0.5, bounds: [0, 1], unit: 1, source: assumed}}\n"
        "signals: {s: {unit: people/day, is: total(beds) * total(p)}}\n");
    ck_assert_int_eq(paso_model_override(model, &diags, "beds[far]=7", &o), PASO_OK);
    ck_assert(o.is_lever && o.setting.n_cells == 2 && o.setting.cell[0] == 1);
    check_near(o.setting.value->number, 1);
    ck_assert_int_eq(paso_model_override(model, &diags, "beds = beds * 2", &o), PASO_OK);
    ck_assert_int_eq(o.setting.value->kind, PASO_EX_BINARY);
    ck_assert_int_eq(o.setting.value->shape.n, 1);
    ck_assert_int_eq(paso_model_override(model, &diags, "p[child]=0.2", &o), PASO_OK);
    ck_assert(!o.is_lever && o.n_cells == 1 && o.cell[0] == 1);
    check_near(o.value, 0.2);
    ck_assert_uint_eq(diags.n_errors, 0);
}
END_TEST

START_TEST(wrong_settings_from_the_command_line) {
    paso_override o;
    const struct {
        const char *text, *message, *hint;
    } wrong[] = {
        {"bed=1", "expected a lever or a parameter, found \"bed\"", "did you mean beds?"},
        {"beds", "expected name=value, found \"beds\"", NULL},
        {"beds[x]=1", "expected no brackets, because beds is a single value", NULL},
        {"beds=10", "expected from 0 to 9 people, found 10", "bounds are the ends of the slider"},
        {"beds=3 cars", "expected a setting in people, found cars", NULL},
        {"beds=s", "expected what can be read in a policy (levers, parameters), found s", NULL},
        {"beds=", "expected a number or an expression, found nothing", NULL},
        {"p=2", "expected from 0 to 1, found 2", NULL},
        {"p=x", "expected a number, found \"x\"", NULL}};
    read_text("levers: {beds: {value: 1, bounds: [0, 9], unit: people, " TEXT_LEVER "}}\n"
              "parameters: {p: {value: 0.5, bounds: [0, 1], unit: 1, source: assumed}}\n"
              "signals: {s: {unit: people, is: beds * p}}\n");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        size_t before = diags.n;
        ck_assert_int_eq(paso_model_override(model, &diags, wrong[i].text, &o), PASO_ERR_INPUT);
        ck_assert_msg(diags.n == before + 1, "%s", wrong[i].text);
        ck_assert_str_eq(diags.items[before].message, wrong[i].message);
        if (i == 0) ck_assert_str_eq(diags.items[before].hint, wrong[i].hint);
    }
}
END_TEST

START_TEST(shapes_and_cells) {
    char text[64];
    int map[6];
    read_with_sets("parameters:\n"
                   "  p: {over: [origin, kind], value: 1, unit: 1, source: assumed}\n"
                   "  q: {over: [kind, bloc], value: 1, unit: 1, source: assumed}\n"
                   "signals: {s: {unit: 1, is: total(p * q)}}\n");
    paso_shape fine = model->parameter[0].item.shape, coarse = model->parameter[1].item.shape;
    ck_assert_int_eq(paso_shape_cells(model, fine), 6);
    ck_assert_int_eq(paso_shape_cells(model, (paso_shape){0}), 1);
    ck_assert_int_eq(paso_shape_map(model, fine, coarse, map), 0);
    const int expected[] = {0, 2, 1, 3, 1, 3};
    for (int i = 0; i < 6; i++) ck_assert_int_eq(map[i], expected[i]);
    ck_assert_int_eq(paso_shape_map(model, coarse, fine, map), -1);
    ck_assert_str_eq(paso_cell_write(model, fine, 3, text, sizeof text), "origin=bbb,kind=child");
    ck_assert_str_eq(paso_cell_write(model, (paso_shape){0}, 0, text, sizeof text), "");
}
END_TEST

START_TEST(hash_names_the_content) {
    char first[65];
    text_write("s.csv", "", "date,value\n2024-01,1\n");
    read_text("data: {s: {table: s.csv, every: month, unit: 1, source: assumed}}\n");
    snprintf(first, sizeof first, "%s", model->hash);
    ck_assert_uint_eq(strlen(first), 64);
    paso_model_free(model);
    text_read();
    ck_assert_str_eq(model->hash, first);
    paso_model_free(model);
    text_write("s.csv", "", "date,value\n2024-01,2\n");
    text_read();
    ck_assert_str_ne(model->hash, first);
}
END_TEST

START_TEST(no_such_corridor) {
    ck_assert_int_eq(paso_model_read("tests/corridors/none", &diags, &model), PASO_ERR_IO);
    ck_assert_ptr_null(model);
    ck_assert_str_eq(diags.items[0].message,
                     "expected a corridor, found no file tests/corridors/none");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("model");
    add_test(suite, "tiny", tiny_corridor);
    add_test(suite, "files", files_are_merged_and_overridden);
    add_test(suite, "sets", set_tables_and_maps_of_maps);
    add_test(suite, "specific", specific_beats_general);
    add_test(suite, "rows", rows_by_member_whatever_the_order);
    add_test(suite, "uncertainty", uncertainty_has_one_form);
    add_test(suite, "series", series_are_consecutive);
    add_test(suite, "policies", policies_name_cells_and_times);
    add_test(suite, "observables", observables_and_claims);
    add_test(suite, "stages", stages_in_detail);
    add_test(suite, "shocks", shocks);
    add_test(suite, "events", events_by_chance_and_by_date);
    add_test(suite, "override", one_setting_from_the_command_line);
    add_test(suite, "wrong override", wrong_settings_from_the_command_line);
    add_test(suite, "shapes", shapes_and_cells);
    add_test(suite, "hash", hash_names_the_content);
    add_test(suite, "no corridor", no_such_corridor);
    return paso_check_main(suite);
}
