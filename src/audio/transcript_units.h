/* Times as the formats write them. Nothing depends on the locale; no number is rounded before it is a double. */
#ifndef VL_AUDIO_TRANSCRIPT_UNITS_H
#define VL_AUDIO_TRANSCRIPT_UNITS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    VL_UNIT_SECONDS,      /* a number */
    VL_UNIT_SECONDS_TEXT, /* a number, or one in quotes (AWS) */
    VL_UNIT_MS,           /* a number */
    VL_UNIT_TICKS,        /* a number of 100 ns */
    VL_UNIT_PROTO,        /* "1.200s", or an object with seconds and nanos (Google) */
    VL_UNIT_ISO           /* "PT1M2.5S" (ISO 8601) */
};

/** "12", "12.5", "-1", ".5": all of the text, no exponent. False: not a number, or longer than 32 bytes. */
bool vl_time_decimal(const char *text, size_t size_bytes, double *out);
/** Decimal with an "s" behind it. */
bool vl_time_proto(const char *text, size_t size_bytes, double *out);
/** Days, hours, minutes, seconds of an ISO 8601 duration; months and years are no time. */
bool vl_time_iso(const char *text, size_t size_bytes, double *out);
/** "[HH:]MM:SS.mmm" or with a comma, at the start of text. Bytes read, or 0. */
size_t vl_time_clock(const char *text, size_t size_bytes, double *out);

#endif
