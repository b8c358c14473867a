/* paso export: a store as a table, on stdout or as a file with a manifest beside it. Both files are
 * written under other names first, so that there is a whole pair or none. */
#include "store/export.h"

#include <string.h>

#include "base/target.h"
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

static void tell(const paso_target *t) {
    if (t->why[0]) fprintf(stderr, "%s: error: %s\n", t->path, t->why);
}

static paso_status write_pair(cli *c, paso_store *store, int format) {
    paso_target table = {0}, manifest = {0};
    const char *path = c->args.out, *last = strrchr(path, '/');
    const char *beside = paso_arena_format(c->diags.arena, "%s.manifest.json", path);
    if (!beside) return PASO_ERR_MEMORY;
    paso_status status = paso_target_open(&table, path, c->args.force);
    if (status == PASO_OK) status = paso_target_open(&manifest, beside, c->args.force);
    if (status == PASO_OK) status = write_table(c, store, format, table.file);
    if (status == PASO_OK) {
        status = paso_store_manifest(store, last ? last + 1 : path, formats[format], c->line,
                                     manifest.file);
    }
    if (status == PASO_OK) status = paso_target_finish(&table);
    if (status == PASO_OK) status = paso_target_finish(&manifest);
    if (status == PASO_OK) status = paso_target_name(&manifest);
    if (status == PASO_OK) status = paso_target_name(&table);
    if (status == PASO_OK) cli_say(c, "wrote %s and %s\n", path, beside);
    tell(&table);
    tell(&manifest);
    paso_target_clear(&table);
    paso_target_clear(&manifest);
    return status;
}

/* ---- the command ---- */

static paso_status export_store(cli *c) {
    int format = cli_format(c, "csv|json|hubverse|hxl");
    if (format < 0) return PASO_ERR_USAGE;
    paso_store *store = NULL;
    if (c->args.out && paso_is_same_file(c->args.place, c->args.out))
        return cli_usage(c, NULL, "--out %s: is the store itself", c->args.out);
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
