/* The path of an observable: between which places of a map those whom it counts have moved. An end
 * is a set that tells the observable's cells apart, or one member for all of them. */
#include <math.h>

#include "corridor/model_internal.h"

static void use_set(paso_reader *r, int set) {
    paso_entry *entry = paso_entry_of(r, PASO_IN_SETS, set);
    if (entry != NULL) entry->used = true;
}

static void err_no_place(paso_reader *r, paso_place at, const char *name) {
    paso_err(r, "place", at, "columns lat and lon of a set, in degrees",
             "expected what is on the map, found %s, which has no place", name);
}

static bool find_end(paso_reader *r, const char *name, paso_place at, const paso_item *item,
                     paso_end *end) {
    end->member = -1;
    end->set = paso_set_find(r->model, name);
    if (end->set < 0 && !paso_member_find(r->model, name, &end->set, &end->member)) {
        paso_err_unknown_in(r, at, "a set or a member", name, PASO_IN_SETS);
        return false;
    }
    const paso_set *set = &r->model->set[end->set];
    use_set(r, end->set);
    if (end->member < 0 && paso_shape_reads(r->model, item->shape, end->set) < 0) {
        paso_err(r, "sets", at, "name one of its members for all cells",
                 "expected a set that is read from %s, found %s", paso_shape_write(r, item->shape),
                 name);
        return false;
    }
    if (set->lat != NULL && (end->member < 0 || !isnan(set->lat[end->member]))) return true;
    err_no_place(r, at, name);
    return false;
}

static void read_end(paso_reader *r, paso_context *c, const paso_node *node, paso_place at,
                     paso_end *end) {
    const paso_observable *o = &r->model->observable[c->index];
    const char *name = paso_text_read(r, node, at);
    if (name == NULL || c->entry->broken || !find_end(r, name, at, &o->item, end)) end->set = -1;
}

static void read_from(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    read_end(r, c, node, at, &((paso_path *)c->item)->from);
}

static void read_to(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_path *path = c->item;
    read_end(r, c, node, at, &path->to);
    if (path->to.set >= 0 && path->to.set == path->from.set && path->to.member == path->from.member)
        paso_err(r, "value", at, NULL, "expected another end than from, found the same");
}

const paso_field paso_path_fields[] = {{"from", read_from, "from: a set or a member with a place"},
                                       {"to", read_to, "to: a set or a member with a place"},
                                       {NULL, NULL, NULL}};

void paso_read_path(paso_reader *r, paso_context *c, const paso_node *node, paso_place at) {
    paso_observable *o = c->item;
    if (!paso_node_is(r, node, at, PASO_MAP)) return;
    o->path = PASO_NEW(r, 1, paso_path);
    if (o->path == NULL) return;
    paso_context inner = *c;
    o->path->from.set = o->path->to.set = -1;
    inner.item = o->path;
    inner.node = node;
    inner.at = at;
    paso_fields_read(r, &inner, paso_path_fields);
}
