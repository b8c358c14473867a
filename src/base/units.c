/* Unit algebra on vectors of exponents.
 * Unit text is WORD or 1, then any number of "/ WORD" (divides), "* WORD" or plain "WORD"
 * (multiplies); each "/" takes only the word after it. A month is 365.2425/12 days. */
#include "base/units.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *one, *many;
    double days;
} time_word[] = {
    {"hour", "hours", 1.0 / 24},        {"day", "days", 1},          {"week", "weeks", 7},
    {"month", "months", 365.2425 / 12}, {"year", "years", 365.2425},
};
enum { N_TIME_WORDS = sizeof time_word / sizeof time_word[0] };

static const double tolerance = 1e-9; /* of exponents, which come from halving and multiplying */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_word_char(char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
}

static size_t word_length(const char *text) {
    size_t n = 0;
    if (!is_letter(text[0])) return 0;
    while (is_word_char(text[n])) n++;
    return n;
}

static bool same(const char *name, const char *word, size_t length) {
    return strlen(name) == length && memcmp(name, word, length) == 0;
}

void paso_units_init(paso_units *units) {
    memset(units, 0, sizeof *units);
    units->name[0] = "days";
    units->n = 1;
}

int paso_units_add(paso_units *units, const char *name) {
    paso_unit ignored;
    size_t length = strlen(name);
    if (length == 0 || word_length(name) != length) return -2;
    if (strcmp(name, "date") == 0 || paso_unit_word(units, name, length, &ignored) == 0) return -2;
    if (units->n == PASO_MAX_UNITS) return -1;
    units->name[units->n++] = name;
    return 0;
}

paso_unit paso_unit_pure(void) {
    paso_unit unit = {.factor = 1};
    return unit;
}

int paso_unit_word(const paso_units *units, const char *word, size_t length, paso_unit *unit) {
    *unit = paso_unit_pure();
    for (int i = 0; i < N_TIME_WORDS; i++) {
        if (!same(time_word[i].one, word, length) && !same(time_word[i].many, word, length))
            continue;
        unit->power[0] = 1;
        unit->factor = time_word[i].days;
        return 0;
    }
    for (size_t i = 1; i < units->n; i++) {
        if (!same(units->name[i], word, length)) continue;
        unit->power[i] = 1;
        return 0;
    }
    return -1;
}

static const char *skip_blanks(const char *text) {
    return text + strspn(text, " ");
}

int paso_unit_parse(const paso_units *units, const char *text, paso_unit *unit, const char **bad) {
    const char *at = skip_blanks(text);
    bool divide = false;
    *unit = paso_unit_pure();
    if (same("date", at, word_length(at)) && *skip_blanks(at + 4) == '\0') {
        unit->date = true;
        return 0;
    }
    if (*at == '1' && !is_word_char(at[1])) {
        at = skip_blanks(at + 1);
        if (*at == '\0') return 0;
        if (*at != '/' && *at != '*') goto fail;
        divide = *at == '/';
        at = skip_blanks(at + 1);
    }
    do {
        paso_unit factor;
        size_t length = word_length(at);
        if (length == 0 || paso_unit_word(units, at, length, &factor) != 0) goto fail;
        *unit = divide ? paso_unit_divide(*unit, factor) : paso_unit_multiply(*unit, factor);
        at = skip_blanks(at + length);
        divide = *at == '/';
        if (*at == '\0') return 0;
        if (divide || *at == '*') at = skip_blanks(at + 1);
    } while (true);
fail:
    if (bad != NULL) *bad = at;
    return -1;
}

/* A literal 0 in a product counts as pure: `0 * people` has the unit that it seems to have. */
paso_unit paso_unit_multiply(paso_unit a, paso_unit b) {
    for (int i = 0; i < PASO_MAX_UNITS; i++) a.power[i] += b.power[i];
    a.factor *= b.factor;
    a.date = a.date || b.date;
    a.any = a.any && b.any;
    return a;
}

paso_unit paso_unit_divide(paso_unit a, paso_unit b) {
    for (int i = 0; i < PASO_MAX_UNITS; i++) a.power[i] -= b.power[i];
    a.factor /= b.factor;
    a.date = a.date || b.date;
    a.any = a.any && b.any;
    return a;
}

paso_unit paso_unit_power(paso_unit a, double exponent) {
    for (int i = 0; i < PASO_MAX_UNITS; i++) a.power[i] *= exponent;
    a.factor = pow(a.factor, exponent);
    return a;
}

bool paso_unit_equal(paso_unit a, paso_unit b) {
    if (a.any || b.any) return true;
    for (int i = 0; i < PASO_MAX_UNITS; i++) {
        if (fabs(a.power[i] - b.power[i]) > tolerance) return false;
    }
    return a.date == b.date;
}

bool paso_unit_is_pure(paso_unit a) {
    return paso_unit_equal(a, paso_unit_pure());
}

bool paso_unit_is_counting(paso_unit a) {
    int ones = 0;
    if (a.date || a.any || fabs(a.power[0]) > tolerance) return false;
    for (int i = 1; i < PASO_MAX_UNITS; i++) {
        if (fabs(a.power[i]) <= tolerance) continue;
        if (fabs(a.power[i] - 1) > tolerance) return false;
        ones++;
    }
    return ones == 1;
}

static void append(char *text, size_t size, const char *mark, const char *name, double power) {
    size_t n = strlen(text);
    if (fabs(power - 1) <= tolerance) {
        snprintf(text + n, size - n, "%s%s", mark, name);
    } else {
        snprintf(text + n, size - n, "%s%s^%g", mark, name, power);
    }
}

/* One pass writes what multiplies (sign 1) or what divides (sign -1); time comes last in each. */
static void append_side(const paso_units *units, paso_unit unit, int sign, char *text,
                        size_t size) {
    for (size_t k = 1; k <= units->n; k++) {
        size_t i = k % units->n;
        double power = sign * unit.power[i];
        if (power <= tolerance) continue;
        const char *name = i == 0 && sign < 0 ? "day" : units->name[i];
        append(text, size, sign < 0 ? "/" : *text == '\0' ? "" : "*", name, power);
    }
}

const char *paso_unit_write(const paso_units *units, paso_unit unit, char *text, size_t size) {
    if (size == 0) return text;
    if (unit.any || unit.date) {
        snprintf(text, size, "%s", unit.any ? "any unit" : "date");
        return text;
    }
    text[0] = '\0';
    append_side(units, unit, 1, text, size);
    if (text[0] == '\0') snprintf(text, size, "1");
    append_side(units, unit, -1, text, size);
    return text;
}
