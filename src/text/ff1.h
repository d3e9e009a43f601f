/* FF1 of NIST SP 800-38G: format-preserving encryption of strings of numerals, on AES. */
#ifndef VL_TEXT_FF1_H
#define VL_TEXT_FF1_H

#include "core/ciphers.h"

#define VL_FF1_NUMERALS_MAX 128u
#define VL_FF1_TWEAK_MAX    32u

/** SP 800-38G revision 1 (draft): a domain of fewer than a million strings can be searched. */
bool vl_ff1_fits(uint32_t radix, size_t count);

/**
 * Encrypt or decrypt numerals[0, count), each below radix (2 to 256), in place. `aes`: ECB. Allocates nothing.
 * @return VEIL_OK; INVALID_ARGUMENT (a domain that does not fit, too long); INTERNAL
 */
veil_status vl_ff1_run(vl_aes *aes, bool encrypts, uint32_t radix, vl_bytes tweak, uint8_t *numerals, size_t count);

/** Known answers: samples 7 to 9 of NIST's FF1 samples. */
veil_status vl_ff1_prove(const vl_allocator *allocator, const vl_crypto *crypto, veil_error *error);

#endif
