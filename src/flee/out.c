/* Flee's out.csv, as its own programs read it: the same columns, and numbers as Python writes them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "flee/flee.h"

/* The shortest text that reads back as the same number; "1.0" for whole ones. */
static void write_float(FILE *out, double value) {
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    fprintf(out, "%s%s", text, strpbrk(text, ".en") ? "" : ".0");
}

static double relative(double sim, double data) {
    if (data < 1e-5) return 0;
    return nearbyint(fabs(sim / data - 1) * 1e4) / 1e4;
}

static void write_cell(FILE *out, const char *name, const char *what) {
    bool quote = strpbrk(name, ",\"\n") != NULL;
    if (!quote) {
        fprintf(out, "%s %s,", name, what);
        return;
    }
    fputc('"', out);
    for (; *name; name++) {
        if (*name == '"') fputc('"', out);
        fputc(*name, out);
    }
    fprintf(out, " %s\",", what);
}

static void write_head(FILE *out, const paso_flee_scenario *s) {
    static const char *const what[] = {"sim", "data", "error"};
    fputs("Day,Date,", out);
    for (size_t i = 0; i < s->n_camps; i++)
        for (size_t k = 0; k < 3; k++) write_cell(out, s->place[s->camp[i]].name, what[k]);
    fputs("Total error,refugees in camps (UNHCR),total refugees (simulation),"
          "raw UNHCR refugee count,refugees in camps (simulation),refugee_debt",
          out);
    fputs(s->set.idp_totals ? ",total IDPs\n" : "\n", out);
}

static void write_day(FILE *out, const paso_flee_scenario *s, const paso_flee_result *r, size_t t) {
    char date[16];
    double sim_sum = 0, data_sum = 0, wrong = 0;
    paso_date_write(s->start + (int)t + (s->fixed ? 0 : 1), date); /* Flee: the day after */
    fprintf(out, "%zu,%s,", t, date);
    for (size_t i = 0; i < s->n_camps; i++) {
        double sim = r->in_camp[t * s->n_camps + i], data = r->data[t * s->n_camps + i];
        fprintf(out, "%.0f,%.0f,", sim, data);
        write_float(out, relative(sim, data));
        fputc(',', out);
        sim_sum += sim;
        data_sum += data;
        wrong += fabs(sim - data);
    }
    if (r->raw[t] > 0) {
        write_float(out, wrong / r->raw[t]);
        fprintf(out, ",%.0f,%.0f,%.0f,%.0f,%.0f", data_sum, r->people[t], r->raw[t], sim_sum,
                r->debt[t]);
    } else {
        fprintf(out, "0.0,0,%.0f,0,%.0f,0", r->people[t], sim_sum);
    }
    if (s->set.idp_totals) fprintf(out, ",%.0f", r->idps[t]);
    fputc('\n', out);
}

void paso_flee_write_csv(FILE *out, const paso_flee_scenario *scenario,
                         const paso_flee_result *result) {
    write_head(out, scenario);
    for (size_t t = 0; t < (size_t)result->days; t++) write_day(out, scenario, result, t);
}
