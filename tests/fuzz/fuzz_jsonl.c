/* The reader of --input jsonl: any bytes as a line. What it accepts must decode, and encode again into something it accepts. */
#include <stdlib.h>
#include <string.h>

#include "cli/json_in.h"
#include "cli/json_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_strings(const cli_json_line *line)
{
    cli_buf plain = {0}, quoted = {0}, again = {0};
    for (size_t i = 0; i < line->count; i++) {
        cli_slice value = line->fields[i].value;
        size_t at = 0;
        cli_slice element;
        while (vl_cli_json_element(value, &at, &element))
            if (element.at < value.at || element.at + element.size > value.at + value.size) abort();
        vl_cli_buf_clear(&plain);
        vl_cli_buf_clear(&quoted);
        vl_cli_buf_clear(&again);
        if (!vl_cli_json_decode(value, &plain)) continue;
        vl_cli_json_string(&quoted, plain.data, plain.size);
        if (!vl_cli_json_decode((cli_slice){quoted.data, quoted.size}, &again)) abort();
        if (again.size != plain.size || (plain.size && memcmp(again.data, plain.data, plain.size) != 0)) abort();
    }
    vl_cli_buf_free(&plain);
    vl_cli_buf_free(&quoted);
    vl_cli_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cli_json_line line = {0};
    if (vl_cli_json_split((const char *)data, size, &line)) check_strings(&line);
    vl_cli_json_line_free(&line);
    return 0;
}
