/* Peer: PCRE2 with its JIT, one compiled pattern after the other over the whole text. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "peers.h"

#include <stdlib.h>

struct bench_pcre2 {
    pcre2_code **codes;
    pcre2_match_data *match;
    size_t count;
};

bench_pcre2 *bench_pcre2_create(const bench_patterns *patterns)
{
    bench_pcre2 *peer = calloc(1, sizeof *peer);
    if (peer == NULL) return NULL;
    peer->codes = calloc(patterns->count, sizeof *peer->codes);
    peer->match = pcre2_match_data_create(32, NULL);
    int is_ok = peer->codes != NULL && peer->match != NULL;
    for (size_t i = 0; is_ok && i < patterns->count; i++) {
        int error = 0;
        PCRE2_SIZE offset = 0;
        pcre2_code *code = pcre2_compile((PCRE2_SPTR)patterns->expressions[i], PCRE2_ZERO_TERMINATED,
                                         patterns->is_caseless[i] ? PCRE2_CASELESS : 0, &error, &offset, NULL);
        is_ok = code != NULL && pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
        if (code != NULL) peer->codes[peer->count++] = code;
    }
    if (is_ok) return peer;
    bench_pcre2_destroy(peer);
    return NULL;
}

static size_t count_all(const pcre2_code *code, pcre2_match_data *match, const char *text, size_t text_bytes)
{
    size_t count = 0;
    for (PCRE2_SIZE from = 0; from < text_bytes; count++) {
        if (pcre2_jit_match(code, (PCRE2_SPTR)text, text_bytes, from, 0, match, NULL) < 0) break;
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(match);
        from = span[1] > from ? span[1] : from + 1;
    }
    return count;
}

size_t bench_pcre2_scan(bench_pcre2 *peer, const char *text, size_t text_bytes)
{
    size_t matches = 0;
    for (size_t i = 0; i < peer->count; i++)
        matches += count_all(peer->codes[i], peer->match, text, text_bytes);
    return matches;
}

void bench_pcre2_destroy(bench_pcre2 *peer)
{
    if (peer == NULL) return;
    for (size_t i = 0; i < peer->count; i++)
        pcre2_code_free(peer->codes[i]);
    pcre2_match_data_free(peer->match);
    free(peer->codes);
    free(peer);
}
