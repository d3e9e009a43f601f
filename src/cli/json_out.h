/* JSON, written into a buffer: strings and numbers; the callers write the braces. */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include "cli/buf.h"

/** A quoted string. Bytes that are no UTF-8 become U+FFFD; surrogates that an input line spelled as escapes stay escapes. */
void vl_cli_json_string(cli_buf *out, const char *bytes, size_t size);
/** The same without the quotes. */
void vl_cli_json_escaped(cli_buf *out, const char *bytes, size_t size);
void vl_cli_json_text(cli_buf *out, const char *text);
/** At most `decimals` of them, at least one: 1.0, 0.85. */
void vl_cli_json_number(cli_buf *out, double value, int decimals);

#endif
