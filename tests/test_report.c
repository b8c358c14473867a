/* The report: escaping, rounding and wording, the chart writer stroke by stroke, and whole pages
 * made from stores that are written by hand with numbers whose bands are known. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>

#include "model_text.h"
#include "program/compile.h"
#include "report/html.h"
#include "report/report.h"
#include "report/svg.h"
#include "store/store.h"

enum { JANUARY = 19723 /* 2024-01-01 */, N_MEMBERS = 21 };

/* ---- what a writer wrote ---- */

static FILE *paper;
static char written[8000];

static FILE *blank(void) {
    paper = tmpfile();
    ck_assert_ptr_nonnull(paper);
    return paper;
}

static const char *taken(void) {
    rewind(paper);
    written[fread(written, 1, sizeof written - 1, paper)] = '\0';
    fclose(paper);
    return written;
}

/* ---- escaping ---- */

START_TEST(text_is_escaped) {
    paso_html_text(blank(), "<script>a && 'b' \"c\"</script>");
    ck_assert_str_eq(taken(),
                     "&lt;script&gt;a &amp;&amp; &#39;b&#39; &quot;c&quot;&lt;/script&gt;");
    paso_html_text(blank(), "Ju\xC3\xA1rez\t\x01\x7F\xFFz");
    ck_assert_str_eq(taken(), "Ju\xC3\xA1rez\t\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
}
END_TEST

START_TEST(templates) {
    paso_html_write(blank(), "<i a=\"%s\">%r%z %d %f %f %f%%</i>", "\"><b>", "<br>", (size_t)7, -3,
                    1.5, -0.001, 33.333);
    ck_assert_str_eq(taken(), "<i a=\"&quot;&gt;&lt;b&gt;\"><br>7 -3 1.5 0 33.33%</i>");
}
END_TEST

START_TEST(only_web_addresses_are_links) {
    paso_html_link(blank(), "https://example.org/?a=1&b=2", "A");
    ck_assert_str_eq(taken(),
                     "<a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noreferrer\">A</a>");
    paso_html_link(blank(), "javascript:alert(1)", "A");
    ck_assert_str_eq(taken(), "A");
    paso_html_link(blank(), "", "A & B");
    ck_assert_str_eq(taken(), "A &amp; B");
}
END_TEST

/* ---- words ---- */

static double step(double low, double median, double high, bool whole) {
    paso_summary s = {.mean = median, .band = {low, median, median, median, high}};
    return paso_words_step(&s, 1, whole);
}

START_TEST(steps_follow_the_band) {
    ck_assert_double_eq_tol(step(4100, 9800, 16300, true), 100, 1e-9);
    ck_assert_double_eq_tol(step(3.61e6, 4.35e6, 5.12e6, true), 1e4, 1e-6);
    ck_assert_double_eq_tol(step(-7, -2, 3, true), 1, 1e-12); /* no tenth of a person */
    ck_assert_double_eq_tol(step(0.2, 0.4, 0.5, true), 0.001, 1e-12);
    ck_assert_double_eq_tol(step(0, 3, 900, false), 0.1, 1e-12);            /* a lopsided band */
    ck_assert_double_eq_tol(step(171412, 171412, 171412, true), 100, 1e-9); /* no band */
    ck_assert_double_eq_tol(step(1.0076, 1.0132, 1.0227, false), 0.001, 1e-12); /* four figures */
    ck_assert_double_eq(step(0, 0, 0, true), 0);
    ck_assert_double_eq(step(NAN, NAN, NAN, true), 0);
}
END_TEST

START_TEST(numbers) {
    char text[PASO_WORDS];
    ck_assert_str_eq(paso_words_number(text, 9812.3, 100, false), "9,800");
    ck_assert_str_eq(paso_words_number(text, 1234567, 1, true), "+1,234,567");
    ck_assert_str_eq(paso_words_number(text, -999.6, 1, true), "\xE2\x88\x92"
                                                               "1,000");
    ck_assert_str_eq(paso_words_number(text, -0.2, 1, true), "0");
    ck_assert_str_eq(paso_words_number(text, 0.125, 0.01, false), "0.13");
    ck_assert_str_eq(paso_words_number(text, 1234.5, 0.1, false), "1,234.5");
    ck_assert_str_eq(paso_words_number(text, NAN, 1, false), "\xE2\x80\x93");
    ck_assert_str_eq(paso_words_number(text, 1e300, 1, false), "1e+300");
    ck_assert_str_eq(paso_words_count(text, 1000), "1,000");
}
END_TEST

START_TEST(plain_numbers) {
    char text[PASO_WORDS];
    ck_assert_str_eq(paso_words_plain(text, 12000), "12,000");
    ck_assert_str_eq(paso_words_plain(text, 191106), "191,106");
    ck_assert_str_eq(paso_words_plain(text, 394.2586), "394.3");
    ck_assert_str_eq(paso_words_plain(text, -0.5), "\xE2\x88\x92"
                                                   "0.5");
    ck_assert_str_eq(paso_words_plain(text, 0.0011), "0.0011");
    ck_assert_str_eq(paso_words_plain(text, 1.5e20), "1.5e+20");
    ck_assert_str_eq(paso_words_plain(text, 0), "0");
    ck_assert_str_eq(paso_words_plain(text, NAN), "\xE2\x80\x93");
}
END_TEST

START_TEST(dates) {
    char text[PASO_WORDS];
    ck_assert_str_eq(paso_words_day(PASO_EN, text, JANUARY + 59), "29 Feb 2024");
    ck_assert_str_eq(paso_words_period(PASO_EN, text, JANUARY, PASO_MONTH), "Jan 2024");
    ck_assert_str_eq(paso_words_period(PASO_EN, text, JANUARY, PASO_WEEK), "week of 1 Jan 2024");
    ck_assert_str_eq(paso_words_period(PASO_EN, text, JANUARY, PASO_YEAR), "2024");
    ck_assert_str_eq(paso_words_period(PASO_EN, text, JANUARY, PASO_DAY), "1 Jan 2024");
    ck_assert_str_eq(paso_words_day(PASO_ES, text, JANUARY), "1 ene 2024");
    ck_assert_str_eq(paso_words_period(PASO_ES, text, JANUARY + 213, PASO_MONTH), "ago 2024");
    ck_assert_str_eq(paso_words_period(PASO_ES, text, JANUARY, PASO_WEEK), "semana del 1 ene 2024");
}
END_TEST

/* ---- charts ---- */

START_TEST(axes_are_round_and_start_at_zero) {
    paso_svg_scale s = paso_svg_scale_of(0, 10, 100, 930, 4);
    ck_assert_double_eq(s.low, 0);
    ck_assert_double_eq_tol(s.high, 1000, 1e-9);
    ck_assert_double_eq_tol(s.step, 500, 1e-9);
    s = paso_svg_scale_of(0, 10, 3.3e6, 3.9e6, 4); /* from zero most of it would be empty */
    ck_assert(s.low > 3e6 && s.low <= 3.3e6 && s.high >= 3.9e6 && s.high < 4.3e6);
    s = paso_svg_scale_of(0, 10, INFINITY, -INFINITY, 4); /* nothing to show */
    ck_assert(s.high > s.low && s.step > 0);
    s = paso_svg_scale_of(0, 10, -6, 2, 3);
    ck_assert(s.low <= -6 && s.high >= 2);
    ck_assert_double_eq_tol(paso_svg_x(&s, 2.5), 25, 1e-9);
    ck_assert_double_eq_tol(paso_svg_y(&s, s.high), 0, 1e-9);
}
END_TEST

static const paso_svg_scale square = {.from = 0, .until = 10, .low = 0, .high = 10, .step = 5};

static paso_summary flat(double low, double median, double high) {
    return (paso_summary){.mean = median, .band = {low, low, median, high, high}};
}

START_TEST(bands_and_lines) {
    double x[] = {1, 2};
    paso_summary s[] = {flat(1, 2, 3), flat(2, 4, 5)};
    paso_svg_band(blank(), &square, "b90 p1", x, s, 2, 0, 4);
    ck_assert_str_eq(taken(),
                     "<path class=\"b90 p1\" d=\"M100 700l0 0 100-200 0 300 -100 100 0 0 z\"/>");
    paso_svg_line(blank(), &square, "line", x, s, 2);
    ck_assert_str_eq(taken(), "<path class=\"line\" d=\"M100 800l0 0 100-200 \"/>");
}
END_TEST

START_TEST(missing_values_break_a_line) {
    double x[] = {1, 2, 3, 4};
    paso_summary s[] = {flat(1, 2, 3), flat(1, 2, 3), flat(NAN, NAN, NAN), flat(1, 2, 3)};
    paso_svg_line(blank(), &square, "line", x, s, 4);
    /* The last one alone is widened to be seen. */
    ck_assert_str_eq(taken(), "<path class=\"line\" d=\"M100 800l0 0 100 0 M395 800l10 0 \"/>");
    paso_svg_line(blank(), &square, "line", x, s + 2, 1);
    ck_assert_str_eq(taken(), "<path class=\"line\" d=\"\"/>");
}
END_TEST

START_TEST(dots) {
    double x[] = {1, 2, 3}, y[] = {5, NAN, 10};
    paso_svg_dots(blank(), &square, x, y, 3);
    ck_assert_str_eq(taken(), "<path class=\"dots\" d=\"M100 500h0M300 0h0\"/>");
}
END_TEST

START_TEST(date_axes) {
    paso_svg_scale year = {.from = JANUARY, .until = JANUARY + 366, .high = 1, .step = 1};
    paso_svg_x_axis(blank(), &year, 5);
    const char *text = taken();
    ck_assert_ptr_nonnull(strstr(text, ">Jan 2024</text>"));
    ck_assert_ptr_nonnull(strstr(text, ">Apr 2024</text>"));
    ck_assert_ptr_null(strstr(text, ">Feb 2024</text>"));
    paso_svg_scale month = {.from = JANUARY, .until = JANUARY + 31, .high = 1, .step = 1};
    paso_svg_x_axis(blank(), &month, 6);
    text = taken();
    ck_assert_ptr_nonnull(strstr(text, ">8 Jan</text>"));
    ck_assert_ptr_null(strstr(text, ">9 Jan</text>"));
}
END_TEST

/* ---- a whole page ---- */

/* Waiting has three cells with a total, part three without one, crowd is daily, left is a flow. */
static const char corridor[] =
    "title: {en: \"Hills & <Coast>\", es: Sierra}\n"
    "words: {x: el puerto}\n"
    "sources:\n  diary: {title: \"Diary <1>\", by: somebody, url: \"https://example.org\"}\n"
    "  bad: {title: Bad, by: nobody, url: \"javascript:alert(1)\"}\n"
    "sets:\n"
    "  origin: {columns: [en, es], rows: {hills: [The hills, La], coast: [The coast, La], "
    "moon: [\"The <moon>\", La]}}\n"
    "data:\n  seen: {table: seen.csv, over: [origin], every: month, unit: people, source: diary}\n"
    "parameters:\n"
    "  slow: {value: 2, range: [1, 4], unit: weeks, source: diary, doc: mean stay}\n"
    "  odd: {value: 0.5, factor: 2, unit: 1, source: assumed, doc: \"a <guess>\"}\n"
    "levers:\n"
    "  gate: {over: [origin], value: 1, bounds: [0, 9], unit: people/day, who: x, group: y, en: "
    "\"Gate \\\"A\\\"\", es: Puerta}\n"
    "stages:\n"
    "  camp: {over: [origin], unit: people, start: 10 people * odd, enters: {rate: gate}, exits: "
    "{go: {hazard: 1 / slow, to: outside}}, en: Camp, es: Campo}\n"
    "policies:\n"
    "  base: {en: Base, es: Base, set: {gate: {2024-01-01: 2, 2024-02-01: 3}}}\n"
    "  more: {en: \"More </b>\", es: Mas, base: base, from: 2024-02-10, until: 2024-02-20, set: "
    "{\"gate[coast]\": gate + 1 people/day}}\n"
    "observables:\n"
    "  part: {is: \"ratio(camp, total(camp), 0)\", over: [origin], every: month, take: last, unit: "
    "1, en: Part, es: Parte}\n"
    "  waiting: {is: camp, over: [origin], every: month, take: last, unit: people, data: seen, "
    "noise: exact, headline: true, en: Waiting, es: Esperan, claims: [{says: 12, when: 2023-12, "
    "by: "
    "\"a <paper>\", doc: said}]}\n"
    "  left: {is: total(camp.go), every: month, take: sum, unit: people, headline: true, en: Left, "
    "es: Salieron}\n"
    "  crowd: {is: total(camp), every: day, take: last, unit: people, headline: true, en: Crowd, "
    "es: Gente}\n";

static char store_path[128], page_path[128], *page;

static const int base_policy[] = {0}, more_policy[] = {1};
static const paso_store_stack stacks[] = {{"base", base_policy, 1, NULL},
                                          {"more", more_policy, 1, NULL}};

/* In pairs: 4,000 to 16,000 fewer wait at the hills at the end of February; more leave, but for
 * three members; nothing else differs. */
static void add_member(paso_store *store, size_t policy, uint32_t m) {
    bool second = policy == 1;
    double crowd[60], fewer = second ? 4000.0 + 600.0 * m : 0;
    double more = !second ? 0 : m < 3 ? -10 : 150;
    double part[] = {0.25, 0.5, 0.25, 0.2, 0.5, 0.3};
    double waiting[] = {30000, 40000 - fewer, 500 + m, 600, 0, 3};
    double left[] = {2000 + m, 2000 + more};
    for (int k = 0; k < 60; k++) crowd[k] = 1000.0 + 10 * k + m;
    ck_assert_int_eq(paso_store_sample(store, policy, m, 0, part, 6), PASO_OK);
    ck_assert_int_eq(paso_store_sample(store, policy, m, 1, waiting, 6), PASO_OK);
    ck_assert_int_eq(paso_store_sample(store, policy, m, 2, left, 2), PASO_OK);
    ck_assert_int_eq(paso_store_sample(store, policy, m, 3, crowd, 60), PASO_OK);
}

static void add_nothing(paso_store *store, const paso_grid *grid, size_t policy, uint32_t m) {
    static const double none[64];
    for (size_t o = 0; o < grid->n_observables; o++) {
        size_t n = grid->item[o].n_cells * grid->item[o].n_periods;
        ck_assert_int_eq(paso_store_sample(store, policy, m, o, none, n), PASO_OK);
    }
}

static void write_store(size_t n_policies, bool interrupted, int from, int until) {
    paso_program *program;
    paso_grid *grid;
    paso_store *store;
    paso_plan plan = {
        .n_policies = n_policies, .seed = 9, .n_members = N_MEMBERS, .from = from, .until = until};
    paso_store_run run = {
        .version = "1.2", .git = "abc", .command = "paso run <x>", .plan = &plan, .stack = stacks};
    ck_assert_int_eq(paso_program_compile(model, NULL, &program), PASO_OK);
    ck_assert_int_eq(paso_grid_create(program, from, until, &grid), PASO_OK);
    ck_assert_int_eq(paso_store_create(store_path, true, &diags, &store), PASO_OK);
    ck_assert_int_eq(paso_store_begin(store, model, grid, &run), PASO_OK);
    for (size_t p = 0; p < n_policies; p++) {
        for (uint32_t m = 0; m < N_MEMBERS; m++) {
            if (until - from == 60) {
                add_member(store, p, m);
            } else {
                add_nothing(store, grid, p, m);
            }
        }
    }
    ck_assert_int_eq(paso_store_end(store, interrupted, 11, 1.5), PASO_OK);
    paso_store_close(store);
    paso_grid_free(grid);
    paso_program_free(program);
}

static void page_setup(void) {
    text_setup();
    text_write("seen.csv", "",
               "date,origin,value\n2023-11,hills,20000\n2023-11,coast,500\n2023-11,moon,1\n"
               "2023-12,hills,25000\n2023-12,coast,400\n2023-12,moon,2\n2024-01,hills,\n"
               "2024-01,coast,1\n2024-01,moon,1\n");
    read_text(corridor);
    snprintf(store_path, sizeof store_path, "%s/results.db", text_folder);
    snprintf(page_path, sizeof page_path, "%s/page.html", text_folder);
}

static void page_teardown(void) {
    free(page);
    page = NULL;
    remove(page_path);
    remove(store_path);
    text_teardown();
}

static void read_page(void) {
    FILE *in = fopen(page_path, "rb");
    ck_assert_ptr_nonnull(in);
    free(page);
    page = calloc(1, 4000000);
    ck_assert_uint_lt(fread(page, 1, 3999999, in), 3999999);
    fclose(in);
}

static void make_page(size_t n_policies) {
    write_store(n_policies, false, JANUARY, JANUARY + 60);
    ck_assert_int_eq(paso_report_write(store_path, page_path, false, &diags), PASO_OK);
    read_page();
}

static void has(const char *text) {
    ck_assert_msg(strstr(page, text) != NULL, "expected in the page: %s", text);
}

static void hasnt(const char *text) {
    ck_assert_msg(strstr(page, text) == NULL, "expected not in the page: %s", text);
}

START_TEST(sections_in_order) {
    static const char *const order[] = {"<h1>",
                                        "Simulated.",
                                        "<dt>Corridor</dt><dd>test</dd>",
                                        "<dt>Members</dt><dd>21</dd>",
                                        "<dd>1 Jan 2024 to 29 Feb 2024</dd>",
                                        "<dt>Seed</dt><dd>9</dd>",
                                        "id=\"findings\"",
                                        "id=\"charts\"",
                                        "<h3>Waiting</h3>",
                                        "<h3>Left</h3>",
                                        "<h3>Crowd</h3>",
                                        "<h3>Part: The hills</h3>",
                                        "id=\"table\"",
                                        "id=\"policies\"",
                                        "id=\"claims\"",
                                        "id=\"assumptions\"",
                                        "<h3>Sources</h3>",
                                        "id=\"limits\"",
                                        "<footer>",
                                        "</html>"};
    make_page(2);
    const char *at = page;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *next = strstr(at, order[i]);
        ck_assert_msg(next != NULL, "expected after the others: %s", order[i]);
        at = next;
    }
}
END_TEST

START_TEST(headline_in_words) {
    make_page(2);
    has("<span class=\"what\">Waiting:</span> about <strong>10,000 fewer people</strong> on 29 Feb "
        "2024, 90&nbsp;% between 4,600 and 15,400 fewer.");
    /* Three members of 21 go the other way: less than 95 % agree. */
    has("<b>No clear sign</b> (fewer than 95&nbsp;% of members agree): Left.");
    has("<b>The same in every member</b>: Crowd.");
}
END_TEST

START_TEST(one_policy_has_levels) {
    make_page(1);
    has("<span class=\"what\">Waiting:</span> <strong>40,600 people</strong> on 29 Feb 2024</li>");
    hasnt("Difference");
    hasnt("policies part");
}
END_TEST

START_TEST(users_texts_stay_texts) {
    make_page(2);
    has("<h1>Hills &amp; &lt;Coast&gt;</h1>");
    has("More &lt;/b&gt;");
    has("The &lt;moon&gt;");
    has("Gate &quot;A&quot;");
    has("a &lt;paper&gt;");
    has("paso run &lt;x&gt;");
    hasnt("<moon>");
    hasnt("<paper>");
    hasnt("javascript:");
    has("<a href=\"https://example.org\" rel=\"noreferrer\">Diary &lt;1&gt;</a>");
}
END_TEST

START_TEST(charts_show_bands_dots_and_pairs) {
    make_page(2);
    has("observed, to Dec 2023");
    has("<path class=\"b90 p0\"");
    has("<path class=\"b50 p0\"");
    has("<path class=\"faint p1\"");
    has("<path class=\"dots\" d=\"M");
    has("policies part");
    has("simulated from here");
    has("Difference from <b class=\"p0\">Base</b>, in pairs, people");
    has("<b>\xE2\x88\x92"
        "10,000</b> people on 29 Feb 2024; same sign in 100&nbsp;% of members");
    has("No difference in any member: More &lt;/b&gt;.");
    has("aria-label=\"Line chart of Waiting, simulated. Medians on 29 Feb 2024: Base: ");
    has("Waiting in 3 parts");
    has("<summary>Table of Waiting</summary>");
    has("3 more charts");
}
END_TEST

START_TEST(shares_are_in_percent) {
    make_page(2);
    has("<b>50.0</b> <span>Base</span>");
    has("%, on the last day of each month");
}
END_TEST

START_TEST(table_rows) {
    make_page(2);
    /* total over cells at the end: 40,000 + 600 + 3 */
    has("<td>40,600</td>");
    has("the same in every member");
    has("same sign");
    has("<td>100&nbsp;%</td>");
}
END_TEST

START_TEST(policies_tell_what_and_when) {
    make_page(2);
    has("Gate &quot;A&quot;: The coast");
    has("<b>gate + 1 people/day</b> instead of 3 people a day, from 10 Feb 2024");
    has("ends on 20 Feb 2024");
    has("<b>3 people a day</b>, from 1 Feb 2024");
}
END_TEST

START_TEST(claims_and_assumptions) {
    make_page(2);
    has("<th scope=\"row\">Waiting <small>Dec 2023</small></th><td>12 people <small>a "
        "&lt;paper&gt;; "
        "said</small></td><td>25,402 people</td><td>not in this run</td><td></td>");
    has("<mark>Assumed</mark>, as no source pins them down: 1 of 2 parameters.");
    has("<td>1 to 4</td><td class=\"text\">weeks</td><td class=\"text\">accounting</td>"
        "<td class=\"text\"><a href=\"#source-2\">diary</a>");
    has("<mark>assumed</mark></td>");
}
END_TEST

START_TEST(spanish_page) {
    write_store(2, true, JANUARY, JANUARY + 60);
    ck_assert_int_eq(paso_report_write_in(store_path, page_path, PASO_ES, false, &diags), PASO_OK);
    read_page();
    has("<html lang=\"es\">");
    has("<h1>Sierra</h1>");
    has("<dd>1 ene 2024 a 29 feb 2024</dd>");
    has("cerca de <strong>10,000 personas menos</strong> el 29 feb 2024, 90&nbsp;% entre 4,600 y "
        "15,400 menos.");
    has("<h3>Part");
    hasnt("<h3>Waiting");
    has("<small lang=\"en\">mean stay</small>");
    has("La fija: <span>el puerto</span>");
    has("<td class=\"text\">semanas</td><td class=\"text\">contabilidad</td>");
    has("<b>gate + 1 people/day</b> en vez de 3 personas por día, desde el 10 feb 2024");
    has("<td>12 personas <small>a &lt;paper&gt;; said</small></td>");
}
END_TEST

/* The place of an argument in a template, or NULL. */
static const char *argument(const char *text) {
    while (text && (text = strchr(text, '%')) && (text[1] == '\0' || !strchr("srz%", text[1])))
        text++;
    return text;
}

START_TEST(messages_in_both_languages) {
    for (int i = 0; i < PASO_N_MESSAGES; i++) {
        const char *en = paso_say(PASO_EN, (paso_wording)i);
        const char *es = paso_say(PASO_ES, (paso_wording)i);
        ck_assert(en[0] != '\0' && es[0] != '\0');
        for (en = argument(en), es = argument(es); en || es;) {
            ck_assert_msg(en && es && en[1] == es[1], "%s", paso_say(PASO_EN, (paso_wording)i));
            en = argument(en + 2);
            es = argument(es + 2);
        }
    }
}
END_TEST

START_TEST(warns_of_what_is_rough) {
    write_store(2, true, JANUARY, JANUARY + 60);
    ck_assert_int_eq(paso_report_write(store_path, page_path, false, &diags), PASO_OK);
    read_page();
    has("Stopped early.");
    has("Shares were cut to 0 or 1</strong> 11 times");
    has("With 21 members");
}
END_TEST

START_TEST(a_window_without_whole_months) {
    write_store(2, false, JANUARY + 3, JANUARY + 20);
    ck_assert_int_eq(paso_report_write(store_path, page_path, false, &diags), PASO_OK);
    read_page();
    has("The window holds no whole month.");
    has("</html>");
}
END_TEST

START_TEST(nothing_is_loaded) {
    static const char *const loads[] = {
        " src=",  "@import",        "url(",    "<link rel=\"stylesheet",
        "fetch(", "XMLHttpRequest", "<iframe", "<img"};
    make_page(2);
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) hasnt(loads[i]);
    has("content=\"default-src 'none'; ");
}
END_TEST

/* ---- files ---- */

START_TEST(existing_pages_are_refused) {
    make_page(2);
    ck_assert_int_eq(paso_report_write(store_path, page_path, false, &diags), PASO_ERR_IO);
    ck_assert_str_eq(diags.items[diags.n - 1].message, "exists already; --force overwrites it");
    ck_assert_int_eq(paso_report_write(store_path, page_path, true, &diags), PASO_OK);
}
END_TEST

static int n_files(void) {
    int n = 0;
    DIR *folder = opendir(text_folder);
    while (readdir(folder)) n++;
    closedir(folder);
    return n - 2;
}

START_TEST(failures_leave_nothing) {
    int before = n_files();
    ck_assert_int_eq(paso_report_write("/nowhere/x.db", page_path, false, &diags), PASO_ERR_IO);
    ck_assert_int_eq(paso_report_write(text_file[0], page_path, false, &diags), PASO_ERR_INPUT);
    ck_assert_int_eq(paso_report_write(store_path, "/nowhere/x.html", false, &diags), PASO_ERR_IO);
    ck_assert_int_eq(n_files(), before);
}
END_TEST

START_TEST(same_store_same_page) {
    make_page(2);
    char *first = strdup(page);
    ck_assert_int_eq(paso_report_write(store_path, page_path, true, &diags), PASO_OK);
    read_page();
    ck_assert_str_eq(page, first);
    free(first);
}
END_TEST

static void add_plain(Suite *suite, const char *name, const TTest *test) {
    TCase *tc = tcase_create(name);
    tcase_add_test(tc, test);
    suite_add_tcase(suite, tc);
}

static void add_page(Suite *suite, const char *name, const TTest *test) {
    TCase *tc = tcase_create(name);
    tcase_add_checked_fixture(tc, page_setup, page_teardown);
    tcase_add_test(tc, test);
    suite_add_tcase(suite, tc);
}

int main(void) {
    Suite *suite = suite_create("report");
    add_plain(suite, "escaping", text_is_escaped);
    add_plain(suite, "templates", templates);
    add_plain(suite, "links", only_web_addresses_are_links);
    add_plain(suite, "steps", steps_follow_the_band);
    add_plain(suite, "numbers", numbers);
    add_plain(suite, "plain numbers", plain_numbers);
    add_plain(suite, "dates", dates);
    add_plain(suite, "axes", axes_are_round_and_start_at_zero);
    add_plain(suite, "bands", bands_and_lines);
    add_plain(suite, "gaps", missing_values_break_a_line);
    add_plain(suite, "dots", dots);
    add_plain(suite, "date axes", date_axes);
    add_page(suite, "order", sections_in_order);
    add_page(suite, "headline", headline_in_words);
    add_page(suite, "one policy", one_policy_has_levels);
    add_page(suite, "escaped page", users_texts_stay_texts);
    add_page(suite, "charts", charts_show_bands_dots_and_pairs);
    add_page(suite, "shares", shares_are_in_percent);
    add_page(suite, "table", table_rows);
    add_page(suite, "policies", policies_tell_what_and_when);
    add_page(suite, "claims", claims_and_assumptions);
    add_page(suite, "Spanish", spanish_page);
    add_plain(suite, "messages", messages_in_both_languages);
    add_page(suite, "cautions", warns_of_what_is_rough);
    add_page(suite, "short window", a_window_without_whole_months);
    add_page(suite, "no network", nothing_is_loaded);
    add_page(suite, "refusal", existing_pages_are_refused);
    add_page(suite, "failures", failures_leave_nothing);
    add_page(suite, "same page", same_store_same_page);
    return paso_check_main(suite);
}
