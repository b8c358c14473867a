/* paso export: a store as a table, on stdout or as a file with a manifest beside it. Both files are
 * written under other names first, so that there is a whole pair or none. */
#include "store/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static const char *const formats[] = {"csv", "json", "hubverse", "hxl"};

/* ---- the table ---- */

static paso_status write_table(cli *c, paso_store *store, int format, FILE *out) {
    size_t n_left_out = 0;
    paso_status status = PASO_OK;
    switch (format) {
    case 0:
    case 1:
        return paso_store_export(store, format == 0 ? PASO_TIDY_CSV : PASO_TIDY_JSON, out);
    case 2:
        status = paso_store_hubverse(store, out, &n_left_out);
        break;
    default:
        return paso_store_hxl(store, out);
    }
    if (status == PASO_OK && n_left_out > 0) {
        cli_say(c, "%zu periods are left out: a member has no number there\n", n_left_out);
    }
    return status;
}

/* ---- the pair of files ---- */

typedef struct target {
    const char *path, *temporary;
    FILE *file;
} target;

static paso_status fail(const target *t, int cause) {
    fprintf(stderr, "error: %s: %s\n", t->path, strerror(cause));
    return PASO_ERR_IO;
}

static paso_status open_target(cli *c, target *t, const char *path) {
    t->path = path;
    if (!path) return PASO_ERR_MEMORY;
    if (!c->args.force && access(path, F_OK) == 0) {
        fprintf(stderr, "error: %s: exists already; --force overwrites it\n", path);
        return PASO_ERR_IO;
    }
    t->temporary = paso_arena_format(c->diags.arena, "%s.%ld.partial", path, (long)getpid());
    if (!t->temporary) return PASO_ERR_MEMORY;
    t->file = fopen(t->temporary, "wbx");
    return t->file ? PASO_OK : fail(t, errno);
}

/* On the disk before it gets its name. */
static paso_status finish_target(target *t) {
    errno = 0;
    bool safe = fflush(t->file) == 0 && !ferror(t->file) && fsync(fileno(t->file)) == 0;
    int cause = errno ? errno : EIO;
    bool closed = fclose(t->file) == 0;
    t->file = NULL;
    return safe && closed ? PASO_OK : fail(t, cause);
}

static paso_status name_target(const target *t) {
    return rename(t->temporary, t->path) == 0 ? PASO_OK : fail(t, errno);
}

static void drop_target(const target *t) {
    if (t->file) fclose(t->file);
    if (t->temporary) unlink(t->temporary);
}

static paso_status write_pair(cli *c, paso_store *store, int format) {
    target table = {0}, manifest = {0};
    const char *path = c->args.out, *last = strrchr(path, '/');
    const char *beside = paso_arena_format(c->diags.arena, "%s.manifest.json", path);
    paso_status status = open_target(c, &table, path);
    if (status == PASO_OK) status = open_target(c, &manifest, beside);
    if (status == PASO_OK) status = write_table(c, store, format, table.file);
    if (status == PASO_OK) {
        status = paso_store_manifest(store, last ? last + 1 : path, formats[format], c->line,
                                     manifest.file);
    }
    if (status == PASO_OK) status = finish_target(&table);
    if (status == PASO_OK) status = finish_target(&manifest);
    if (status == PASO_OK) status = name_target(&manifest);
    if (status == PASO_OK) status = name_target(&table);
    if (status == PASO_OK) {
        cli_say(c, "wrote %s and %s\n", path, beside);
    } else {
        drop_target(&table);
        drop_target(&manifest);
    }
    return status;
}

/* ---- the command ---- */

static paso_status export_store(cli *c) {
    int format = cli_format(c, "csv|json|hubverse|hxl");
    if (format < 0) return PASO_ERR_USAGE;
    paso_store *store = NULL;
    paso_status status = paso_store_open(c->args.place, &c->diags, &store);
    if (status == PASO_OK && paso_store_read(store)->interrupted) {
        cli_say(c, "the run was interrupted: %zu of %s members\n",
                paso_store_read(store)->n_members, paso_store_meta(store, "members_planned"));
    }
    if (status == PASO_OK) {
        status = c->args.out ? write_pair(c, store, format) : write_table(c, store, format, stdout);
    }
    paso_diags_print(&c->diags, stderr, false);
    paso_store_close(store);
    return status;
}

static const cli_option export_options[] = {
    CLI_FORMAT("csv|json|hubverse|hxl", "csv"),
    CLI_JSON,
    CLI_OUT("table to write, with FILE.manifest.json; otherwise stdout"),
    CLI_FORCE,
    CLI_QUIET,
    CLI_HELP};

const cli_command cli_export = {
    .name = "export",
    .operand = "RESULTS.db",
    .doc = "prints a store as one table",
    .example = "paso export results.db --format hubverse --out output.csv",
    .option = export_options,
    .n_options = CLI_COUNT_OF(export_options),
    .run = export_store,
};
