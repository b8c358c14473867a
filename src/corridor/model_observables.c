/* Observables: what is reported, compared, fitted and scored, with published figures beside. */
#include <stdlib.h>
#include <string.h>

#include "corridor/model_internal.h"
#include "corridor/number.h"

static void read_every(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    if (!paso_period_read(r, node, at, &((paso_observable *)c->item)->every))
        c->entry->broken = true;
}

static void read_take(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    static const char *const words[] = {"sum", "mean", "last"};
    int take = paso_word_read(r, node, at, words, 3, "how days become a period");
    if (take >= 0)
        ((paso_observable *)c->item)->take = (paso_take)take;
    else
        c->entry->broken = true;
}

static void read_is(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_observable *o = c->item;
    paso_unit unit = o->take == PASO_SUM ? paso_unit_rate(o->item.unit) : o->item.unit;
    const char *what = o->take == PASO_SUM ? "a daily amount to sum" : "an observable";
    paso_use *use = paso_use_add(r, c, node, at, what, PASO_AT_CLOSE, unit, o->item.shape);
    if (use != NULL) o->is = use->expr;
}

/* ---- a condition: the chance that it holds in a period, or the first day on which it does */

static void read_condition_take(paso_reader *r, paso_context *c, const paso_node *node,
                                paso_place at) {
    static const char *const words[] = {"any", "first"};
    paso_observable *o = c->item;
    int take = paso_word_read(r, node, at, words, 2, "what is asked of the condition");
    if (take < 0) c->entry->broken = true;
    o->take = take == 1 ? PASO_FIRST : PASO_ANY;
}

static void read_when_it_holds(paso_reader *r, paso_context *c, const paso_node *node,
                               paso_place at) {
    paso_observable *o = c->item;
    paso_use *use =
        paso_use_add(r, c, node, at, "a condition", PASO_AT_CLOSE, paso_unit_pure(), o->item.shape);
    if (use != NULL) o->is = use->expr;
}

static void finish_condition(paso_reader *r, paso_context *c) {
    paso_observable *o = c->item;
    const paso_node *every = paso_node_get(c->node, "every");
    o->item.unit_text = o->take == PASO_FIRST ? "date" : "1";
    o->fit = false;
    if (o->take == PASO_ANY && !c->entry->broken && paso_key_is_missing(c, "every"))
        paso_err(r, "missing", c->at, "a chance is that of a day, week, month or year",
                 "expected the key every, found none");
    if (o->take == PASO_FIRST && every != NULL)
        paso_err(r, "value", paso_place_child(r, c->at.path, every), NULL,
                 "expected no every: a date is one for the whole run");
    if (o->take == PASO_FIRST) o->every = PASO_RUN;
}

static void read_headline(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_observable *)c->item)->headline = paso_flag_read(r, node, at);
}

static void read_fit(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    static const char *const words[] = {"none"};
    if (paso_word_read(r, node, at, words, 1, "a way to fit") == 0)
        ((paso_observable *)c->item)->fit = false;
}

static void read_data(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_observable *o = c->item;
    const char *name = paso_text_read(r, node, at);
    paso_found found = name == NULL ? (paso_found){0} : paso_model_lookup(r->model, name);
    if (name == NULL) return;
    if (found.ref != PASO_REF_DATA) {
        paso_err_unknown_in(r, at, "a series of data", name, PASO_IN_DATA);
        return;
    }
    const paso_data *d = &r->model->data[found.index];
    paso_entry *entry = paso_entry_of(r, PASO_IN_DATA, found.index);
    o->data = found.index;
    entry->used = true;
    if (entry->broken || c->entry->broken) return;
    if (!paso_unit_equal(d->item.unit, o->item.unit))
        paso_err_unit(r, at, "a series", o->item.unit, d->item.unit);
    if (!paso_shape_equal(d->item.shape, o->item.shape))
        paso_err(r, "sets", at, NULL, "expected a series over %s, found one over %s",
                 paso_shape_write(r, o->item.shape), paso_shape_write(r, d->item.shape));
    if (d->every != o->every)
        paso_err(r, "period", at, NULL, "expected a series for every %s, found one for every %s",
                 paso_period_name(o->every), paso_period_name(d->every));
}

/* ---- noise: exact, or a law with one number in brackets */

static void read_noise(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    static const struct {
        const char *word;
        paso_noise noise;
    } law[] = {{"negbin", PASO_NOISE_NEGBIN},
               {"lognormal", PASO_NOISE_LOGNORMAL},
               {"binomial", PASO_NOISE_BINOMIAL},
               {"normal", PASO_NOISE_NORMAL}};
    paso_observable *o = c->item;
    char word[16] = "", inside[64] = "";
    int n = 0;
    if (node->kind == PASO_SCALAR && strcmp(node->text, "exact") == 0) {
        o->noise = PASO_NOISE_EXACT;
        return;
    }
    if (node->kind == PASO_SCALAR &&
        sscanf(node->text, "%15[a-z] ( %63[^)])%n", word, inside, &n) == 2 && n > 0 &&
        node->text[n] == '\0') {
        for (size_t i = 0; i < sizeof law / sizeof law[0]; i++) {
            if (strcmp(law[i].word, word) != 0) continue;
            bool own = law[i].noise == PASO_NOISE_NORMAL;
            o->noise = law[i].noise;
            if (paso_quantity_read(r, inside, at, own ? o->item.unit : paso_unit_pure(),
                                   own ? o->item.unit_text : "1", &o->noise_size) &&
                o->noise_size <= 0)
                paso_err_expected(r, at, "a size above 0", node);
            return;
        }
    }
    paso_err_expected(r, at, "exact, negbin(size), lognormal(sd), binomial(n) or normal(sd)", node);
}

/* ---- claims: here the context's item is the claim; the observable is found by the index */

static void read_says(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    const paso_item *item = &r->model->observable[c->index].item;
    if (paso_node_is(r, node, at, PASO_SCALAR))
        paso_quantity_read(r, node->text, at, item->unit, item->unit_text,
                           &((paso_claim *)c->item)->says);
}

/* "2023-11" is a month, "2023" a year: the text's length says which period it names. */
static void read_when(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_claim *claim = c->item;
    size_t n = node->kind == PASO_SCALAR ? strlen(node->text) : 0;
    if (n > 0 && paso_date_parse(node->text, &claim->when, NULL) == 0) {
        paso_period period = n == 4 ? PASO_YEAR : n == 7 ? PASO_MONTH : PASO_DAY;
        claim->when_end = paso_period_next(claim->when, period);
        return;
    }
    paso_err_expected(r, at, "a date, a month such as 2023-11, or a year", node);
}

static void read_by(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->by = paso_words_read(r, node, at);
}

static void read_claim_doc(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->doc = paso_words_read(r, node, at);
}

/* A sentence of a table that stands in both languages side by side. */
static paso_words read_both(paso_reader *r, const paso_node *node, paso_place at) {
    if (!paso_node_is(r, node, at, PASO_MAP)) return (paso_words){NULL, NULL};
    return paso_words_read(r, node, at);
}

static void read_said(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->said = read_both(r, node, at);
}

static void read_seen(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->seen = read_both(r, node, at);
}

static void read_why(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->why = read_both(r, node, at);
}

static void read_total(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    ((paso_claim *)c->item)->total = paso_flag_read(r, node, at);
}

/* "10,000 a day" in 2023-11 is set beside the month as 300,000. */
static void read_per(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    static const double days_of[] = {
        [PASO_DAY] = 1, [PASO_WEEK] = 7, [PASO_MONTH] = 365.2425 / 12, [PASO_YEAR] = 365.2425};
    paso_claim *claim = c->item;
    paso_period period = PASO_DAY;
    if (!paso_period_read(r, node, at, &period)) return;
    int days = claim->when_end - claim->when;
    claim->says *= days / days_of[period];
}

const paso_field paso_claim_fields[] = {{"says", read_says, "the published figure"},
                                        {"when", read_when, "the period that it speaks of"},
                                        {"by", read_by, "who says so"},
                                        {"doc", read_claim_doc, NULL},
                                        {"said", read_said, NULL},
                                        {"seen", read_seen, NULL},
                                        {"why", read_why, NULL},
                                        {"total", read_total, NULL},
                                        {"per", read_per, NULL},
                                        {NULL, NULL, NULL}};

static void read_claims(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_observable *o = c->item;
    if (!paso_node_is(r, node, at, PASO_LIST)) return;
    o->claim = PASO_NEW(r, node->n_children, paso_claim);
    if (o->claim == NULL) return;
    for (const paso_node *n = node->child; n != NULL; n = n->next) {
        paso_context inner = *c;
        inner.item = &o->claim[o->n_claims++];
        inner.node = n;
        inner.at = (paso_place){n->mark, at.path};
        if (paso_node_is(r, n, inner.at, PASO_MAP)) paso_fields_read(r, &inner, paso_claim_fields);
    }
}

const paso_field paso_observable_fields[] = {
    {"over", paso_read_over, NULL},
    {"unit", paso_read_unit, paso_need_unit},
    PASO_FIELDS_LABELS(paso_need_label),
    {"source", paso_read_source, NULL},
    PASO_FIELDS_COMMON,
    {"every", read_every, "every: day, week, month or year"},
    {"take", read_take, "how days become a period: sum, mean or last"},
    {"is", read_is, "what is observed"},
    {"headline", read_headline, NULL},
    {"data", read_data, NULL},
    {"noise", read_noise, NULL},
    {"fit", read_fit, NULL},
    {"claims", read_claims, NULL},
    {"path", paso_read_path, NULL},
    {NULL, NULL, NULL}};

const paso_field paso_condition_fields[] = {
    {"over", paso_read_over, NULL},
    PASO_FIELDS_LABELS(paso_need_label),
    {"source", paso_read_source, NULL},
    PASO_FIELDS_COMMON,
    {"take", read_condition_take, "any: the chance in each period; first: a date"},
    {"every", read_every, NULL},
    {"when", read_when_it_holds, "when: a comparison, such as total(queue) > 1000 people"},
    {"headline", read_headline, NULL},
    {NULL, NULL, NULL}};

/* Two kinds with different keys: numbers (`is`), and dates and chances (`when`). */
static bool is_condition(const paso_node *node) {
    const paso_node *take = paso_node_get(node, "take");
    bool word = take != NULL && take->kind == PASO_SCALAR &&
                (strcmp(take->text, "any") == 0 || strcmp(take->text, "first") == 0);
    return word || paso_node_get(node, "when") != NULL;
}

void paso_observables_read(paso_reader *r) {
    for (int i = 0; i < r->model->n_observables; i++) {
        paso_observable *o = &r->model->observable[i];
        bool condition = is_condition(r->section[PASO_IN_OBSERVABLES].items[i].node);
        o->data = -1;
        o->fit = true;
        paso_entry_read(r, PASO_IN_OBSERVABLES, i, o,
                        condition ? paso_condition_fields : paso_observable_fields,
                        condition ? finish_condition : NULL);
    }
}
