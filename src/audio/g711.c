/*
 * The segments of ITU-T G.711 (tables 1a to 2b) as shifts: a code is a sign, a segment of three bits and a step of four within
 * it; segments double in size. Values are those of the recommendation moved up to 16 bits, as ITU-T G.191 and every sound
 * library have them.
 */
#include "audio/g711.h"

#include <stdlib.h>

#define MULAW_BIAS  0x84 /* 33 steps of the recommendation, in 16 bits: segments then begin at powers of two */
#define MULAW_MAX   32635
#define ALAW_INVERT 0x55u /* every second bit is sent inverted */
#define SIGN        0x80u

/* Segment of a magnitude whose first segment ends at 256. */
static uint32_t segment_of(uint32_t magnitude)
{
    return magnitude < 256 ? 0 : 24u - (uint32_t)__builtin_clz(magnitude);
}

int16_t vl_mulaw_decode(uint8_t code)
{
    uint32_t bits = (uint8_t)~code, segment = bits >> 4 & 7;
    int32_t magnitude = (int32_t)(((bits & 15) << 3) + MULAW_BIAS) << segment;
    magnitude -= MULAW_BIAS;
    return (int16_t)((bits & SIGN) != 0 ? -magnitude : magnitude);
}

uint8_t vl_mulaw_encode(int32_t value)
{
    uint32_t sign = value < 0 ? SIGN : 0, magnitude = (uint32_t)abs(value);
    magnitude = (magnitude > MULAW_MAX ? MULAW_MAX : magnitude) + MULAW_BIAS;
    uint32_t segment = segment_of(magnitude);
    return (uint8_t) ~(sign | segment << 4 | (magnitude >> (segment + 3) & 15));
}

int16_t vl_alaw_decode(uint8_t code)
{
    uint32_t bits = code ^ ALAW_INVERT, segment = bits >> 4 & 7;
    int32_t magnitude = (int32_t)((bits & 15) << 4) + 8;
    if (segment != 0) magnitude = (magnitude + 0x100) << (segment - 1);
    return (int16_t)((bits & SIGN) != 0 ? magnitude : -magnitude);
}

uint8_t vl_alaw_encode(int32_t value)
{
    uint32_t sign = value < 0 ? 0 : SIGN, magnitude = (uint32_t)(value < 0 ? ~value : value);
    if (magnitude > 32767) magnitude = 32767;
    uint32_t segment = segment_of(magnitude);
    uint32_t step = segment == 0 ? magnitude >> 4 : magnitude >> (segment + 3) & 15;
    return (uint8_t)((sign | segment << 4 | step) ^ ALAW_INVERT);
}
