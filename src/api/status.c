/* Names of the status codes. Released numbers and names are frozen; append only (tests/api/abi_test.c). */
#include "veil.h"

static const char *const names[] = {
    "OK",
    "INVALID_ARGUMENT",
    "NO_MEMORY",
    "BUFFER_TOO_SMALL",
    "MALFORMED_INPUT",
    "UNSUPPORTED",
    "LIMIT",
    "BUSY",
    "TIMEOUT",
    "CANCELLED",
    "IO",
    "MODEL",
    "KEY",
    "SELF_TEST",
    "INTERNAL",
    "CALLBACK",
};

const char *veil_status_string(veil_status status)
{
    if (status > 0 || status < VEIL_ERR_CALLBACK) return "UNKNOWN";
    return names[-status];
}
