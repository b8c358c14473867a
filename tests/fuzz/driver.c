/* A small fuzzer for `make test`: the same inputs from the same seed with any compiler. Input i is
 * made from (seed, i) alone, so the number that a failure prints is enough to make it again.
 * Usage: fuzz_X [-n COUNT] [-s SEED] [-m MOST BYTES] [-d DICTIONARY] FILE-OR-FOLDER ... */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { MAX_SEEDS = 4096, MAX_WORDS = 512 };

typedef struct bytes {
    uint8_t *data;
    size_t size;
} bytes;

static bytes seed_of[MAX_SEEDS], word_of[MAX_WORDS], input;
static size_t n_seeds, n_words, cap_input = 65536;
static long n_input = -1; /* the one at hand, -1 for a seed */

/* ---- what is there ---- */

static bytes read_file(const char *path) {
    bytes all = {malloc(cap_input + 1), 0};
    FILE *in = fopen(path, "rb");
    if (!in || !all.data) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    all.size = fread(all.data, 1, cap_input, in);
    fclose(in);
    return all;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_seed(const char *path);

/* In the order of their names: a folder has none of its own. */
static void add_folder(const char *path) {
    static char *name[MAX_SEEDS];
    size_t n = 0;
    DIR *folder = opendir(path);
    for (struct dirent *e; folder && (e = readdir(folder)) != NULL;) {
        if (e->d_name[0] != '.' && n < MAX_SEEDS) name[n++] = strdup(e->d_name);
    }
    if (folder) closedir(folder);
    qsort(name, n, sizeof name[0], compare_names);
    for (size_t i = 0; i < n; i++) {
        char file[1024];
        snprintf(file, sizeof file, "%s/%s", path, name[i]);
        add_seed(file);
        free(name[i]);
    }
}

static void add_seed(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0) {
        fprintf(stderr, "%s: not there\n", path);
        exit(2);
    }
    if (S_ISDIR(about.st_mode))
        add_folder(path);
    else if (n_seeds < MAX_SEEDS)
        seed_of[n_seeds++] = read_file(path);
}

/* \" and \x0a as libFuzzer writes them; in place. */
static size_t unescape(char *text) {
    size_t n = 0;
    for (const char *from = text; *from != '\0'; from++) {
        if (strncmp(from, "\\x0a", 4) == 0) {
            text[n++] = '\n';
            from += 3;
        } else {
            from += *from == '\\' && from[1] != '\0';
            text[n++] = *from;
        }
    }
    return n;
}

/* libFuzzer's own format, of which only "word" in a line is used. */
static void add_words(const char *path) {
    char line[256];
    FILE *in = fopen(path, "r");
    while (in && fgets(line, sizeof line, in) && n_words < MAX_WORDS) {
        char *open = strchr(line, '"'), *close = strrchr(line, '"');
        if (line[0] == '#' || !open || close <= open + 1) continue;
        *close = '\0';
        char *word = strdup(open + 1);
        word_of[n_words].size = unescape(word);
        word_of[n_words++].data = (uint8_t *)word;
    }
    if (in) fclose(in);
}

/* ---- mutations ---- */

static uint64_t state;

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t next_random(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static size_t below(size_t n) {
    return n == 0 ? 0 : (size_t)(next_random() % n);
}

static void insert(size_t at, const uint8_t *data, size_t n) {
    if (n > cap_input - input.size) n = cap_input - input.size;
    memmove(input.data + at + n, input.data + at, input.size - at);
    memcpy(input.data + at, data, n);
    input.size += n;
}

static void cut(size_t at, size_t n) {
    memmove(input.data + at, input.data + at + n, input.size - at - n);
    input.size -= n;
}

static void put_word(void) {
    static const int32_t odd[] = {0,       1,         -1,        2,       -2,      7,   12, 127,
                                  1 << 16, INT32_MAX, INT32_MIN, 1 << 26, 1 << 30, 400, 401};
    size_t at = below(input.size / 4) * 4;
    int32_t value, old;
    if (at + 4 > input.size) return;
    memcpy(&old, input.data + at, 4);
    value = below(2) ? odd[below(sizeof odd / sizeof odd[0])]
                     : (int32_t)((uint32_t)old + (uint32_t)below(9) - 4);
    memcpy(input.data + at, &value, 4);
}

static void copy_piece(const bytes *from) {
    uint8_t piece[256];
    size_t at = below(from->size), n = below(from->size - at < 256 ? from->size - at : 256);
    memcpy(piece, from->data + at, n);
    insert(below(input.size + 1), piece, n);
}

static void mutate(void) {
    size_t at = below(input.size), left = input.size - at;
    switch (below(8)) {
    case 0:
        if (left > 0) input.data[at] ^= (uint8_t)(1U << below(8));
        break;
    case 1:
        if (left > 0) input.data[at] = (uint8_t)next_random();
        break;
    case 2:
        cut(at, below(left < 32 ? left + 1 : 32));
        break;
    case 3:
        copy_piece(&input);
        break;
    case 4:
        copy_piece(&seed_of[below(n_seeds)]);
        break;
    case 5:
        put_word();
        break;
    default:
        if (n_words > 0) {
            const bytes *word = &word_of[below(n_words)];
            if (below(2)) cut(at, left < word->size ? left : word->size);
            insert(at, word->data, word->size);
        } else {
            put_word();
        }
    }
}

/* ---- running ---- */

/* Present when the program is built with a sanitizer. */
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

static void keep_input(void) {
    FILE *out = fopen("fuzz-failure", "wb");
    fprintf(stderr, "input %ld, %zu bytes, kept in fuzz-failure\n", n_input, input.size);
    if (!out) return;
    fwrite(input.data, 1, input.size, out);
    fclose(out);
}

/* A copy of just its size, so that reading past the end is noticed. */
static void run_input(void) {
    uint8_t *exact = malloc(input.size + (input.size == 0));
    if (!exact) exit(2);
    memcpy(exact, input.data, input.size);
    LLVMFuzzerTestOneInput(exact, input.size);
    free(exact);
}

static void start_from(size_t seed) {
    memcpy(input.data, seed_of[seed].data, seed_of[seed].size);
    input.size = seed_of[seed].size;
}

static void run_all(uint64_t seed, long count) {
    for (size_t i = 0; i < n_seeds; i++) {
        start_from(i);
        run_input();
    }
    for (n_input = 0; n_input < count; n_input++) {
        state = seed * 0x2545F4914F6CDD1DULL + (uint64_t)n_input;
        start_from(below(n_seeds));
        for (size_t k = 1 + below(6); k > 0; k--) mutate();
        run_input();
    }
}

int main(int argc, char **argv) {
    long count = 0;
    uint64_t seed = 1;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (argv[i][1] == 'n') count = atol(argv[i + 1]);
        if (argv[i][1] == 's') seed = strtoull(argv[i + 1], NULL, 10);
        if (argv[i][1] == 'm') cap_input = strtoul(argv[i + 1], NULL, 10);
        if (argv[i][1] == 'd') add_words(argv[i + 1]);
    }
    for (; i < argc; i++) add_seed(argv[i]);
    input.data = malloc(cap_input + 1);
    if (!input.data || n_seeds == 0) return 2;
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(keep_input);
    run_all(seed, count);
    printf("%s: %zu seeds, %ld inputs\n", argv[0], n_seeds, count);
    for (size_t k = 0; k < n_seeds; k++) free(seed_of[k].data);
    for (size_t k = 0; k < n_words; k++) free(word_of[k].data);
    free(input.data);
    input = (bytes){NULL, 0}; /* leaks are looked for after us */
    return 0;
}
