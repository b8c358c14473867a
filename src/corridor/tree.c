/* YAML files as trees of marked text, by the event interface of libfyaml (all its calls are here).
 * Only what the language needs is let through: maps, lists and text. What YAML makes of an
 * expression with a comma inside {...} is recognised and named. */
#include "corridor/tree.h"

#include <libfyaml.h>
#include <string.h>

#include "base/utf8.h"
#include "corridor/file.h"

enum {
    MAX_DEPTH = 32,
    MAX_OPEN = 1024,       /* brackets: libfyaml keeps all that are open */
    MAX_KEYS = 10000,      /* of one map: the search for repeats is quadratic */
    MAX_TEXT = 256 * 1024, /* bytes of one text as written */
    MAX_VALUES = 250000    /* of one file */
};

/* One event of the parser, copied so that libfyaml's can be released at once. */
typedef struct event {
    enum fy_event_type type;
    paso_mark mark;
    const char *text; /* scalar */
    bool quoted;
    bool plain; /* a scalar that stands in the file without quotes, not as a block */
    bool flow;  /* a map or list in brackets */
    bool given; /* stands in the file; a value left out does not */
    size_t end; /* offset after it */
} event;

typedef struct reader {
    paso_arena *arena;
    paso_diags *diags;
    const char *file, *text;
    size_t length;
    bool loose;
    struct fy_parser *parser;
    const char *key[MAX_DEPTH + 1]; /* of the maps that are open, NULL for a list */
    int depth;
    int n_values;
    int flow;            /* brackets that are open */
    paso_mark flow_open; /* the outermost of them */
    event last;          /* the last scalar */
    paso_status status;
} reader;

static void report(reader *r, const char *id, paso_mark mark, const char *hint,
                   const char *message) {
    char path[512] = "";
    size_t n = 0;
    for (int i = 0; i < r->depth; i++) {
        if (r->key[i] == NULL || n >= sizeof path - 1) continue;
        n += (size_t)snprintf(path + n, sizeof path - n, "%s%s", n > 0 ? "." : "", r->key[i]);
    }
    paso_error(r->diags, id, mark, path, hint, "%s", message);
    if (r->status == PASO_OK) r->status = PASO_ERR_INPUT;
}

static void report_cut(reader *r, paso_mark mark) {
    report(r, "yaml-cut", mark, NULL,
           "looks like an expression cut at a comma: put quotes around it");
}

static bool out_of_memory(reader *r, const void *memory) {
    if (memory == NULL) r->status = PASO_ERR_MEMORY;
    return memory == NULL;
}

static paso_mark mark_of(const reader *r, const struct fy_mark *start, const struct fy_mark *end) {
    paso_mark mark = {.file = r->file, .line = 1, .column = 1, .length = 1};
    if (start == NULL) return mark;
    mark.line = start->line + 1;
    mark.column = start->column + 1;
    if (end != NULL && end->line == start->line && end->column > start->column)
        mark.length = end->column - start->column;
    return mark;
}

/* --- blocks ------------------------------------------------------------------------------------
 */

static size_t line_length(const char *text, size_t n) {
    const char *end = memchr(text, '\n', n);
    return end == NULL ? n : (size_t)(end - text);
}

static size_t indentation(const char *text, size_t n) {
    size_t i = 0;
    while (i < n && text[i] == ' ') i++;
    return i;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\r';
}

/* The text of a block is taken line by line from the file, for ">" too: folded lines would lose the
 * places of what an expression says in its second line. Blank lines around it are dropped. */
static void read_block(reader *r, const char *raw, size_t n, event *e) {
    while (n > 0 && is_blank(raw[n - 1])) n--;
    while (n > 0 && indentation(raw, n) == line_length(raw, n)) {
        size_t skip = line_length(raw, n) + 1;
        raw += skip;
        n -= skip;
        e->mark.line++;
    }
    size_t indent = indentation(raw, n), used = 0;
    char *text = paso_arena_alloc(r->arena, n + 1, 1);
    if (out_of_memory(r, text)) return;
    e->text = text;
    e->mark.column = (int)indent + 1;
    for (size_t at = 0; at < n;) {
        size_t length = line_length(raw + at, n - at), cut = indentation(raw + at, length);
        cut = cut < indent ? cut : indent;
        if (used > 0) text[used++] = '\n';
        memcpy(text + used, raw + at + cut, length - cut);
        used += length - cut;
        at += length + 1;
    }
    size_t first = paso_utf8_count(text, line_length(text, used));
    e->mark.length = first > 0 ? (int)first : 1;
}

/* --- events ------------------------------------------------------------------------------------
 */

static void read_scalar(reader *r, struct fy_token *token, event *e) {
    size_t n = 0;
    enum fy_scalar_style style = fy_token_scalar_style(token);
    const struct fy_mark *start = fy_token_start_mark(token), *end = fy_token_end_mark(token);
    e->plain = style == FYSS_PLAIN;
    e->quoted = !e->plain;
    if (style == FYSS_LITERAL || style == FYSS_FOLDED) {
        read_block(r, r->text + start->input_pos, end->input_pos - start->input_pos, e);
        return;
    }
    if (end->input_pos - start->input_pos > MAX_TEXT) {
        report(r, "yaml-size", e->mark, NULL, "expected a text of at most 256 KiB, found more");
        e->text = "?";
        return;
    }
    const char *text = fy_token_get_text(token, &n);
    if (out_of_memory(r, text)) return;
    if (n > 0 && memchr(text, 0, n) != NULL)
        report(r, "yaml-syntax", e->mark, NULL, "expected text, found a zero character");
    e->text = paso_arena_text_n(r->arena, text, n);
    out_of_memory(r, e->text);
}

static void check_extras(reader *r, struct fy_event *from) {
    struct fy_token *anchor = fy_event_get_anchor_token(from), *tag = fy_event_get_tag_token(from);
    if (anchor != NULL)
        report(r, "yaml-anchor", mark_of(r, fy_token_start_mark(anchor), fy_token_end_mark(anchor)),
               "write the text out", "anchors are not part of the language");
    if (tag != NULL)
        report(r, "yaml-tag", mark_of(r, fy_token_start_mark(tag), fy_token_end_mark(tag)),
               "leave the tag out: every value is text", "tags are not part of the language");
    if (from->type == FYET_ALIAS)
        report(r, "yaml-anchor", mark_of(r, fy_event_start_mark(from), fy_event_end_mark(from)),
               "write the text out, or put quotes around it",
               "aliases are not part of the language");
}

/* False at the end of the stream, after a syntax error and without memory. */
static bool next_event(reader *r, event *e) {
    struct fy_event *from = fy_parser_parse(r->parser);
    if (from == NULL) return false;
    struct fy_token *token = fy_event_get_token(from);
    const struct fy_mark *end = fy_event_end_mark(from);
    memset(e, 0, sizeof *e);
    e->type = from->type;
    e->mark = mark_of(r, fy_event_start_mark(from), end);
    e->given = token != NULL;
    e->end = end == NULL ? 0 : end->input_pos;
    e->flow = fy_event_get_node_style(from) == FYNS_FLOW;
    if (e->type == FYET_MAPPING_START || e->type == FYET_SEQUENCE_START) e->mark.length = 1;
    check_extras(r, from);
    e->text = "";
    if (e->type == FYET_SCALAR && token != NULL) read_scalar(r, token, e);
    if (e->type == FYET_SCALAR && token != NULL) r->last = *e;
    fy_parser_event_free(r->parser, from);
    return r->status != PASO_ERR_MEMORY;
}

/* --- cut texts ---------------------------------------------------------------------------------
 */

/* Brackets of the other kinds cannot stand in a plain text inside {...}. */
static bool is_unbalanced(const event *e) {
    int open = 0;
    if (!e->plain) return false;
    for (const char *c = e->text; *c != '\0'; c++) {
        open += (*c == '(') - (*c == ')');
        if (open < 0) return true;
    }
    return open != 0;
}

static char char_after(const reader *r, size_t at) {
    while (at < r->length && is_blank(r->text[at])) at++;
    return at < r->length ? r->text[at] : '\0';
}

/* Without a comma after it, a bracket is only forgotten, which the parser of expressions tells. */
static bool is_cut(const reader *r, const event *e) {
    return r->flow > 0 && is_unbalanced(e) && char_after(r, e->end) == ',';
}

/* `{is: min(a, b)}` is to YAML a key `b)` without colon: a piece of the value before it. */
static bool is_piece(const reader *r, const event *key, const event *value) {
    if (r->flow == 0 || !key->plain) return false;
    if (is_unbalanced(key)) return true;
    if (value->type != FYET_SCALAR || value->given) return false;
    return char_after(r, key->end) != ':';
}

/* --- nodes -------------------------------------------------------------------------------------
 */

static paso_node *read_value(reader *r, const event *e);

static paso_node *create_node(reader *r, const event *e, paso_node_kind kind) {
    if (r->n_values++ == MAX_VALUES) {
        report(r, "yaml-size", e->mark, "put long tables into CSV files",
               "expected at most 250000 values, found more");
        return NULL;
    }
    paso_node *node = paso_arena_alloc(r->arena, 1, sizeof *node);
    if (out_of_memory(r, node)) return NULL;
    node->kind = kind;
    node->mark = node->key_mark = e->mark;
    return node;
}

static bool enter(reader *r, const event *e) {
    if (r->depth == MAX_DEPTH) {
        report(r, "yaml-depth", e->mark, NULL, "expected at most 32 levels, found more");
        return false;
    }
    if (e->flow && r->flow++ == 0) r->flow_open = e->mark;
    r->key[r->depth++] = NULL;
    return true;
}

static void leave(reader *r, const event *e) {
    r->depth--;
    if (e->flow) r->flow--;
}

/* False where reading on would take too long. */
static bool check_key(reader *r, const paso_node *map, const event *key) {
    if (key->plain && strcmp(key->text, "<<") == 0)
        report(r, "yaml-anchor", key->mark, "write the fields out",
               "merge keys are not part of the language");
    if (key->text[0] == '\0')
        report(r, "yaml-key", key->given ? key->mark : r->last.mark, NULL,
               "expected a key, found nothing");
    if (map->n_children == MAX_KEYS) {
        report(r, "yaml-size", key->mark, "put long tables into CSV files",
               "expected at most 10000 keys, found more");
        return false;
    }
    const paso_node *first = paso_node_get(map, key->text);
    if (first == NULL || r->loose) return true;
    char message[160];
    snprintf(message, sizeof message, "expected each key once, found \"%.60s\" again", key->text);
    char hint[60];
    snprintf(hint, sizeof hint, "the first one is in line %d", first->key_mark.line);
    report(r, "yaml-duplicate", key->mark, hint, message);
    return true;
}

static void append(paso_node *parent, paso_node *child, paso_node **last) {
    if (*last == NULL) {
        parent->child = child;
    } else {
        (*last)->next = child;
    }
    *last = child;
    parent->n_children++;
}

/* What is only a piece of the value before it is reported and not kept. */
static void report_piece(reader *r, const event *key, const paso_node *before) {
    if (before != NULL && before->kind == PASO_SCALAR && !before->quoted) {
        r->key[r->depth - 1] = before->key;
        report_cut(r, before->mark);
    } else {
        report_cut(r, key->mark);
    }
}

static bool read_pair(reader *r, const event *key, paso_node *map, paso_node **last) {
    event value;
    if (!next_event(r, &value)) return false;
    if (is_piece(r, key, &value)) {
        report_piece(r, key, *last);
        return read_value(r, &value) != NULL;
    }
    if (!value.given && value.type == FYET_SCALAR) value.mark = key->mark;
    paso_node *node = read_value(r, &value);
    if (node == NULL) return false;
    node->key = key->text;
    node->key_mark = key->mark;
    append(map, node, last);
    if (is_cut(r, &value)) report_cut(r, value.mark);
    return true;
}

static paso_node *read_map(reader *r, const event *e) {
    paso_node *map = create_node(r, e, PASO_MAP), *last = NULL;
    event key;
    if (map == NULL || !enter(r, e)) return NULL;
    while (true) {
        if (!next_event(r, &key)) return NULL;
        if (key.type == FYET_MAPPING_END) break;
        if (key.type != FYET_SCALAR) {
            report(r, "yaml-key", key.mark, NULL, "expected a word as key, found something else");
            return NULL;
        }
        r->key[r->depth - 1] = key.text;
        if (!check_key(r, map, &key) || !read_pair(r, &key, map, &last)) return NULL;
    }
    leave(r, e);
    return map;
}

static paso_node *read_list(reader *r, const event *e) {
    paso_node *list = create_node(r, e, PASO_LIST), *last = NULL;
    bool cut = false;
    event item;
    if (list == NULL || !enter(r, e)) return NULL;
    while (true) {
        if (!next_event(r, &item)) return NULL;
        if (item.type == FYET_SEQUENCE_END) break;
        paso_node *node = read_value(r, &item);
        if (node == NULL) return NULL;
        append(list, node, &last);
        /* The later pieces of the same text are not told again. */
        if (!cut && is_cut(r, &item)) {
            report_cut(r, item.mark);
            cut = true;
        }
    }
    leave(r, e);
    return list;
}

static paso_node *read_value(reader *r, const event *e) {
    if (e->type == FYET_MAPPING_START) return read_map(r, e);
    if (e->type == FYET_SEQUENCE_START) return read_list(r, e);
    paso_node *node = create_node(r, e, PASO_SCALAR);
    if (node == NULL) return NULL;
    node->text = e->text;
    node->quoted = e->quoted;
    return node;
}

/* --- files -------------------------------------------------------------------------------------
 */

/* An empty file is an empty map. */
static paso_node *read_stream(reader *r) {
    event e = {.mark = {.file = r->file, .line = 1, .column = 1, .length = 1}};
    paso_node *root = NULL;
    while (next_event(r, &e) && e.type != FYET_STREAM_END) {
        if (e.type == FYET_STREAM_START || e.type == FYET_DOCUMENT_END) continue;
        if (e.type == FYET_DOCUMENT_START && root == NULL) continue;
        if (root != NULL) {
            report(r, "yaml-documents", e.mark, "use one file for each",
                   "expected one document, found a second one");
            return NULL;
        }
        root = read_value(r, &e);
        if (root == NULL) return NULL;
    }
    return root == NULL && r->status == PASO_OK ? create_node(r, &e, PASO_MAP) : root;
}

static const char *syntax_hint(const char *message) {
    static const struct {
        const char *part, *hint;
    } hints[] = {
        {"nested block mapping", "put quotes around text that has a colon and a blank in it"},
        {"cannot start with", "put quotes around the text"},
        {"multiline plain key", "check the indentation and the colon of this line"},
        {"missing comma", "put quotes around text with [ ] { } or a comma in it"},
    };
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (strstr(message, hints[i].part) != NULL) return hints[i].hint;
    }
    return NULL;
}

static char char_at(const reader *r, paso_mark mark) {
    const char *at = r->text, *end = r->text + r->length;
    for (int line = 1; line < mark.line && at < end; line++)
        at += line_length(at, (size_t)(end - at)) + 1;
    for (int column = 1; column < mark.column && at < end; column++)
        at += paso_utf8_step(at, (size_t)(end - at));
    return at < end ? *at : '\0';
}

static void report_syntax(reader *r, const struct fy_diag_error *problem) {
    paso_mark mark = {
        .file = r->file, .line = problem->line, .column = problem->column, .length = 1};
    char hint[80];
    const char *shown = syntax_hint(problem->msg);
    bool is_bracket = char_at(r, mark) == '[' || char_at(r, mark) == '{';
    if (r->flow > 0 && r->last.plain && is_bracket) {
        report_cut(r, r->last.mark); /* `{is: x[a]}` */
        return;
    }
    if (r->flow > 0 && r->flow_open.line < mark.line) {
        snprintf(hint, sizeof hint, "is the bracket of line %d, column %d closed?",
                 r->flow_open.line, r->flow_open.column);
        shown = hint;
    }
    report(r, "yaml-syntax", mark, shown, problem->msg);
}

static void report_problems(reader *r, struct fy_diag *diag) {
    void *previous = NULL;
    struct fy_diag_error *problem;
    while ((problem = fy_diag_errors_iterate(diag, &previous)) != NULL) report_syntax(r, problem);
    paso_mark mark = {.file = r->file};
    if (r->status == PASO_OK && fy_parser_get_stream_error(r->parser))
        report(r, "yaml-syntax", mark, NULL, "expected YAML, found something else");
}

/* libfyaml would print; it collects instead. */
static void discard(struct fy_diag *diag, void *user, const char *text, size_t length) {
    (void)diag, (void)user, (void)text, (void)length;
}

static struct fy_diag *create_diag(void) {
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = discard;
    config.level = FYET_ERROR;
    struct fy_diag *diag = fy_diag_create(&config);
    if (diag != NULL) fy_diag_set_collect_errors(diag, true);
    return diag;
}

static paso_node *run_parser(reader *r) {
    /* Sloppy: a closing bracket may stand under the first letter of its key. */
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE |
                                           FYPCF_SLOPPY_FLOW_INDENTATION};
    struct fy_diag *diag = config.diag = create_diag();
    paso_node *root = NULL;
    if (!out_of_memory(r, diag)) r->parser = fy_parser_create(&config);
    if (!out_of_memory(r, r->parser)) {
        if (fy_parser_set_string(r->parser, r->text, r->length) != 0) r->status = PASO_ERR_MEMORY;
        if (r->status == PASO_OK) root = read_stream(r);
        report_problems(r, diag);
        fy_parser_destroy(r->parser);
    }
    fy_diag_destroy(diag);
    return root;
}

/* YAML allows tabs here and there; which places is more than anybody wants to remember. */
static void check_tabs(reader *r) {
    paso_mark mark = {.file = r->file, .line = 1, .column = 1, .length = 1};
    int told = 0;
    bool comment = false;
    for (size_t i = 0; i < r->length; i++) {
        unsigned char c = (unsigned char)r->text[i];
        comment =
            c != '\n' && (comment || (c == '#' && (mark.column == 1 || r->text[i - 1] == ' ')));
        if (c == '\t' && told != mark.line && !(comment && r->loose)) {
            report(r, "yaml-tab", mark, "use blanks", "expected no tabs, found one");
            told = mark.line;
        }
        if (c == '\n') {
            mark.line++;
            mark.column = 1;
        } else if ((c & 0xC0) != 0x80) {
            mark.column++;
        }
    }
}

/* libfyaml reads on to the end of all brackets before it tells of the first. Brackets in texts
 * count too: no text leaves so many open. */
static void check_brackets(reader *r) {
    paso_mark mark = {.file = r->file, .line = 1};
    int open = 0;
    for (size_t i = 0; i < r->length && open <= MAX_OPEN; i++) {
        char c = r->text[i];
        open += (c == '[' || c == '{') - (c == ']' || c == '}');
        open = open < 0 ? 0 : open;
        mark.line += c == '\n';
    }
    if (open > MAX_OPEN)
        report(r, "yaml-depth", mark, NULL, "expected at most 32 levels, found more");
}

static paso_status parse(reader *r, const char *name, paso_node **tree) {
    *tree = NULL;
    r->file = paso_arena_text(r->arena, name);
    if (r->file == NULL) return PASO_ERR_MEMORY;
    r->status = paso_text_check(r->diags, r->file, r->text, r->length);
    if (r->status == PASO_OK) check_tabs(r);
    if (r->status == PASO_OK) check_brackets(r);
    if (r->status != PASO_OK) return r->status;
    paso_node *root = run_parser(r);
    if (r->status == PASO_OK) *tree = root;
    return r->status;
}

paso_status paso_tree_parse(paso_arena *arena, paso_diags *diags, const char *name,
                            const char *text, size_t length, paso_node **tree) {
    reader r = {.arena = arena, .diags = diags, .text = text, .length = length};
    return parse(&r, name, tree);
}

paso_status paso_tree_read(paso_arena *arena, paso_diags *diags, const char *file, bool loose,
                           paso_node **tree) {
    char *text;
    reader r = {.arena = arena, .diags = diags, .loose = loose};
    *tree = NULL;
    paso_status status = paso_file_read(arena, diags, file, &text, &r.length);
    r.text = text;
    return status == PASO_OK ? parse(&r, file, tree) : status;
}

paso_node *paso_node_get(const paso_node *map, const char *key) {
    if (map == NULL || map->kind != PASO_MAP) return NULL;
    for (paso_node *child = map->child; child != NULL; child = child->next) {
        if (strcmp(child->key, key) == 0) return child;
    }
    return NULL;
}
