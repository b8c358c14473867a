/* paso site: the page with a corridor's data as static files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/session.h"
#include "page/page.h"

static paso_status failed(const char *path) {
    fprintf(stderr, "%s: error: %s\n", path, strerror(errno));
    return PASO_ERR_IO;
}

/* The folders on the way to `path`, below the first `done` characters, which exist. */
static paso_status make_folders(char *path, size_t done) {
    for (char *at = path + done; (at = strchr(at, '/')); at++) {
        *at = '\0';
        bool good = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!good) failed(path);
        *at = '/';
        if (!good) return PASO_ERR_IO;
    }
    return PASO_OK;
}

static paso_status write_file(const char *folder, const char *name, const void *bytes,
                              size_t size) {
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);
    if (!path) return PASO_ERR_MEMORY;
    snprintf(path, room, "%s/%s", folder, name);
    paso_status status = make_folders(path, 1);
    FILE *file = status ? NULL : fopen(path, "wb");
    if (!status && !file) status = failed(path);
    bool good = !file || size == 0 || fwrite(bytes, 1, size, file) == size;
    if (file && fclose(file) != 0) good = false;
    if (!good) status = failed(path);
    free(path);
    return status;
}

/* The page asks for api/server whether `paso serve` is behind it. A missing file would say no as
 * well, but with an error in the browser's console. */
static const char no_server[] = "null\n";

static paso_status write_all(const cli *c, const paso_page *page) {
    const char *out = c->args.place2;
    size_t n;
    const paso_page_file *file = paso_page_files(&n);
    paso_status status = PASO_OK;
    for (size_t i = 0; i < n && !status; i++)
        status = write_file(out, file[i].path, file[i].bytes, file[i].size);
    if (!status) status = write_file(out, "data/corridor.json", page->corridor, page->n_corridor);
    if (!status) status = write_file(out, "data/program.bin", page->program, page->n_program);
    if (!status) status = write_file(out, "data/state.bin", page->state, page->n_state);
    if (!status) status = write_file(out, "data/claims.json", page->claims, strlen(page->claims));
    if (!status) status = write_file(out, "api/server", no_server, sizeof no_server - 1);
    return status;
}

/* A folder that holds a page, or anything else, is left alone without --force. */
static paso_status check_out(cli *c) {
    if (!c->args.place2) return cli_usage(c, NULL, "expected a folder to write");
    if (c->args.force || access(c->args.place2, F_OK) != 0) return PASO_OK;
    fprintf(stderr, "%s: error: exists already; --force writes into it\n", c->args.place2);
    return PASO_ERR_IO;
}

paso_status cli_page_seed(const cli *c) {
    if (c->args.seed <= PASO_PAGE_SEED) return PASO_OK;
    return cli_usage(c, NULL, "--seed: expected at most %llu for a page",
                     (unsigned long long)PASO_PAGE_SEED);
}

static paso_status write_site(cli *c) {
    cli_session s = {0};
    paso_page page = {0};
    paso_fault fault = {.name = -1};
    paso_page_options options = {.version = PASO_VERSION,
                                 .git = PASO_GIT,
                                 .seed = c->args.seed,
                                 .n_members = (uint32_t)c->args.members,
                                 .from = PASO_PAGE_NO_DAY,
                                 .until = PASO_PAGE_NO_DAY,
                                 .threads = c->args.threads};
    if (c->args.members > 10000) return cli_usage(c, NULL, "--members: expected at most 10000");
    paso_status status = cli_page_seed(c);
    if (!status) status = check_out(c);
    if (status) return status;
    status = cli_session_read(&s, c, c->args.place);
    size_t n_told = c->diags.n;
    if (!status) status = paso_page_build(s.model, &options, &c->diags, &page, &fault);
    if (!status) status = paso_page_claims(s.model, &options, &c->diags, &page.claims, &fault);
    cli_session_print_since(&s, n_told);
    if (status == PASO_ERR_MODEL)
        fprintf(stderr, "error: member %u: %s\n", fault.member, paso_fault_text(fault.kind));
    if (!status) status = write_all(c, &page);
    if (!status)
        cli_say(c, "wrote %s: open it on any static host, or python3 -m http.server -d %s\n",
                c->args.place2, c->args.place2);
    paso_page_free(&page);
    cli_session_close(&s);
    return status;
}

static const cli_option site_options[] = {CLI_MEMBERS("40"), CLI_SEED,  CLI_THREADS,
                                          CLI_FORCE,         CLI_QUIET, CLI_HELP};

const cli_command cli_site = {
    .name = "site",
    .operand = "DIR OUT",
    .doc = "writes the page as static files: move a lever in the browser, without a server",
    .example = "paso site us-mexico public",
    .option = site_options,
    .n_options = CLI_COUNT_OF(site_options),
    .run = write_site,
};
