/* The corridor's text in the page: shown, checked with edits in the place of what was read,
 * applied, saved. Files are looked up among those that were read; nothing else of the disk is
 * touched. */
#define _XOPEN_SOURCE 700 /* realpath, mkstemp */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "corridor/file.h"
#include "serve/serve_internal.h"

enum { MAX_FILES = 256 };

static void hash_of(const char *text, size_t length, char hex[PASO_SHA256_HEX]) {
    paso_sha256 hash;
    paso_sha256_init(&hash);
    paso_sha256_add(&hash, text, length);
    paso_sha256_finish(&hash, hex);
}

static paso_shown *take_shown(paso_serve *s) {
    pthread_mutex_lock(&s->lock);
    paso_shown *shown = paso_shown_take(s->shown);
    pthread_mutex_unlock(&s->lock);
    return shown;
}

static bool is_yaml(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

/* The name under which a text may be edited, or NULL. */
static const char *name_of(const paso_shown *shown, size_t i) {
    const paso_source_text *item = &shown->texts.items[i];
    const char *name = paso_shown_name(shown, item->path);
    bool good = name && (is_yaml(name) || item->length <= PASO_SERVE_TABLE);
    return good ? name : NULL;
}

paso_status paso_edit_begin(paso_serve *s) {
    const paso_texts *texts = &s->shown->texts;
    s->was = calloc(texts->n, sizeof *s->was);
    if (!s->was) return PASO_ERR_MEMORY;
    for (size_t i = 0; i < texts->n; i++)
        hash_of(texts->items[i].text, texts->items[i].length, s->was[i]);
    return PASO_OK;
}

void paso_edit_text(paso_serve *s, paso_reply *reply) {
    json_t *files = json_array();
    paso_shown *shown = take_shown(s);
    pthread_mutex_lock(&s->edit);
    for (size_t i = 0; i < shown->texts.n; i++) {
        const char *name = name_of(shown, i), *text = shown->texts.items[i].text;
        if (name)
            paso_json_append(
                &files, json_pack("{s:s, s:s, s:s}", "file", name, "text", text, "was", s->was[i]));
    }
    pthread_mutex_unlock(&s->edit);
    paso_shown_drop(s, shown);
    paso_reply_json(reply, 200, json_pack("{s:o}", "files", files));
}

/* ---- what was sent ---- */

typedef struct sent {
    size_t index; /* of the text that it stands for */
    const char *text, *was;
} sent;

static bool find_text(const paso_shown *shown, const char *name, size_t *index) {
    for (*index = 0; *index < shown->texts.n; ++*index) {
        const char *one = name_of(shown, *index);
        if (one && strcmp(one, name) == 0) return true;
    }
    return false;
}

static bool read_file(const paso_shown *shown, json_t *o, size_t i, bool saving, sent *file,
                      paso_reply *reply) {
    static const char *const keys[] = {"file", "text", NULL};
    static const char *const all_keys[] = {"file", "text", "was", NULL};
    char at[32], message[160];
    snprintf(at, sizeof at, "files[%zu]", i);
    if (!paso_json_keys(o, at, saving ? all_keys : keys, reply)) return false;
    const char *name = json_string_value(json_object_get(o, "file"));
    file->text = json_string_value(json_object_get(o, "text"));
    file->was = json_string_value(json_object_get(o, "was"));
    snprintf(message, sizeof message, "expected texts");
    bool good = name && file->text && (file->was || !saving);
    if (good && !find_text(shown, name, &file->index)) {
        snprintf(message, sizeof message, "expected one of the corridor's files");
        good = false;
    }
    if (!good) paso_reply_error(reply, 400, message, at, "");
    return good;
}

/* The number of files, or -1 after filling the reply. */
static int read_files(const paso_shown *shown, json_t *json, bool saving, sent file[MAX_FILES],
                      paso_reply *reply) {
    static const char *const keys[] = {"files", NULL};
    json_t *list = json_object_get(json, "files");
    if (!paso_json_keys(json, "", keys, reply)) return -1;
    if (!json_is_array(list) || json_array_size(list) > MAX_FILES) {
        paso_reply_error(reply, 400, "expected a list of at most 256 files", "files", "");
        return -1;
    }
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++)
        if (!read_file(shown, json_array_get(list, i), i, saving, &file[i], reply)) return -1;
    return (int)n;
}

/* ---- checking ---- */

/* A path of the system need not be UTF-8. */
static json_t *text_or(const char *text) {
    size_t n = text ? strlen(text) : 0;
    return json_string(n == 0 ? "" : paso_utf8_valid(text, n) == n ? text : "?");
}

typedef struct teller {
    const paso_shown *shown;
    json_t *list;
} teller;

static void add_diagnostic(void *context, const paso_diag *d) {
    teller *t = context;
    const char *name = d->mark.file ? paso_shown_name(t->shown, d->mark.file) : NULL;
    json_t *o = json_pack(
        "{s:o, s:i, s:i, s:i, s:s, s:s, s:o, s:o, s:o}", "file",
        text_or(name ? name : d->mark.file), "line", d->mark.line, "column", d->mark.column,
        "length", d->mark.length, "severity", d->severity == PASO_ERROR ? "error" : "warning", "id",
        d->id, "path", text_or(d->path), "message", text_or(d->message), "hint", text_or(d->hint));
    paso_json_append(&t->list, o);
}

static json_t *diagnostics(const paso_shown *shown, const paso_diags *diags) {
    teller t = {shown, json_array()};
    paso_diags_tell(diags, add_diagnostic, &t);
    return t.list;
}

static paso_status edited_texts(const paso_shown *shown, const sent *file, int n,
                                paso_texts *texts) {
    paso_status status = PASO_OK;
    for (size_t i = 0; i < shown->texts.n && !status; i++) {
        const paso_source_text *item = &shown->texts.items[i];
        status = paso_texts_add(texts, item->path, item->real, item->text, item->length);
    }
    for (int i = 0; i < n && !status; i++)
        status =
            paso_texts_replace(&texts->items[file[i].index], file[i].text, strlen(file[i].text));
    texts->closed = true;
    return status;
}

/* Reads the corridor with what was sent; *edited is NULL when it holds a mistake, or when the reply
 * is filled, which has a status then. */
static void check(paso_serve *s, json_t *json, json_t **told, paso_shown **edited,
                  paso_reply *reply) {
    sent file[MAX_FILES];
    paso_diags diags = {0};
    paso_texts texts = {0};
    paso_shown *shown = take_shown(s);
    *edited = NULL;
    *told = NULL;
    int n = read_files(shown, json, false, file, reply);
    if (n < 0) goto out;
    paso_status status = paso_diags_init(&diags) == 0 ? PASO_OK : PASO_ERR_MEMORY;
    if (!status) status = edited_texts(shown, file, n, &texts);
    if (!status) status = paso_shown_create(s, NULL, &texts, &diags, edited);
    *told = diagnostics(shown, &diags);
    if (diags.arena && paso_diags_lost(&diags)) status = PASO_ERR_MEMORY;
    if (status == PASO_ERR_MEMORY) paso_reply_json(reply, 500, NULL);
out:
    paso_texts_clear(&texts);
    paso_diags_clear(&diags);
    paso_shown_drop(s, shown);
}

void paso_edit_check(paso_serve *s, json_t *json, paso_reply *reply) {
    json_t *told;
    paso_shown *edited;
    check(s, json, &told, &edited, reply);
    paso_shown_drop(s, edited);
    if (reply->status)
        json_decref(told);
    else
        paso_reply_json(reply, 200, json_pack("{s:o}", "diagnostics", told));
}

void paso_edit_apply(paso_serve *s, json_t *json, paso_reply *reply) {
    json_t *told;
    paso_shown *edited;
    pthread_mutex_lock(&s->edit);
    check(s, json, &told, &edited, reply);
    if (reply->status) {
        json_decref(told);
        paso_shown_drop(s, edited);
    } else if (!edited) {
        paso_reply_json(reply, 409, json_pack("{s:o}", "diagnostics", told));
    } else {
        json_t *answer = json_pack("{s:s, s:o}", "hash", edited->model->hash, "diagnostics", told);
        paso_reply_json(reply, 200, answer);
        if (reply->status == 200)
            paso_shown_replace(s, edited);
        else
            paso_shown_drop(s, edited);
    }
    pthread_mutex_unlock(&s->edit);
}

/* ---- saving ---- */

/* Neither the file nor a folder on the way below the corridor's may be a symbolic link. */
static bool is_own_file(const paso_shown *shown, size_t index) {
    const char *path = shown->texts.items[index].path, *name = paso_shown_name(shown, path);
    char *folder = realpath(shown->model->folder, NULL), *real = realpath(path, NULL);
    size_t n = folder ? strlen(folder) : 0;
    bool good = folder && real && strncmp(real, folder, n) == 0 && real[n] == '/' &&
                strcmp(real + n + 1, name) == 0;
    free(folder);
    free(real);
    return good;
}

/* Whether the file still reads as it did. */
static bool is_as_read(const char *path, const char *was) {
    char hex[PASO_SHA256_HEX];
    char *text;
    size_t length;
    paso_diags diags;
    if (paso_diags_init(&diags) != 0) return false;
    bool good = paso_file_read(diags.arena, &diags, path, &text, &length) == PASO_OK;
    if (good) hash_of(text, length, hex);
    good = good && strcmp(hex, was) == 0;
    paso_diags_clear(&diags);
    return good;
}

static bool may_save(const paso_shown *shown, const sent *file, int n, paso_reply *reply) {
    char at[32];
    for (int i = 0; i < n; i++) {
        snprintf(at, sizeof at, "files[%d]", i);
        if (!is_own_file(shown, file[i].index))
            paso_reply_error(reply, 409, "expected a file of the corridor's folder, found a link",
                             at, "");
        else if (!is_as_read(shown->texts.items[file[i].index].path, file[i].was))
            paso_reply_error(reply, 409, "the file on the disk is not what was read", at,
                             "somebody else has changed it: keep a copy of yours, start again");
        if (reply->status) return false;
    }
    return true;
}

/* Beside it, then in its place: a file is whole at any time. */
static paso_status write_file(const char *path, const char *text) {
    struct stat about;
    size_t n = strlen(text), room = strlen(path) + 8;
    char *beside = malloc(room);
    if (!beside) return PASO_ERR_MEMORY;
    snprintf(beside, room, "%s.XXXXXX", path);
    int fd = stat(path, &about) == 0 ? mkstemp(beside) : -1;
    FILE *file = fd < 0 ? NULL : fdopen(fd, "wb");
    bool good = file && fchmod(fd, about.st_mode & 0777) == 0;
    good = good && fwrite(text, 1, n, file) == n && fflush(file) == 0 && fsync(fd) == 0;
    if (file && fclose(file) != 0) good = false;
    if (!file && fd >= 0) close(fd);
    good = good && rename(beside, path) == 0;
    int why = errno;
    if (!good && fd >= 0) unlink(beside);
    errno = why;
    free(beside);
    return good ? PASO_OK : PASO_ERR_IO;
}

/* Those that were written, with what they are now. */
static json_t *saved_files(const paso_shown *shown, const sent *file, int n) {
    json_t *saved = json_array();
    char was[PASO_SHA256_HEX];
    for (int i = 0; i < n; i++) {
        hash_of(file[i].text, strlen(file[i].text), was);
        paso_json_append(
            &saved, json_pack("{s:s, s:s}", "file", name_of(shown, file[i].index), "was", was));
    }
    return saved;
}

/* Of the files before it, too: who saves the rest again must know what these have become. */
static void tell_unwritten(const paso_shown *shown, const sent *file, int at, int why,
                           paso_reply *reply) {
    char path[32], message[160];
    snprintf(path, sizeof path, "files[%d]", at);
    snprintf(message, sizeof message, "cannot be written: %.100s", strerror(why));
    paso_reply_json(reply, 500,
                    json_pack("{s:{s:s, s:s, s:s}, s:o}", "error", "message", message, "path", path,
                              "hint", "", "files", saved_files(shown, file, at)));
}

/* The answer first: once files are written, nothing may fail for want of memory. */
static void write_files(paso_serve *s, const paso_shown *shown, const sent *file, int n,
                        paso_reply *reply) {
    paso_reply_json(reply, 200, json_pack("{s:o}", "files", saved_files(shown, file, n)));
    for (int i = 0; i < n && reply->status == 200; i++) {
        size_t index = file[i].index;
        if (write_file(shown->texts.items[index].path, file[i].text) == PASO_OK)
            hash_of(file[i].text, strlen(file[i].text), s->was[index]);
        else
            tell_unwritten(shown, file, i, errno, reply);
    }
}

void paso_edit_save(paso_serve *s, json_t *json, paso_reply *reply) {
    sent file[MAX_FILES];
    paso_shown *shown = take_shown(s);
    pthread_mutex_lock(&s->edit);
    int n = read_files(shown, json, true, file, reply);
    if (n >= 0 && may_save(shown, file, n, reply)) write_files(s, shown, file, n, reply);
    pthread_mutex_unlock(&s->edit);
    paso_shown_drop(s, shown);
}
