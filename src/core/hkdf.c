/* HKDF-SHA-256 (RFC 5869): one secret into keys for different uses, of which none tells anything about another. */
#include <string.h>

#include "core/ciphers.h"

#define DIGEST_BYTES   32u
#define INFO_MAX_BYTES 128u

static veil_status hmac_once(const vl_allocator *allocator, const vl_crypto *crypto, vl_bytes key, vl_bytes data,
                             uint8_t out[DIGEST_BYTES])
{
    vl_hmac *hmac;
    veil_status status = vl_hmac_create(allocator, crypto, 256, key.data, key.size, &hmac);
    if (status == VEIL_OK) status = vl_hmac_run(hmac, data.data, data.size, out);
    vl_hmac_destroy(hmac);
    return status;
}

veil_status vl_hkdf(const vl_allocator *allocator, const vl_crypto *crypto, vl_bytes secret, vl_bytes salt,
                    vl_bytes info, uint8_t *out, size_t out_bytes)
{
    uint8_t root[DIGEST_BYTES];
    uint8_t block[DIGEST_BYTES];
    uint8_t message[DIGEST_BYTES + INFO_MAX_BYTES + 1];
    if (info.size > INFO_MAX_BYTES || out_bytes > 255u * DIGEST_BYTES) return VEIL_ERR_INVALID_ARGUMENT;
    veil_status status = hmac_once(allocator, crypto, salt, secret, root);
    size_t chained = 0; /* bytes of the block before that go into the next one */
    uint8_t number = 1;
    for (size_t done = 0; done < out_bytes && status == VEIL_OK; number++) {
        memcpy(message, block, chained);
        if (info.size > 0) memcpy(message + chained, info.data, info.size);
        message[chained + info.size] = number;
        status = hmac_once(allocator, crypto, (vl_bytes){root, sizeof root},
                           (vl_bytes){message, chained + info.size + 1}, block);
        chained = DIGEST_BYTES;
        size_t step = out_bytes - done < DIGEST_BYTES ? out_bytes - done : DIGEST_BYTES;
        memcpy(out + done, block, step);
        done += step;
    }
    vl_wipe(root, sizeof root);
    vl_wipe(block, sizeof block);
    vl_wipe(message, sizeof message);
    if (status != VEIL_OK) vl_wipe(out, out_bytes);
    return status;
}

bool vl_bytes_equal(const void *a, const void *b, size_t size_bytes)
{
    const volatile uint8_t *x = a;
    const volatile uint8_t *y = b;
    uint8_t differs = 0;
    for (size_t i = 0; i < size_bytes; i++)
        differs |= x[i] ^ y[i];
    return differs == 0;
}
