/* The top of the page (what was run, and that it is simulated) and its end (what the page may and
 * may not say, and how it was made). */
#include <string.h>

#include "report/page.h"

static const char *title(paso_report_page *page) {
    const char *text = paso_store_meta(page->store, "title_en");
    if (page->language == PASO_ES && paso_store_meta(page->store, "title_es")[0] != '\0')
        text = paso_store_meta(page->store, "title_es");
    return text[0] != '\0' ? text : paso_store_meta(page->store, "corridor");
}

/* Nothing may be loaded from anywhere: the browser itself holds the page to it. */
static const char policy[] =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n";

static void document_head(paso_report_page *page) {
    FILE *out = page->out;
    paso_html_write(out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                    SAY(SAYS_LANGUAGE));
    fputs(policy, out);
    fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          out);
    paso_html_write(out, SAY(HEAD_TITLE), title(page));
    fputs("</title>\n", out);
    paso_report_style(out);
    paso_html_write(out, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n",
                    SAY(HEAD_SKIP));
}

static void fact(FILE *out, const char *name, const char *value) {
    paso_html_write(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static void facts(paso_report_page *page) {
    char text[PASO_WORDS], last[PASO_WORDS], window[3 * PASO_WORDS];
    bool one = page->c->n_policies == 1;
    snprintf(window, sizeof window, "%s%s%s", paso_words_day(page->language, text, page->c->from),
             SAY(SAYS_TO), paso_words_day(page->language, last, page->c->until - 1));
    fputs("<dl class=\"facts\">\n", page->out);
    fact(page->out, SAY(HEAD_CORRIDOR), paso_store_meta(page->store, "corridor"));
    fact(page->out, SAY(HEAD_MEMBERS), paso_words_count(text, page->c->n_members));
    fact(page->out, SAY(HEAD_WINDOW), window);
    fact(page->out, one ? SAY(HEAD_POLICY) : SAY(HEAD_POLICIES),
         one ? paso_report_policy(page, 0) : paso_words_count(text, page->c->n_policies));
    fact(page->out, SAY(HEAD_SEED), paso_store_meta(page->store, "seed"));
    fputs("</dl>\n", page->out);
}

/* "A, B": under which policies anything rests on politics; NULL if under none. */
static const char *political_policies(const paso_report_page *page) {
    const char *text = NULL;
    for (size_t p = 0; p < page->c->n_policies; p++) {
        if (!page->c->policy[p].politics) continue;
        const char *name = paso_report_policy(page, p);
        text = text ? paso_arena_format(page->arena, "%s; %s", text, name) : name;
    }
    return text;
}

/* What a reader must know before any number: a run cut short, and shares forced into bounds. */
static void cautions(paso_report_page *page) {
    const char *clipped = paso_store_meta(page->store, "clipped");
    const char *political = political_policies(page);
    static const char open[] = "<p class=\"caution\">", close[] = "</p>\n";
    FILE *out = page->out;
    if (page->c->interrupted) {
        fputs(open, out);
        paso_html_write(out, SAY(HEAD_STOPPED), page->c->n_members,
                        paso_store_meta(page->store, "members_planned"));
        fputs(close, out);
    }
    if (clipped[0] != '\0' && strcmp(clipped, "0") != 0) {
        fputs(open, out);
        paso_html_write(out, SAY(HEAD_CLIPPED), clipped);
        fputs(close, out);
    }
    if (political) {
        fputs(open, out);
        paso_html_write(out, SAY(HEAD_POLITICAL), political);
        fputs(close, out);
    }
    if (strcmp(paso_store_meta(page->store, "quick"), "1") == 0) {
        paso_html_write(out, "%r%r%r", open, SAY(HEAD_QUICK), close);
    } else if (page->c->n_members < 100) {
        fputs(open, out);
        paso_html_write(out, SAY(HEAD_FEW), page->c->n_members);
        fputs(close, out);
    }
}

static void contents(paso_report_page *page) {
    const struct {
        const char *id, *word;
        bool shown;
    } part[] = {{"main", SAY(HEAD_TO_FINDINGS), true},
                {"charts", SAY(CHART_TITLE), true},
                {"table", SAY(TABLE_TITLE), true},
                {"policies", SAY(HEAD_POLICIES), true},
                {"claims", SAY(CLAIMS_TITLE), paso_report_has_claims(page)},
                {"assumptions", SAY(ASSUME_SHORT), true},
                {"limits", SAY(HEAD_TO_LIMITS), true}};
    paso_html_write(page->out, "<nav aria-label=\"%s\">", SAY(HEAD_CONTENTS));
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        if (part[i].shown)
            paso_html_write(page->out, "%r<a href=\"#%r\">%s</a>", i ? " " : "", part[i].id,
                            part[i].word);
    }
    fputs("</nav>\n", page->out);
}

void paso_report_head(paso_report_page *page) {
    char members[PASO_WORDS];
    document_head(page);
    paso_html_write(page->out,
                    "<header>\n<p class=\"brand\">Paso <span>%s</span></p>\n<h1>%s</h1>\n"
                    "<p class=\"stamp\">",
                    SAY(HEAD_BRAND), title(page));
    paso_html_write(page->out, SAY(HEAD_STAMP), paso_words_count(members, page->c->n_members),
                    page->c->n_policies == 1 ? SAY(HEAD_ONE) : SAY(HEAD_SEVERAL));
    fputs("</p>\n", page->out);
    facts(page);
    cautions(page);
    contents(page);
    fputs("</header>\n<main id=\"main\">\n", page->out);
}

/* ---- the end ---- */

static void made_by(paso_report_page *page) {
    const char *const keys[][2] = {{SAY(FOOT_COMMAND), "command"},
                                   {SAY(FOOT_VERSION), "version"},
                                   {SAY(FOOT_COMMIT), "git"},
                                   {SAY(FOOT_HASH), "corridor_hash"},
                                   {SAY(FOOT_FINISHED), "finished"}};
    paso_html_write(page->out, "<footer>\n<h2>%s</h2>\n<dl class=\"made\">\n", SAY(FOOT_TITLE));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = paso_store_meta(page->store, keys[i][1]);
        if (value[0] != '\0') fact(page->out, keys[i][0], value);
    }
    fputs("</dl>\n<p>", page->out);
    paso_html_write(page->out, SAY(FOOT_AGAIN), page->file);
    fputs("</p>\n</footer>\n", page->out);
}

void paso_report_foot(paso_report_page *page) {
    paso_html_write(page->out,
                    "<section id=\"limits\" class=\"prose\">\n<h2>%s</h2>\n<p>%r</p>\n<p>%r</p>\n"
                    "<p>%r</p>\n</section>\n</main>\n",
                    SAY(LIMITS_TITLE), SAY(LIMITS_SIMULATED), SAY(LIMITS_SCENARIO),
                    SAY(LIMITS_AGGREGATES));
    made_by(page);
    paso_report_script(page->out);
    fputs("</body>\n</html>\n", page->out);
}
