/* A published figure in words, with what the record and the model say over the same days. */
#include <math.h>
#include <string.h>

#include "report/words.h"

typedef struct teller {
    paso_arena *arena;
    paso_language language;
    const char *unit;
} teller;

static const char *period_of(const teller *t, const paso_store_claim *c) {
    char first[PASO_WORDS], last[PASO_WORDS];
    for (int period = PASO_DAY; period <= PASO_YEAR && !c->total; period++) {
        if (paso_period_start(c->first_day, (paso_period)period) == c->first_day &&
            paso_period_next(c->first_day, (paso_period)period) - 1 == c->last_day)
            return paso_arena_text(
                t->arena, paso_words_period(t->language, first, c->first_day, (paso_period)period));
    }
    paso_words_day(t->language, last, c->last_day);
    if (c->total)
        return paso_arena_format(t->arena, "%s%s", paso_say(t->language, PASO_SAYS_IN_ALL), last);
    return paso_arena_format(t->arena, "%s%s%s", paso_words_day(t->language, first, c->first_day),
                             paso_say(t->language, PASO_SAYS_TO), last);
}

static const char *with_unit(const teller *t, const char *number) {
    return paso_arena_format(t->arena, "%s%s%s", number, t->unit[0] ? " " : "", t->unit);
}

static const char *plain(const teller *t, double value) {
    char text[PASO_WORDS];
    return with_unit(t, paso_words_plain(text, value));
}

static const char *model_of(const teller *t, const paso_summary *s, bool whole) {
    char text[3][PASO_WORDS];
    double step = paso_words_step(s, 1, whole);
    if (isnan(s->band[2])) return paso_say(t->language, PASO_SAYS_NOT_RUN);
    const char *median = with_unit(t, paso_words_number(text[0], s->band[2], step, false));
    if (!median || s->band[0] == s->band[4]) return median;
    return paso_arena_format(
        t->arena, "%s (%s%s%s%s)", median, paso_say(t->language, PASO_SAYS_MOST),
        paso_words_number(text[1], s->band[0], step, false), paso_say(t->language, PASO_SAYS_TO),
        paso_words_number(text[2], s->band[4], step, false));
}

bool paso_claim_tell(paso_arena *arena, paso_language language, const paso_store_contents *c,
                     const paso_store_observable *o, const paso_store_claim *claim,
                     paso_claim_words *words) {
    bool spanish = language == PASO_ES;
    const char *unit = paso_words_unit(arena, language, c, o->unit);
    teller t = {.arena = arena, .language = language, .unit = unit ? unit : ""};
    bool counted = strcmp(o->unit, "1") != 0 && !strchr(o->unit, '/');
    *words = (paso_claim_words){
        .about = spanish ? o->es : o->en,
        .when = period_of(&t, claim),
        .says = plain(&t, claim->says),
        .said = spanish ? claim->said_es : claim->said,
        .by = spanish ? claim->by_es : claim->by,
        .doc = spanish ? claim->doc_es : claim->doc,
        .recorded = !isnan(claim->record),
        .record = isnan(claim->record) ? paso_say(language, PASO_SAYS_NO_SERIES)
                                       : plain(&t, claim->record),
        .seen = spanish ? claim->seen_es : claim->seen,
        .model = model_of(&t, &claim->model, counted),
        .why = spanish ? claim->why_es : claim->why,
    };
    return unit && words->when && words->says && words->record && words->model;
}
