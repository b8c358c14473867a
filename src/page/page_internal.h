/* Pieces of corridor.json that its two files share. */
#ifndef PASO_PAGE_INTERNAL_H
#define PASO_PAGE_INTERNAL_H

#include "base/json.h"
#include "page/page.h"

json_t *paso_page_text(const char *text); /* "" for NULL */
json_t *paso_page_label(const char *en, const char *es, const char *name);
json_t *paso_page_member_label(const paso_set *set, int member);
json_t *paso_page_cell_name(const paso_model *m, paso_shape shape, int cell);
/* Lists: members that are on the map, and cells of observables that count moves between two. */
json_t *paso_page_places(const paso_model *m);
json_t *paso_page_flows(const paso_model *m);

#endif
