/* Reasons for failures, and the log line; formatting only, no input bytes (the callers' duty, tests/api/canary_test.c). */
#include "core/runtime.h"

#include <stdarg.h>
#include <stdio.h>

veil_status vl_error_set(veil_error *error, veil_status status, uint64_t offset, const char *format, ...)
{
    if (error == NULL) return status;
    va_list args;
    va_start(args, format);
    error->status = status;
    error->offset = offset;
    (void)vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
    return status;
}

void vl_error_clear(veil_error *error)
{
    if (error == NULL) return;
    error->status = VEIL_OK;
    error->offset = 0;
    error->message[0] = '\0';
}

void vl_log(const vl_runtime *runtime, uint32_t level, const char *format, ...)
{
    if (runtime == NULL || runtime->log == NULL) return;
    char line[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof line, format, args);
    va_end(args);
    runtime->log(runtime->log_user, level, line);
}
