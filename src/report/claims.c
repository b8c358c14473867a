/* Published figures beside the record and the model, with one sentence on why they differ. */
#include <math.h>

#include "report/page.h"

bool paso_report_has_claims(const paso_report_page *page) {
    for (size_t o = 0; o < page->c->n_observables; o++)
        if (page->c->observable[o].n_claims > 0) return true;
    return false;
}

static void write_head(paso_report_page *page) {
    FILE *out = page->out;
    paso_html_write(out, "<section id=\"claims\">\n<h2>%s</h2>\n<p class=\"lede\">",
                    SAY(CLAIMS_TITLE));
    paso_html_write(out, SAY(CLAIMS_HOW), paso_report_policy(page, 0));
    paso_html_write(out,
                    " %r</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
                    "aria-label=\"%s\"><table class=\"claims\">\n<thead><tr>",
                    SAY(CLAIMS_OTHERS), SAY(CLAIMS_TITLE));
    const char *const head[] = {SAY(SAYS_ABOUT), SAY(SAYS_SAID), SAY(SAYS_SERIES), SAY(SAYS_MODEL),
                                SAY(SAYS_WHY)};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        paso_html_write(out, "<th scope=\"col\">%s</th>", head[i]);
    fputs("</tr></thead>\n<tbody>\n", out);
}

/* A number with the words on it in small print. */
static void write_cell(FILE *out, const char *number, const char *words) {
    paso_html_write(out, "<td>%s", number);
    if (words[0] != '\0') paso_html_write(out, " <small>%s</small>", words);
    fputs("</td>", out);
}

static void write_claim(paso_report_page *page, const paso_store_observable *o, size_t observable,
                        const paso_store_claim *claim) {
    paso_claim_words w;
    FILE *out = page->out;
    if (!paso_claim_tell(page->arena, page->language, page->c, o, claim, &w)) return;
    const char *both = paso_arena_format(page->arena, "%s; %s", w.by, w.doc);
    paso_html_write(out, "<tr><th scope=\"row\">%s <small>%s</small></th>", w.about, w.when);
    write_cell(out, w.said[0] ? w.said : w.says, both && w.doc[0] ? both : w.by);
    write_cell(out, w.recorded || !w.seen[0] ? w.record : "", w.seen);
    paso_html_write(out, "<td>%s", w.model);
    paso_report_mark(page, paso_store_rests(page->store, 0, 0, observable));
    paso_html_write(out, "</td><td>%s</td></tr>\n", w.why);
}

void paso_report_claims(paso_report_page *page) {
    if (!paso_report_has_claims(page)) return;
    write_head(page);
    for (size_t i = 0; i < page->c->n_observables; i++) {
        const paso_store_observable *o = &page->c->observable[i];
        for (size_t k = 0; k < o->n_claims; k++) write_claim(page, o, i, &o->claim[k]);
    }
    fputs("</tbody></table></div>\n</section>\n", page->out);
}
