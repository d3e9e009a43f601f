/*
 * AES-SIV (RFC 5297): CMAC (RFC 4493) over a vector of associated strings and the message gives a synthetic IV, which is both
 * the tag and the start of a counter. Equal messages give equal output; nothing else is told about them, and nothing breaks
 * when an IV repeats, for there is none to choose. libcrypto's own SIV allocates with every message; this one does not.
 */
#include <string.h>

#include "core/ciphers.h"
#include "core/pool.h"

#define STREAM_BLOCKS 16u

struct vl_siv {
    vl_allocator allocator;
    vl_aes *mac;
    vl_aes *stream;
    uint8_t
        subkeys[2]
               [VL_AES_BLOCK]; /* RFC 4493 section 2.3: K1 for a last block that is full, K2 for one that is padded */
    uint8_t zero_mac[VL_AES_BLOCK]; /* CMAC of a zero block, with which S2V begins */
    uint8_t counters[STREAM_BLOCKS * VL_AES_BLOCK];
};

static void xor_into(uint8_t *out, const uint8_t *in, size_t size_bytes)
{
    for (size_t i = 0; i < size_bytes; i++)
        out[i] ^= in[i];
}

/* Multiply by x in GF(2^128), without a branch on the value. */
static void double_block(uint8_t block[VL_AES_BLOCK])
{
    uint8_t carry = block[0] >> 7;
    for (size_t i = 0; i + 1 < VL_AES_BLOCK; i++)
        block[i] = (uint8_t)(block[i] << 1 | block[i + 1] >> 7);
    block[VL_AES_BLOCK - 1] = (uint8_t)(block[VL_AES_BLOCK - 1] << 1 ^ (0x87 & (0u - carry)));
}

/* CMAC of `message`, with `tail_mask` xored into its last 16 bytes when it is not NULL (the "xorend" of S2V). */
static veil_status cmac(vl_siv *siv, vl_bytes message, const uint8_t *tail_mask, uint8_t out[VL_AES_BLOCK])
{
    uint8_t block[VL_AES_BLOCK];
    const uint8_t *at = message.data;
    size_t left = message.size;
    size_t mask_from = tail_mask == NULL ? SIZE_MAX : message.size - VL_AES_BLOCK; /* where the mask begins */
    veil_status status = VEIL_OK;
    memset(out, 0, VL_AES_BLOCK);
    for (bool is_last = false; !is_last && status == VEIL_OK;) {
        is_last = left <= VL_AES_BLOCK;
        size_t step = is_last ? left : VL_AES_BLOCK;
        size_t position = message.size - left;
        memset(block, 0, sizeof block);
        if (step > 0) memcpy(block, at + position, step);
        for (size_t i = 0; i < step && tail_mask != NULL; i++)
            if (position + i >= mask_from) block[i] ^= tail_mask[position + i - mask_from];
        if (step < VL_AES_BLOCK) block[step] = 0x80;
        if (is_last) xor_into(block, siv->subkeys[step < VL_AES_BLOCK], VL_AES_BLOCK);
        xor_into(out, block, VL_AES_BLOCK);
        status = vl_aes_blocks(siv->mac, out, VL_AES_BLOCK, out);
        left -= step;
    }
    vl_wipe(block, sizeof block);
    return status;
}

/* S2V, RFC 5297 section 2.4. */
static veil_status synthesize(vl_siv *siv, const vl_bytes *associated, size_t count, vl_bytes in,
                              uint8_t tag[VL_SIV_TAG])
{
    uint8_t sum[VL_AES_BLOCK];
    uint8_t mac[VL_AES_BLOCK];
    memcpy(sum, siv->zero_mac, sizeof sum);
    veil_status status = VEIL_OK;
    for (size_t i = 0; i < count && status == VEIL_OK; i++) {
        double_block(sum);
        status = cmac(siv, associated[i], NULL, mac);
        xor_into(sum, mac, sizeof sum);
    }
    if (status == VEIL_OK && in.size >= VL_AES_BLOCK) {
        status = cmac(siv, in, sum, tag);
    } else if (status == VEIL_OK) {
        double_block(sum);
        if (in.size > 0) xor_into(sum, in.data, in.size);
        sum[in.size] ^= 0x80;
        status = cmac(siv, (vl_bytes){sum, sizeof sum}, NULL, tag);
    }
    vl_wipe(sum, sizeof sum);
    vl_wipe(mac, sizeof mac);
    return status;
}

/* The counter is the whole block, as a big-endian number. */
static void next_counter(uint8_t counter[VL_AES_BLOCK])
{
    for (size_t i = VL_AES_BLOCK; i-- > 0;)
        if (++counter[i] != 0) return;
}

static veil_status run_stream(vl_siv *siv, const uint8_t tag[VL_SIV_TAG], vl_bytes in, uint8_t *out)
{
    uint8_t counter[VL_AES_BLOCK];
    const uint8_t *from = in.data;
    memcpy(counter, tag, sizeof counter);
    counter[8] &= 0x7F; /* section 2.5: two bits are cleared, so that 32-bit and 64-bit counters do not overflow */
    counter[12] &= 0x7F;
    veil_status status = VEIL_OK;
    for (size_t at = 0; at < in.size && status == VEIL_OK;) {
        size_t step = in.size - at < sizeof siv->counters ? in.size - at : sizeof siv->counters;
        size_t blocks = (step + VL_AES_BLOCK - 1) / VL_AES_BLOCK;
        for (size_t i = 0; i < blocks; i++) {
            memcpy(siv->counters + i * VL_AES_BLOCK, counter, VL_AES_BLOCK);
            next_counter(counter);
        }
        status = vl_aes_blocks(siv->stream, siv->counters, blocks * VL_AES_BLOCK, siv->counters);
        for (size_t i = 0; i < step; i++)
            out[at + i] = from[at + i] ^ siv->counters[i];
        at += step;
    }
    vl_wipe(siv->counters, in.size < sizeof siv->counters ? in.size : sizeof siv->counters);
    return status;
}

static veil_status prepare(vl_siv *siv)
{
    static const uint8_t zero[VL_AES_BLOCK] = {0};
    veil_status status = vl_aes_blocks(siv->mac, zero, VL_AES_BLOCK, siv->subkeys[0]);
    if (status != VEIL_OK) return status;
    double_block(siv->subkeys[0]);
    memcpy(siv->subkeys[1], siv->subkeys[0], VL_AES_BLOCK);
    double_block(siv->subkeys[1]);
    return cmac(siv, (vl_bytes){zero, sizeof zero}, NULL, siv->zero_mac);
}

veil_status vl_siv_create(const vl_allocator *allocator, const vl_crypto *crypto, const void *key, size_t key_bytes,
                          vl_siv **out)
{
    *out = NULL;
    if (key_bytes != 32 && key_bytes != 48 && key_bytes != 64) return VEIL_ERR_INVALID_ARGUMENT;
    vl_siv *siv = vl_secret_pages(sizeof *siv);
    if (siv == NULL) return VEIL_ERR_NO_MEMORY;
    siv->allocator = *allocator;
    const uint8_t *half = (const uint8_t *)key + key_bytes / 2;
    veil_status status = vl_aes_create(allocator, crypto, VL_AES_ECB, key, key_bytes / 2, &siv->mac);
    if (status == VEIL_OK) status = vl_aes_create(allocator, crypto, VL_AES_ECB, half, key_bytes / 2, &siv->stream);
    if (status == VEIL_OK) status = prepare(siv);
    if (status == VEIL_OK)
        *out = siv;
    else
        vl_siv_destroy(siv);
    return status;
}

void vl_siv_destroy(vl_siv *siv)
{
    if (siv == NULL) return;
    vl_aes_destroy(siv->mac);
    vl_aes_destroy(siv->stream);
    vl_secret_pages_free(siv, sizeof *siv);
}

veil_status vl_siv_seal(vl_siv *siv, const vl_bytes *associated, size_t associated_count, vl_bytes in, uint8_t *out,
                        uint8_t tag[VL_SIV_TAG])
{
    veil_status status = synthesize(siv, associated, associated_count, in, tag);
    return status == VEIL_OK ? run_stream(siv, tag, in, out) : status;
}

veil_status vl_siv_open(vl_siv *siv, const vl_bytes *associated, size_t associated_count, vl_bytes in,
                        const uint8_t tag[VL_SIV_TAG], uint8_t *out)
{
    uint8_t found[VL_SIV_TAG];
    veil_status status = run_stream(siv, tag, in, out);
    if (status == VEIL_OK) status = synthesize(siv, associated, associated_count, (vl_bytes){out, in.size}, found);
    if (status == VEIL_OK && !vl_bytes_equal(found, tag, sizeof found)) status = VEIL_ERR_MALFORMED_INPUT;
    vl_wipe(found, sizeof found); /* of a forgery it would be the right tag */
    if (status != VEIL_OK) vl_wipe(out, in.size);
    return status;
}
