/* A list of texts by the path they were read from. A corridor has a few dozen, so that looking one
 * up is a walk. */
#include "corridor/texts.h"

#include <stdlib.h>
#include <string.h>

static char *copy_of(const char *text, size_t length) {
    char *copy = malloc(length + 1);
    if (copy && length > 0) memcpy(copy, text, length);
    if (copy) copy[length] = '\0';
    return copy;
}

static void item_clear(paso_source_text *item) {
    free(item->path);
    free(item->real);
    free(item->text);
}

paso_status paso_texts_add(paso_texts *texts, const char *path, const char *real, const char *text,
                           size_t length) {
    paso_source_text item = {.path = copy_of(path, strlen(path)),
                             .real = copy_of(real, strlen(real)),
                             .text = copy_of(text, length),
                             .length = length};
    if (item.path && item.real && item.text && PASO_PUSH(texts, item) == 0) return PASO_OK;
    item_clear(&item);
    return PASO_ERR_MEMORY;
}

paso_source_text *paso_texts_find(const paso_texts *texts, const char *path) {
    for (size_t i = 0; i < texts->n; i++) {
        if (strcmp(texts->items[i].path, path) == 0) return &texts->items[i];
    }
    return NULL;
}

paso_status paso_texts_replace(paso_source_text *item, const char *text, size_t length) {
    char *copy = copy_of(text, length);
    if (!copy) return PASO_ERR_MEMORY;
    free(item->text);
    item->text = copy;
    item->length = length;
    return PASO_OK;
}

void paso_texts_clear(paso_texts *texts) {
    for (size_t i = 0; i < texts->n; i++) item_clear(&texts->items[i]);
    free(texts->items);
    *texts = (paso_texts){0};
}
