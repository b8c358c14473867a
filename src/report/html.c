/* Escaped text and templates. The only way by which a text of a corridor reaches the page. */
#include "report/html.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static const char *entity(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* Of the control characters HTML allows tab and the two line ends. */
static bool is_control(unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

void paso_html_text(FILE *out, const char *text) {
    for (size_t left = strlen(text); left > 0;) {
        size_t step = paso_utf8_step(text, left);
        const char *escaped = entity(*text);
        if (step == 0 || is_control((unsigned char)*text)) {
            fputs("\xEF\xBF\xBD", out);
            step = 1;
        } else if (escaped) {
            fputs(escaped, out);
        } else {
            fwrite(text, 1, step, out);
        }
        text += step;
        left -= step;
    }
}

/* Two decimals are a hundredth of a percent of a chart's width; zeros at the end are cut. */
static void write_short(FILE *out, double value) {
    char text[64];
    if (!isfinite(value) || fabs(value) > 1e9) value = 0;
    int n = snprintf(text, sizeof text, "%.2f", value);
    while (n > 0 && text[n - 1] == '0') text[--n] = '\0';
    if (n > 0 && text[n - 1] == '.') text[--n] = '\0';
    fputs(strcmp(text, "-0") == 0 ? "0" : text, out);
}

void paso_html_write(FILE *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at != '%') {
            fputc(*at, out);
            continue;
        }
        switch (*++at) {
        case 's':
            paso_html_text(out, va_arg(args, const char *));
            break;
        case 'r':
            fputs(va_arg(args, const char *), out);
            break;
        case 'z':
            fprintf(out, "%zu", va_arg(args, size_t));
            break;
        case 'd':
            fprintf(out, "%d", va_arg(args, int));
            break;
        case 'f':
            write_short(out, va_arg(args, double));
            break;
        default:
            fputc('%', out);
            break;
        }
    }
    va_end(args);
}

void paso_html_link(FILE *out, const char *url, const char *text) {
    if (strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0) {
        paso_html_write(out, "<a href=\"%s\" rel=\"noreferrer\">%s</a>", url, text);
    } else {
        paso_html_text(out, text);
    }
}
