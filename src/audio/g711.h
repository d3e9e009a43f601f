/* ITU-T G.711: eight-bit codes of telephony, and the 16-bit values they stand for. */
#ifndef VL_AUDIO_G711_H
#define VL_AUDIO_G711_H

#include <stdint.h>

#define VL_MULAW_SILENCE 0xFFu
#define VL_ALAW_SILENCE  0xD5u

int16_t vl_mulaw_decode(uint8_t code);
uint8_t vl_mulaw_encode(int32_t value);
int16_t vl_alaw_decode(uint8_t code);
uint8_t vl_alaw_encode(int32_t value);

#endif
