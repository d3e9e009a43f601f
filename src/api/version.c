/* Version of the loaded library: what the header says at compile time, readable at run time. */
#include "veil.h"

uint32_t veil_version_number(void)
{
    return VEIL_VERSION_MAJOR * 10000u + VEIL_VERSION_MINOR * 100u + VEIL_VERSION_PATCH;
}

const char *veil_version_string(void)
{
    return VEIL_VERSION_TEXT;
}
