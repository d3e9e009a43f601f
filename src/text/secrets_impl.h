/* Inside the search for secrets: what its files share. */
#ifndef VL_TEXT_SECRETS_IMPL_H
#define VL_TEXT_SECRETS_IMPL_H

#include "text/scan.h"

/** Tokens without a fixed beginning, told by their shape. `p` begins a word and a run of VL_TOKEN_RUN token bytes. */
void vl_match_shaped_token(vl_scan *scan, size_t p);

/** `p` begins one of the words in credentials.c (or something like it), in whatever case. */
void vl_match_credential(vl_scan *scan, size_t p);
/** Three-byte beginnings of those words. */
void vl_credential_leads(vl_letter_set *set);

/** `p` is the colon of "://". */
void vl_match_authority(vl_scan *scan, size_t p);

/** Bytes at p name no secret but stand for one: "${NAME}", "****", "<password>", "null". */
bool vl_is_placeholder(const uint8_t *text, size_t size_bytes);

/** Shannon's entropy of the bytes (at most 64 are looked at), in bits a byte. */
float vl_entropy(const char *text, size_t size_bytes);

#endif
