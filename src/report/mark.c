/* Words that come from the corridor in the page's language, and the badge of politics. */
#include <string.h>

#include "report/page.h"

const char *paso_report_pick(const paso_report_page *page, const char *en, const char *es) {
    return page->language == PASO_ES ? es : en;
}

const char *paso_report_policy(const paso_report_page *page, size_t policy) {
    return paso_report_pick(page, page->c->policy[policy].en, page->c->policy[policy].es);
}

void paso_report_doc(const paso_report_page *page, const char *tag, const char *kind,
                     const char *en, const char *es) {
    bool foreign = page->language == PASO_ES && es[0] == '\0';
    if (en[0] == '\0') return;
    paso_html_write(page->out, "<%r%r%r>%s</%r>", tag, kind, foreign ? " lang=\"en\"" : "",
                    foreign ? en : paso_report_pick(page, en, es), tag);
}

const char *paso_report_layers(const paso_report_page *page, const char *layers) {
    static const struct {
        const char *name;
        paso_wording word;
    } known[] = {{"accounting", PASO_SAYS_ACCOUNTING},
                 {"behaviour", PASO_SAYS_BEHAVIOUR},
                 {"politics", PASO_SAYS_POLITICS}};
    const char *text = "";
    for (size_t i = 0; i < sizeof known / sizeof *known && text; i++) {
        if (!strstr(layers, known[i].name)) continue;
        text = paso_arena_format(page->arena, "%s%s%s", text, text[0] ? ", " : "",
                                 paso_say(page->language, known[i].word));
    }
    return text ? text : ""; /* without memory there will be no page */
}

const char *paso_report_rests(const paso_report_page *page, const paso_report_view *view) {
    char layers[64];
    size_t most = 0;
    for (size_t p = 1; p < page->c->n_policies; p++)
        if (page->c->policy[p].rests[view->observable]) most = p;
    paso_store_layers(page->store, most, 0, view->observable, layers);
    return paso_report_layers(page, layers);
}

void paso_report_mark(const paso_report_page *page, bool political) {
    if (!political) return;
    paso_html_write(page->out, " <mark class=\"scenario\" title=\"%s\">%s</mark>", SAY(MARK_WHY),
                    SAY(MARK_POLITICS));
}

void paso_report_mark_view(const paso_report_page *page, const paso_report_view *view,
                           size_t policy, bool difference) {
    paso_report_mark(
        page, paso_store_rests(page->store, policy, difference ? 0 : policy, view->observable));
}
