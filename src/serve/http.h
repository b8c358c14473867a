/* Sockets for a server: listens on 127.0.0.1 and hands requests on. The only part that knows
 * libmicrohttpd. */
#ifndef PASO_SERVE_HTTP_H
#define PASO_SERVE_HTTP_H

#include "serve/serve.h"

typedef struct paso_http paso_http;

/* Listens on `port`, or on the first of the n_tries after it that is free; 0: any. PASO_ERR_IO with
 * errno when none is. */
paso_status paso_http_start(paso_serve *serve, int port, int n_tries, paso_http **http);
int paso_http_port(const paso_http *http);
/* Ends all connections, after paso_serve_stop. NULL is fine. */
void paso_http_stop(paso_http *http);

#endif
