/*
 * Known answers of the ciphers, run once at creation: a library that computes something else must not be trusted with data.
 * Sources: FIPS 197 C.3 (block), NIST SP 800-38A F.2.5 (CBC), McGrew and Viega, "The Galois/Counter Mode of Operation", test
 * case 14 (GCM), RFC 5297 A.1 (SIV), RFC 5869 A.1 (HKDF).
 */
#include <string.h>

#include "core/ciphers.h"
#include "core/error.h"

typedef struct proof {
    const vl_allocator *allocator;
    const vl_crypto *crypto;
} proof;

static const uint8_t counting[32] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                     16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

static veil_status is_same(const void *got, const void *want, size_t size_bytes)
{
    return memcmp(got, want, size_bytes) == 0 ? VEIL_OK : VEIL_ERR_SELF_TEST;
}

static veil_status prove_block(const proof *p)
{
    static const uint8_t in[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                   0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF};
    static const uint8_t want[16] = {0x8E, 0xA2, 0xB7, 0xCA, 0x51, 0x67, 0x45, 0xBF,
                                     0xEA, 0xFC, 0x49, 0x90, 0x4B, 0x49, 0x60, 0x89};
    uint8_t got[16] = {0};
    vl_aes *aes;
    veil_status status = vl_aes_create(p->allocator, p->crypto, VL_AES_ECB, counting, 32, &aes);
    if (status == VEIL_OK) status = vl_aes_blocks(aes, in, sizeof in, got);
    vl_aes_destroy(aes);
    return status == VEIL_OK ? is_same(got, want, sizeof want) : status;
}

static veil_status prove_cbc(const proof *p)
{
    static const uint8_t key[32] = {0x60, 0x3D, 0xEB, 0x10, 0x15, 0xCA, 0x71, 0xBE, 0x2B, 0x73, 0xAE,
                                    0xF0, 0x85, 0x7D, 0x77, 0x81, 0x1F, 0x35, 0x2C, 0x07, 0x3B, 0x61,
                                    0x08, 0xD7, 0x2D, 0x98, 0x10, 0xA3, 0x09, 0x14, 0xDF, 0xF4};
    static const uint8_t in[16] = {0x6B, 0xC1, 0xBE, 0xE2, 0x2E, 0x40, 0x9F, 0x96,
                                   0xE9, 0x3D, 0x7E, 0x11, 0x73, 0x93, 0x17, 0x2A};
    static const uint8_t want[16] = {0xF5, 0x8C, 0x4C, 0x04, 0xD6, 0xE5, 0xF1, 0xBA,
                                     0x77, 0x9E, 0xAB, 0xFB, 0x5F, 0x7B, 0xFB, 0xD6};
    uint8_t got[16] = {0};
    uint8_t back[16] = {0};
    vl_aes *forth;
    vl_aes *reverse = NULL;
    veil_status status = vl_aes_create(p->allocator, p->crypto, VL_AES_CBC, key, sizeof key, &forth);
    if (status == VEIL_OK)
        status = vl_aes_create(p->allocator, p->crypto, VL_AES_CBC_DECRYPT, key, sizeof key, &reverse);
    if (status == VEIL_OK) status = vl_aes_cbc(forth, counting, in, sizeof in, got);
    if (status == VEIL_OK) status = vl_aes_cbc(reverse, counting, got, sizeof got, back);
    vl_aes_destroy(forth);
    vl_aes_destroy(reverse);
    if (status == VEIL_OK) status = is_same(got, want, sizeof want);
    return status == VEIL_OK ? is_same(back, in, sizeof in) : status;
}

static veil_status prove_gcm(const proof *p)
{
    static const uint8_t zero[32] = {0};
    static const uint8_t want[32] = {0xCE, 0xA7, 0x40, 0x3D, 0x4D, 0x60, 0x6B, 0x6E, 0x07, 0x4E, 0xC5,
                                     0xD3, 0xBA, 0xF3, 0x9D, 0x18, 0xD0, 0xD1, 0xC8, 0xA7, 0x99, 0x99,
                                     0x6B, 0xF0, 0x26, 0x5B, 0x98, 0xB5, 0xD4, 0x8A, 0xB9, 0x19};
    const vl_bytes none = {NULL, 0};
    uint8_t got[32] = {0};
    uint8_t back[16];
    vl_aes *seal;
    vl_aes *open = NULL;
    veil_status status = vl_aes_create(p->allocator, p->crypto, VL_AES_GCM, zero, sizeof zero, &seal);
    if (status == VEIL_OK)
        status = vl_aes_create(p->allocator, p->crypto, VL_AES_GCM_DECRYPT, zero, sizeof zero, &open);
    if (status == VEIL_OK) status = vl_aes_seal(seal, zero, none, (vl_bytes){zero, 16}, got, got + 16);
    if (status == VEIL_OK) status = is_same(got, want, sizeof want);
    if (status == VEIL_OK) status = vl_aes_open(open, zero, none, (vl_bytes){got, 16}, got + 16, back);
    if (status == VEIL_OK) status = is_same(back, zero, sizeof back);
    got[31] ^= 1; /* a wrong tag must be noticed */
    if (status == VEIL_OK && vl_aes_open(open, zero, none, (vl_bytes){got, 16}, got + 16, back) == VEIL_OK)
        status = VEIL_ERR_SELF_TEST;
    vl_aes_destroy(seal);
    vl_aes_destroy(open);
    return status;
}

static veil_status prove_siv(const proof *p)
{
    static const uint8_t key[32] = {0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0xFA, 0xF9, 0xF8, 0xF7, 0xF6, 0xF5,
                                    0xF4, 0xF3, 0xF2, 0xF1, 0xF0, 0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5,
                                    0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE, 0xFF};
    static const uint8_t associated[24] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x1B,
                                           0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27};
    static const uint8_t in[14] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE};
    static const uint8_t want[30] = {0x85, 0x63, 0x2D, 0x07, 0xC6, 0xE8, 0xF3, 0x7F, 0x95, 0x0A,
                                     0xCD, 0x32, 0x0A, 0x2E, 0xCC, 0x93, 0x40, 0xC0, 0x2B, 0x96,
                                     0x90, 0xC4, 0xDC, 0x04, 0xDA, 0xEF, 0x7F, 0x6A, 0xFE, 0x5C};
    const vl_bytes head = {associated, sizeof associated};
    uint8_t got[30] = {0};
    uint8_t back[14] = {0};
    vl_siv *siv;
    veil_status status = vl_siv_create(p->allocator, p->crypto, key, sizeof key, &siv);
    if (status == VEIL_OK) status = vl_siv_seal(siv, &head, 1, (vl_bytes){in, sizeof in}, got + 16, got);
    if (status == VEIL_OK) status = is_same(got, want, sizeof want);
    if (status == VEIL_OK) status = vl_siv_open(siv, &head, 1, (vl_bytes){got + 16, sizeof in}, got, back);
    if (status == VEIL_OK) status = is_same(back, in, sizeof in);
    got[0] ^= 1;
    if (status == VEIL_OK && vl_siv_open(siv, &head, 1, (vl_bytes){got + 16, sizeof in}, got, back) == VEIL_OK)
        status = VEIL_ERR_SELF_TEST;
    vl_siv_destroy(siv);
    return status;
}

static veil_status prove_hkdf(const proof *p)
{
    static const uint8_t info[10] = {0xF0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9};
    static const uint8_t want[42] = {0x3C, 0xB2, 0x5F, 0x25, 0xFA, 0xAC, 0xD5, 0x7A, 0x90, 0x43, 0x4F,
                                     0x64, 0xD0, 0x36, 0x2F, 0x2A, 0x2D, 0x2D, 0x0A, 0x90, 0xCF, 0x1A,
                                     0x5A, 0x4C, 0x5D, 0xB0, 0x2D, 0x56, 0xEC, 0xC4, 0xC5, 0xBF, 0x34,
                                     0x00, 0x72, 0x08, 0xD5, 0xB8, 0x87, 0x18, 0x58, 0x65};
    uint8_t secret[22];
    uint8_t got[42];
    memset(secret, 0x0B, sizeof secret);
    veil_status status = vl_hkdf(p->allocator, p->crypto, (vl_bytes){secret, sizeof secret}, (vl_bytes){counting, 13},
                                 (vl_bytes){info, sizeof info}, got, sizeof got);
    return status == VEIL_OK ? is_same(got, want, sizeof want) : status;
}

veil_status vl_ciphers_prove(const vl_allocator *allocator, const vl_crypto *crypto, veil_error *error)
{
    static const struct {
        const char *name;
        veil_status (*prove)(const proof *p);
    } rows[] = {{"AES", prove_block},
                {"AES-CBC", prove_cbc},
                {"AES-GCM", prove_gcm},
                {"AES-SIV", prove_siv},
                {"HKDF", prove_hkdf}};
    const proof p = {allocator, crypto};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        veil_status status = rows[i].prove(&p);
        if (status == VEIL_ERR_SELF_TEST)
            return vl_error_set(error, status, 0, "%s did not give its known answer", rows[i].name);
        if (status != VEIL_OK) return vl_error_set(error, status, 0, "%s in libcrypto could not be used", rows[i].name);
    }
    return VEIL_OK;
}
