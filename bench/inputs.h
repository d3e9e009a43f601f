/* The texts, pictures and sounds that veil-bench works on; all made here from fixed seeds, so every run sees the same. */
#ifndef BENCH_INPUTS_H
#define BENCH_INPUTS_H

#include <stddef.h>
#include <stdint.h>

/** 33 bytes without personal data. */
extern const char bench_text_clean33[];
/** 116 bytes with an e-mail address, a phone number, an SSN and a card. */
extern const char bench_text_four116[];

/** Service logs: a timestamp and an IPv4 address in every line. Writes exactly `size` bytes. */
void bench_make_logs(char *out, size_t size, uint64_t seed);
/** Chat lines without personal data, now and then an e-mail address. */
void bench_make_chat(char *out, size_t size, uint64_t seed);
/** A mail of `size` bytes: headers, prose, a signature with phone and address. */
void bench_make_mail(char *out, size_t size, uint64_t seed);
/** Lines of 64 bytes each without personal data. */
void bench_make_lines64(char *out, size_t count, uint64_t seed);
/** 16 kHz mono speech-like sound. */
void bench_make_sound(int16_t *out, size_t frames, uint64_t seed);
/** Whisper-style transcript of 10 s with a spoken card number. */
extern const char bench_transcript10[];
/** Whisper-style transcript of so many words at 2.5 a second, a spoken number in every hundred; malloc'ed, or NULL. */
char *bench_make_transcript(size_t word_count, uint64_t seed);

#endif
