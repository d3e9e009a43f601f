/* What the two files of the detector share. */
#ifndef VL_AUDIO_DTMF_IMPL_H
#define VL_AUDIO_DTMF_IMPL_H

#include "audio/dtmf.h"

extern const float vl_dtmf_hz[VL_DTMF_TONES];

/** Windows [at - 4, at] hold one key: two steady tones. The windows are there. */
bool vl_dtmf_test(const vl_dtmf_track *track, uint64_t at, vl_dtmf_match *out);
const vl_dtmf_window *vl_dtmf_window_at(const vl_dtmf_track *track, uint64_t index);

#define VL_DTMF_TEST_WINDOWS 5u

#endif
