/* simsetting.yml: one row of the table for each setting, with its default. What Flee ignores
 * without a word (an unknown key) is a warning here; what Paso does not do is an error that names
 * it. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "corridor/tree.h"
#include "flee/read.h"

typedef enum setting_type {
    BOOL,
    NUMBER,
    WHOLE, /* Flee cuts it to an integer */
    LIST,
    IGNORED,
    REFUSED /* an error unless false, 0 or empty */
} setting_type;

typedef struct setting {
    const char *section, *key;
    setting_type type;
    size_t offset;
    double fallback;
} setting;

#define AT(field) offsetof(flee_settings, field)
#define SPAWN "spawn_rules"
#define MOVE "move_rules"

static const setting table[] = {
    {SPAWN, "take_from_population", BOOL, AT(take_from_population), 0},
    {SPAWN, "insert_day0", BOOL, AT(insert_day0), 1},
    {SPAWN, "empty_camps_on_day0", BOOL, AT(empty_camps_on_day0), 0},
    {SPAWN, "conflict_zone_spawning_only", BOOL, AT(conflict_zone_spawning_only), 1},
    {SPAWN, "camps_are_sinks", BOOL, AT(camps_are_sinks), 0},
    {SPAWN, "sum_from_camps", BOOL, AT(sum_from_camps), 1},
    {SPAWN, "conflict_spawn_decay", LIST, AT(conflict_spawn_decay), 0},
    {SPAWN, "conflict_spawn_decay_interval", WHOLE, AT(conflict_spawn_decay_interval), 30},
    {SPAWN, "conflict_driven_spawning", IGNORED, 0, 0}, /* its own section, read apart */
    {SPAWN, "average_social_connectivity", IGNORED, 0, 0},
    {SPAWN, "flood_zone_spawning_only", REFUSED, 0, 0},
    {SPAWN, "flood_driven_spawning", REFUSED, 0, 0},
    {SPAWN, "flood_driven_spawn_mode", REFUSED, 0, 0},
    {SPAWN, "starvation_driven_spawning", REFUSED, 0, 0},
    {SPAWN, "read_from_agents_csv_file", REFUSED, 0, 0},
    {MOVE, "max_move_speed", NUMBER, AT(max_move_speed), 360},
    {MOVE, "max_walk_speed", NUMBER, AT(max_walk_speed), 35},
    {MOVE, "max_crossing_speed", IGNORED, 0, 0},
    {MOVE, "foreign_weight", NUMBER, AT(foreign_weight), 1},
    {MOVE, "camp_weight", NUMBER, AT(camp_weight), 1},
    {MOVE, "conflict_weight", NUMBER, AT(conflict_weight), 1 / 3.16227766017},
    {MOVE, "conflict_movechance", NUMBER, AT(conflict_movechance), 1},
    {MOVE, "camp_movechance", NUMBER, AT(camp_movechance), 0.001},
    {MOVE, "idpcamp_movechance", NUMBER, AT(idpcamp_movechance), 0.1},
    {MOVE, "default_movechance", NUMBER, AT(default_movechance), 0.3},
    {MOVE, "awareness_level", WHOLE, AT(awareness_level), 1},
    {MOVE, "capacity_buffer", NUMBER, AT(capacity_buffer), 0.9},
    {MOVE, "capacity_scaling", NUMBER, AT(capacity_scaling), 1},
    {MOVE, "avoid_short_stints", BOOL, AT(avoid_short_stints), 0},
    {MOVE, "start_on_foot", BOOL, AT(start_on_foot), 0},
    {MOVE, "use_v1_rules", BOOL, AT(use_v1_rules), 0},
    {MOVE, "softening", NUMBER, AT(softening), 10},
    {MOVE, "distance_power", NUMBER, AT(distance_power), 1},
    {MOVE, "weight_softening", NUMBER, AT(weight_softening), 0},
    {MOVE, "weight_power", NUMBER, AT(weight_power), 1},
    {MOVE, "stay_close_to_home", BOOL, AT(stay_close_to_home), 0},
    {MOVE, "home_distance_power", NUMBER, AT(home_distance_power), 0.5},
    {MOVE, "use_pop_for_loc_weight", BOOL, AT(use_pop_for_loc_weight), 0},
    {MOVE, "pop_power_for_loc_weight", NUMBER, AT(pop_power_for_loc_weight), 0.1},
    {MOVE, "movechance_pop_base", NUMBER, AT(movechance_pop_base), 10000},
    {MOVE, "movechance_pop_scale_factor", NUMBER, AT(movechance_pop_scale_factor), 0},
    {MOVE, "pruning_threshold", NUMBER, AT(pruning_threshold), 1},
    {MOVE, "use_economic_pull", BOOL, AT(use_economic_pull), 0},
    {MOVE, "ChildrenAvoidHazards", BOOL, AT(children_avoid_hazards), 0},
    {MOVE, "BoysTakeRisk", BOOL, AT(boys_take_risk), 0},
    {MOVE, "ElderlyAvoidHazards", BOOL, AT(elderly_avoid_hazards), 0},
    {MOVE, "WomenAvoidHazards", BOOL, AT(women_avoid_hazards), 0},
    {MOVE, "MatchCampReligion", BOOL, AT(match_camp_religion), 0},
    {MOVE, "MatchCampEthnicity", BOOL, AT(match_camp_ethnicity), 0},
    {MOVE, "MatchTownEthnicity", BOOL, AT(match_town_ethnicity), 0},
    {MOVE, "MatchConflictEthnicity", BOOL, AT(match_conflict_ethnicity), 0},
    {MOVE, "avg_religion_fraction", NUMBER, AT(avg_religion_fraction), 0.25},
    {MOVE, "two_system_decision_making", IGNORED, 0, 0}, /* never active in Flee either */
    {MOVE, "fixed_routes", REFUSED, 0, 0},
    {MOVE, "harvest_months", REFUSED, 0, 0},
    {MOVE, "flee_when_starving", REFUSED, 0, 0},
    {MOVE, "avoid_food_deprived_locations", REFUSED, 0, 0},
    {MOVE, "flood_rules", REFUSED, 0, 0},
    {"optimisations", "hasten", WHOLE, AT(hasten), 1},
    {"", "default_conflict_intensity", WHOLE, AT(default_conflict_intensity), 1},
    {"", "conflict_input_file", IGNORED, 0, 0},
    {"", "flood_level_input_file", IGNORED, 0, 0},
    {"", "number_of_steps", IGNORED, 0, 0},
};
enum { N_SETTINGS = sizeof table / sizeof *table };

static const char *const sections[] = {SPAWN, MOVE, "optimisations", "log_levels"};

static bool *bool_of(flee_settings *set, size_t offset) {
    return (bool *)(void *)((char *)set + offset);
}

static double *number_of(flee_settings *set, size_t offset) {
    return (double *)(void *)((char *)set + offset);
}

static void take_defaults(flee_settings *set) {
    memset(set, 0, sizeof *set);
    for (size_t i = 0; i < N_SETTINGS; i++) {
        if (table[i].type == BOOL) *bool_of(set, table[i].offset) = table[i].fallback > 0;
        if (table[i].type == NUMBER || table[i].type == WHOLE)
            *number_of(set, table[i].offset) = table[i].fallback;
    }
}

/* Booleans of YAML 1.1, which Python's reader follows: 1 true, 0 false, -1 neither. */
static int truth_of(const char *text) {
    static const char *const yes[] = {"true", "yes", "on"}, *const no[] = {"false", "no", "off"};
    for (size_t i = 0; i < 3; i++) {
        if (strcasecmp(text, yes[i]) == 0) return 1;
        if (strcasecmp(text, no[i]) == 0) return 0;
    }
    return -1;
}

static bool is_null(const paso_node *node) {
    return node->kind == PASO_SCALAR && !node->quoted &&
           (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
            strcasecmp(node->text, "null") == 0);
}

static bool is_nothing(const paso_node *node) {
    if (node->kind != PASO_SCALAR) return node->n_children == 0;
    return is_null(node) || node->text[0] == '\0' || truth_of(node->text) == 0 ||
           strcmp(node->text, "0") == 0 || strcasecmp(node->text, "none") == 0;
}

static const char *dotted(flee_reader *r, const char *section, const char *key) {
    if (section[0] == '\0') return key;
    const char *path = paso_arena_format(r->arena, "%s.%s", section, key);
    return path ? path : key;
}

static int read_number(flee_reader *r, const paso_node *node, const char *path, double *value) {
    const char *text = node->kind == PASO_SCALAR ? node->text : "a list or a section";
    if (node->kind == PASO_SCALAR && paso_flee_number(text, value) == 0) return 0;
    paso_error(r->diags, "flee-setting", node->mark, path, NULL, "expected a number, found \"%s\"",
               text);
    return -1;
}

static void read_list(flee_reader *r, const paso_node *node, const char *path, flee_numbers *list) {
    if (is_nothing(node)) return;
    if (node->kind != PASO_LIST) {
        paso_error(r->diags, "flee-setting", node->mark, path, "write it as [1.0, 0.5]",
                   "expected a list of numbers, found \"%s\"",
                   node->text ? node->text : "a section");
        return;
    }
    list->item = paso_arena_alloc(r->arena, (size_t)node->n_children, sizeof *list->item);
    for (const paso_node *c = node->child; c && list->item; c = c->next) {
        read_number(r, c, path, &list->item[list->n++]);
    }
}

/* Python takes any text in quotes for true but the empty one. */
static bool quoted_truth(flee_reader *r, const paso_node *node, const char *path, int truth) {
    bool taken = node->text[0] != '\0';
    if (r->s->fixed) return truth > 0;
    if (taken && truth == 0)
        paso_warn(r->diags, "flee-setting", node->mark, path, "leave out the quotes",
                  "\"%s\" in quotes is a text, which Flee takes for True", node->text);
    return taken;
}

static void read_bool(flee_reader *r, const paso_node *node, const char *path, bool *value) {
    int truth = node->kind == PASO_SCALAR ? truth_of(node->text) : -1;
    double number;
    if (truth < 0 && node->kind == PASO_SCALAR && paso_flee_number(node->text, &number) == 0)
        truth = number != 0;
    if (truth < 0 && node->kind == PASO_SCALAR && is_nothing(node)) truth = 0; /* null */
    if (truth >= 0) {
        *value = node->quoted ? quoted_truth(r, node, path, truth) : truth == 1;
        return;
    }
    paso_error(r->diags, "flee-setting", node->mark, path, NULL,
               "expected True or False, found \"%s\"", node->text ? node->text : "a section");
}

static void read_value(flee_reader *r, const setting *row, const paso_node *node) {
    flee_settings *set = &r->s->set;
    const char *path = dotted(r, row->section, row->key);
    double value;
    switch (row->type) {
    case BOOL:
        read_bool(r, node, path, bool_of(set, row->offset));
        break;
    case NUMBER:
    case WHOLE:
        if (read_number(r, node, path, &value) != 0) break;
        *number_of(set, row->offset) = row->type == WHOLE ? trunc(value) : value;
        break;
    case LIST:
        read_list(r, node, path, (flee_numbers *)(void *)((char *)set + row->offset));
        break;
    case IGNORED:
        break;
    case REFUSED:
        if (!is_nothing(node))
            paso_error(r->diags, "flee-unsupported", node->key_mark, path,
                       "docs/flee.md lists what Paso does not do; take the setting out to run "
                       "without it",
                       "not supported by Paso");
        break;
    }
}

static void unknown_key(flee_reader *r, const char *section, const paso_node *node) {
    const char *names[N_SETTINGS], *hint = NULL;
    size_t n = 0;
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (strcmp(table[i].section, section) == 0) names[n++] = table[i].key;
    const char *nearest = paso_nearest(node->key, names, n);
    if (nearest) hint = paso_arena_format(r->arena, "did you mean %s?", nearest);
    paso_warn(r->diags, "flee-setting-unknown", node->key_mark, dotted(r, section, node->key), hint,
              "no such setting; it has no effect, in Flee neither");
}

static const setting *find(const char *section, const char *key) {
    for (size_t i = 0; i < N_SETTINGS; i++) {
        if (strcmp(table[i].section, section) == 0 && strcmp(table[i].key, key) == 0)
            return &table[i];
    }
    return NULL;
}

static int read_mode(flee_reader *r, const paso_node *mode, const char *path) {
    static const char *const modes[] = {"", "constant", "poisson", "pop_ratio"};
    const char *text = mode->kind == PASO_SCALAR ? mode->text : "a list or a section";
    for (int i = 1; i < 4; i++)
        if (strcmp(text, modes[i]) == 0) return i;
    if (strcasecmp(text, "poisson") == 0) return FLEE_POISSON; /* the one in any letters */
    const char *nearest = paso_nearest(text, modes + 1, 3);
    paso_error(r->diags, "flee-setting", mode->mark, path,
               nearest ? paso_arena_format(r->arena, "did you mean %s?", nearest) : NULL,
               "expected constant, poisson or pop_ratio, found \"%s\"", text);
    return FLEE_CONSTANT;
}

/* The sub-section whose presence switches Flee to arrivals that conflicts drive; empty it is not
 * there. */
static void read_driven(flee_reader *r, const paso_node *node) {
    flee_settings *set = &r->s->set;
    const char *path = "spawn_rules.conflict_driven_spawning";
    if (is_null(node)) return;
    if (node->kind != PASO_MAP && node->n_children == 0 && node->kind != PASO_LIST) {
        paso_error(r->diags, "flee-setting", node->mark, path,
                   "leave the setting out to have arrivals from counts",
                   "expected spawn_mode and displaced_per_conflict_day below it, found \"%s\"",
                   node->text);
        return;
    }
    const paso_node *mode = paso_node_get(node, "spawn_mode");
    const paso_node *rate = paso_node_get(node, "displaced_per_conflict_day");
    set->mode = mode ? (flee_mode)read_mode(r, mode, path) : FLEE_CONSTANT;
    set->displaced_per_conflict_day = set->mode == FLEE_POP_RATIO ? 0.01 : 500;
    if (rate) read_number(r, rate, path, &set->displaced_per_conflict_day);
    if (set->mode != FLEE_POP_RATIO)
        set->displaced_per_conflict_day = trunc(set->displaced_per_conflict_day);
}

/* Of a key that is repeated Python keeps the last. */
static bool is_repeated(flee_reader *r, const char *section, const paso_node *node) {
    const paso_node *later = node->next;
    while (later && strcmp(later->key, node->key) != 0) later = later->next;
    if (later)
        paso_warn(r->diags, "flee-setting", node->key_mark, dotted(r, section, node->key), NULL,
                  "the setting comes again in line %d, which counts", later->key_mark.line);
    return later != NULL;
}

static void read_section(flee_reader *r, const char *section, const paso_node *map) {
    if (map->kind != PASO_MAP && !is_nothing(map)) {
        paso_error(r->diags, "flee-setting", map->mark, section, NULL,
                   "expected settings by name, found \"%s\"", map->text ? map->text : "a list");
        return;
    }
    for (const paso_node *node = map->child; node; node = node->next) {
        const setting *row = find(section, node->key);
        if (is_repeated(r, section, node)) continue;
        if (row && strcmp(row->key, "conflict_driven_spawning") == 0)
            read_driven(r, node);
        else if (row)
            read_value(r, row, node);
        else
            unknown_key(r, section, node);
    }
}

static void read_logs(flee_reader *r, const paso_node *map) {
    const paso_node *idps = map->kind == PASO_MAP ? paso_node_get(map, "idp_totals") : NULL;
    double level = 0;
    if (idps && !is_nothing(idps)) read_number(r, idps, "log_levels.idp_totals", &level);
    r->s->set.idp_totals = level >= 1;
    for (const paso_node *node = map->child; node; node = node->next) {
        if (node->key && node->kind == PASO_SCALAR && !is_nothing(node) &&
            strcmp(node->key, "granularity") != 0 && strcmp(node->key, "init") != 0 &&
            strcmp(node->key, "conflict") != 0 && strcmp(node->key, "idp_totals") != 0)
            paso_warn(r->diags, "flee-log", node->key_mark, dotted(r, "log_levels", node->key),
                      NULL, "Paso writes no logs of single people, links or camps");
    }
}

/* Of a setting by its dotted path; of the file where it has its default. */
static paso_mark mark_of(const paso_node *tree, const char *file, const char *path) {
    const char *dot = strchr(path, '.');
    const paso_node *found = NULL;
    for (const paso_node *section = tree->child; section; section = section->next) {
        if (strncmp(section->key, path, (size_t)(dot - path)) != 0) continue;
        if (section->key[dot - path] != '\0' || section->kind != PASO_MAP) continue;
        for (const paso_node *node = section->child; node; node = node->next)
            if (strcmp(node->key, dot + 1) == 0) found = node;
    }
    return found ? found->mark : (paso_mark){.file = file};
}

static void check_ranges(flee_reader *r, const paso_node *tree, const char *file) {
    flee_settings *set = &r->s->set;
    const struct {
        const char *path;
        double value, low, high;
        bool open; /* low itself is refused */
    } range[] = {
        {"optimisations.hasten", set->hasten, 1, 1e9, false},
        {"move_rules.max_move_speed", set->max_move_speed, 0, FLEE_FASTEST, true},
        {"move_rules.max_walk_speed", set->max_walk_speed, 0, FLEE_FASTEST, true},
        {"move_rules.capacity_buffer", set->capacity_buffer, 0, HUGE_VAL, false},
        {"move_rules.conflict_movechance", set->conflict_movechance, 0, HUGE_VAL, false},
        {"move_rules.camp_movechance", set->camp_movechance, 0, HUGE_VAL, false},
        {"move_rules.idpcamp_movechance", set->idpcamp_movechance, 0, HUGE_VAL, false},
        {"move_rules.default_movechance", set->default_movechance, 0, HUGE_VAL, false},
        {"move_rules.softening", set->softening, 0, HUGE_VAL, false},
        {"move_rules.camp_weight", set->camp_weight, 0, HUGE_VAL, false},
        {"move_rules.foreign_weight", set->foreign_weight, 0, HUGE_VAL, false},
        {"move_rules.conflict_weight", set->conflict_weight, 0, HUGE_VAL, false},
        {"move_rules.movechance_pop_base", set->movechance_pop_base, 0, HUGE_VAL, true},
        {"move_rules.avg_religion_fraction", set->avg_religion_fraction, 0, HUGE_VAL, true},
        {"move_rules.awareness_level", set->awareness_level, -1, 1e9, false},
        {"spawn_rules.conflict_spawn_decay_interval", set->conflict_spawn_decay_interval, 1, 1e9,
         false},
    };
    for (size_t i = 0; i < sizeof range / sizeof *range; i++) {
        double v = range[i].value;
        if (v > range[i].low && v <= range[i].high) continue;
        if (v == range[i].low && !range[i].open) continue;
        paso_error(r->diags, "flee-setting", mark_of(tree, file, range[i].path), range[i].path,
                   NULL, "expected a number from %g to %g, found %g", range[i].low, range[i].high,
                   v);
    }
}

static void use_v1(flee_settings *set) {
    set->max_move_speed = 200;
    set->start_on_foot = set->avoid_short_stints = false;
    set->camp_weight = 2;
    set->conflict_weight = 0.25;
}

paso_status paso_flee_read_settings(flee_reader *r, const char *file) {
    paso_node *tree = NULL;
    take_defaults(&r->s->set);
    paso_status status = paso_tree_read(r->arena, r->diags, file, true, &tree);
    if (status != PASO_OK) return status;
    if (tree->kind != PASO_MAP)
        return paso_error(r->diags, "flee-setting", tree->mark, "", "as in move_rules:",
                          "expected sections of settings by name, found a list or a text");
    for (const paso_node *node = tree->child; node; node = node->next) {
        bool known = false;
        for (size_t i = 0; i < 4; i++) known |= strcmp(sections[i], node->key) == 0;
        const setting *row = find("", node->key);
        if (is_repeated(r, "", node)) continue;
        if (strcmp(node->key, "log_levels") == 0)
            read_logs(r, node);
        else if (known)
            read_section(r, node->key, node);
        else if (row)
            read_value(r, row, node);
        else
            unknown_key(r, "", node);
    }
    if (r->s->set.use_v1_rules) use_v1(&r->s->set);
    check_ranges(r, tree, file);
    return PASO_OK;
}
