/* Markup with every text escaped: names and labels come from users' files. Nothing here fails;
 * whoever opened the file looks at ferror() at the end. */
#ifndef PASO_REPORT_HTML_H
#define PASO_REPORT_HTML_H

#include <stdio.h>

/* Text or attribute value: & < > " ' escaped, control characters and what is not UTF-8 replaced. */
void paso_html_text(FILE *out, const char *text);
/* Writes `format` as it stands, with %s an escaped text, %r markup as it stands, %z a size_t, %d an
 * int, %f a double with at most two decimals, and %% a percent sign. */
void paso_html_write(FILE *out, const char *format, ...);
/* A link where the address begins with http:// or https://, else plain text. */
void paso_html_link(FILE *out, const char *url, const char *text);

#endif
