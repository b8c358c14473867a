/* Files that get their name when they are whole. */
#define _XOPEN_SOURCE 700 /* fsync */
#include "base/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static paso_status fail(paso_target *t, int cause) {
    snprintf(t->why, sizeof t->why, "cannot be written: %s", strerror(cause));
    return PASO_ERR_IO;
}

/* Only a plain file is replaced: /dev/null must stay what it is. */
const char *paso_place_refused(const char *path, bool force) {
    struct stat there;
    if (path[0] == '\0') return "expected the name of a file, found none";
    if (stat(path, &there) != 0) return NULL;
    if (S_ISDIR(there.st_mode)) return "is a folder";
    if (!S_ISREG(there.st_mode)) return "is no file that could be replaced";
    return force ? NULL : "exists already; --force overwrites it";
}

paso_status paso_target_open(paso_target *t, const char *path, bool force) {
    *t = (paso_target){.path = path};
    const char *refused = paso_place_refused(path, force);
    if (refused) {
        snprintf(t->why, sizeof t->why, "%s", refused);
        return PASO_ERR_IO;
    }
    size_t size = strlen(path) + 32;
    t->temporary = malloc(size);
    if (!t->temporary) return PASO_ERR_MEMORY;
    snprintf(t->temporary, size, "%s.%ld.partial", path, (long)getpid());
    t->file = fopen(t->temporary, "wb");
    return t->file ? PASO_OK : fail(t, errno);
}

paso_status paso_target_finish(paso_target *t) {
    errno = 0;
    bool safe = fflush(t->file) == 0 && !ferror(t->file) && fsync(fileno(t->file)) == 0;
    int cause = errno ? errno : EIO;
    bool closed = fclose(t->file) == 0;
    t->file = NULL;
    return safe && closed ? PASO_OK : fail(t, cause);
}

paso_status paso_target_name(paso_target *t) {
    if (rename(t->temporary, t->path) != 0) return fail(t, errno);
    free(t->temporary);
    t->temporary = NULL;
    return PASO_OK;
}

paso_status paso_target_end(paso_target *t, paso_status status) {
    if (!status) status = paso_target_finish(t);
    if (!status) status = paso_target_name(t);
    paso_target_clear(t);
    return status;
}

void paso_target_clear(paso_target *t) {
    if (t->file) fclose(t->file);
    if (t->temporary) unlink(t->temporary);
    free(t->temporary);
    t->file = NULL;
    t->temporary = NULL;
}

bool paso_is_folder(const char *path) {
    struct stat there;
    return stat(path, &there) == 0 && S_ISDIR(there.st_mode);
}

bool paso_is_same_file(const char *a, const char *b) {
    struct stat one, two;
    return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}
