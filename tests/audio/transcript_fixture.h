/* Transcripts made in tests: words with times from plain text, in Whisper's or Vosk's form. */
#ifndef VL_TESTS_TRANSCRIPT_FIXTURE_H
#define VL_TESTS_TRANSCRIPT_FIXTURE_H

#include <stddef.h>

/**
 * JSON for the words of `text` (split at spaces), word i from 0.5 * i to 0.5 * i + 0.4 s. malloc'ed, NUL-terminated.
 * `leading_space`: words carry the space before them, as openai-whisper writes them.
 */
char *transcript_whisper(const char *text, int leading_space);
char *transcript_vosk(const char *text);

#endif
