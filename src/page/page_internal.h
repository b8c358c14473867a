/* Pieces of the page's data that its files share. */
#ifndef PASO_PAGE_INTERNAL_H
#define PASO_PAGE_INTERNAL_H

#include "base/json.h"
#include "page/page.h"
#include "session/session.h"

/* Every policy compiled, in the corridor's order; of a corridor without policies the levers alone.
 * Clear it in any case. */
paso_status paso_page_session(paso_model *model, const paso_page_options *options,
                              paso_diags *diags, paso_session *session);
/* corridor.json, of a session that is compiled. */
paso_status paso_page_write(const paso_session *session, const paso_page_options *options,
                            char **text);

json_t *paso_page_text(const char *text); /* "" for NULL */
json_t *paso_page_label(const char *en, const char *es, const char *name);
json_t *paso_page_member_label(const paso_set *set, int member);
json_t *paso_page_cell_name(const paso_model *m, paso_shape shape, int cell);
/* Lists: members that are on the map, and cells of observables that count moves between two. */
json_t *paso_page_places(const paso_model *m);
json_t *paso_page_flows(const paso_model *m);
/* What rests on politics: under each policy, and of a lever of politics what it reaches, in each
 * program. NULL without memory. */
json_t *paso_page_politics(const paso_session *s);
json_t *paso_page_reach(const paso_session *s, int lever);
/* In which of the programs, told apart and counted from 0, a policy runs. */
size_t paso_page_program(const paso_session *s, size_t policy);

#endif
