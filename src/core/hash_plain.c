/* XXH3-128 with the vectors that every CPU of the architecture has (SSE2 on x86-64). The code is in hash_rows.inc. */
#include "core/hash_rows.inc"

void vl_hash_rows_plain(void *state, const uint8_t *secret, size_t secret_bytes, const vl_hash_input *input,
                        uint64_t out[2])
{
    hash_rows(state, secret, secret_bytes, input, out);
}

void vl_hash_bytes_plain(const uint8_t *secret, size_t secret_bytes, const void *data, size_t n, uint64_t out[2])
{
    hash_bytes(secret, secret_bytes, data, n, out);
}
