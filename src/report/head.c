/* The top of the page (what was run, and that it is simulated) and its end (what the page may and
 * may not say, and how it was made). */
#include <string.h>

#include "report/page.h"

static const char *title(paso_report_page *page) {
    const char *text = paso_store_meta(page->store, "title_en");
    return text[0] != '\0' ? text : paso_store_meta(page->store, "corridor");
}

/* Nothing may be loaded from anywhere: the browser itself holds the page to it. */
static const char policy[] =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n";

static void document_head(paso_report_page *page) {
    FILE *out = page->out;
    paso_html_write(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    fputs(policy, out);
    paso_html_write(out,
                    "<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<link rel=\"icon\" href=\"data:,\">\n<title>%s (simulated)</title>\n",
                    title(page));
    paso_report_style(out);
    fputs("</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the findings</a>\n", out);
}

static void fact(FILE *out, const char *name, const char *value) {
    paso_html_write(out, "<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
}

static void facts(paso_report_page *page) {
    char text[PASO_WORDS], last[PASO_WORDS], window[3 * PASO_WORDS];
    snprintf(window, sizeof window, "%s to %s", paso_words_day(text, page->c->from),
             paso_words_day(last, page->c->until - 1));
    fputs("<dl class=\"facts\">\n", page->out);
    fact(page->out, "Corridor", paso_store_meta(page->store, "corridor"));
    fact(page->out, "Members", paso_words_count(text, page->c->n_members));
    fact(page->out, "Window", window);
    fact(page->out, page->c->n_policies == 1 ? "Policy" : "Policies",
         page->c->n_policies == 1 ? page->c->policy[0].en
                                  : paso_words_count(text, page->c->n_policies));
    fact(page->out, "Seed", paso_store_meta(page->store, "seed"));
    fputs("</dl>\n", page->out);
}

/* What a reader must know before any number: a run cut short, and shares forced into bounds. */
static void cautions(paso_report_page *page) {
    const char *clipped = paso_store_meta(page->store, "clipped");
    if (page->c->interrupted) {
        paso_html_write(page->out,
                        "<p class=\"caution\"><strong>Stopped early.</strong> The run was "
                        "interrupted: %z of %s members are in this page.</p>\n",
                        page->c->n_members, paso_store_meta(page->store, "members_planned"));
    }
    if (clipped[0] != '\0' && strcmp(clipped, "0") != 0) {
        paso_html_write(page->out,
                        "<p class=\"caution\"><strong>Shares were cut to 0 or 1</strong> %s times "
                        "during the run; a rule of the corridor may be out of its range.</p>\n",
                        clipped);
    }
    if (strcmp(paso_store_meta(page->store, "quick"), "1") == 0) {
        fputs("<p class=\"caution\"><strong>A central path.</strong> One course with every chance "
              "at its mean (<code>--quick</code>): not a mean of members, and without bands.</p>\n",
              page->out);
    } else if (page->c->n_members < 100) {
        paso_html_write(page->out,
                        "<p class=\"caution\"><strong>Few members.</strong> With %z members the "
                        "ends of the bands are rough; use 100 or more.</p>\n",
                        page->c->n_members);
    }
}

static void contents(paso_report_page *page) {
    bool claims = false;
    for (size_t o = 0; o < page->c->n_observables; o++) {
        claims = claims || page->c->observable[o].n_claims > 0;
    }
    fputs("<nav aria-label=\"Contents\"><a href=\"#main\">Findings</a> <a href=\"#charts\">Charts"
          "</a> <a href=\"#table\">Table</a> <a href=\"#policies\">Policies</a> ",
          page->out);
    if (claims) fputs("<a href=\"#claims\">Claims</a> ", page->out);
    fputs("<a href=\"#assumptions\">Assumptions</a> <a href=\"#limits\">What this page may say</a>"
          "</nav>\n",
          page->out);
}

void paso_report_head(paso_report_page *page) {
    char members[PASO_WORDS];
    document_head(page);
    paso_html_write(page->out,
                    "<header>\n<p class=\"brand\">Paso <span>a policy laboratory for migration "
                    "corridors</span></p>\n<h1>%s</h1>\n",
                    title(page));
    paso_html_write(page->out,
                    "<p class=\"stamp\"><strong>Simulated.</strong> These numbers come from %s "
                    "simulated courses of events, called members, for %s. They are not counts of "
                    "what happened; dots marked <em>observed</em> are.</p>\n",
                    paso_words_count(members, page->c->n_members),
                    page->c->n_policies == 1 ? "one policy"
                                             : "each policy, with the same chance "
                                               "events under all of them");
    facts(page);
    cautions(page);
    contents(page);
    fputs("</header>\n<main id=\"main\">\n", page->out);
}

/* ---- the end ---- */

static const char limits[] =
    "<section id=\"limits\" class=\"prose\">\n<h2>What this page may and may not say</h2>\n"
    "<p>Everything here is <strong>simulated</strong> by a model that leaves out most of life. It "
    "may say how far two policies lie apart <em>in this model</em>, under the assumptions above, "
    "and how sure the model is of the sign. It may not say what will happen. The bands hold what "
    "the model varies, chance and the ranges of its parameters; they do not hold the possibility "
    "that its rules are wrong.</p>\n"
    "<p><strong>Estimates and scenarios are different things.</strong> Where a parameter has a "
    "source and a range, data speak. What is marked <em>assumed</em>, what rests on the layers "
    "<em>behaviour</em> or <em>politics</em>, and every policy is a supposition: read it as "
    "&ldquo;if this, then that&rdquo;, never as a forecast. No line on this page is one course of "
    "events: lines join the medians of all members.</p>\n"
    "<p><strong>Aggregates only.</strong> Paso counts people; it holds no data about identifiable "
    "persons and can not tell what becomes of anyone. Small numbers are rounded, and most of a "
    "small number is chance. If you quote a number, quote its band, the word "
    "<em>simulated</em>, and the policy that it is compared with.</p>\n</section>\n";

static void made_by(paso_report_page *page) {
    static const char *const keys[][2] = {{"Command", "command"},
                                          {"Version", "version"},
                                          {"Commit", "git"},
                                          {"Corridor, SHA-256", "corridor_hash"},
                                          {"Finished", "finished"}};
    fputs("<footer>\n<h2>How it was made</h2>\n<dl class=\"made\">\n", page->out);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *value = paso_store_meta(page->store, keys[i][1]);
        if (value[0] != '\0') fact(page->out, keys[i][0], value);
    }
    paso_html_write(page->out,
                    "</dl>\n<p>The same corridor, command and version give the same numbers. "
                    "All of them as a table: <code>paso export %s --format csv</code></p>\n"
                    "</footer>\n",
                    page->file);
}

void paso_report_foot(paso_report_page *page) {
    fputs(limits, page->out);
    fputs("</main>\n", page->out);
    made_by(page);
    paso_report_script(page->out);
    fputs("</body>\n</html>\n", page->out);
}
