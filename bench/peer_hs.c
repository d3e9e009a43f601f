/* Peer: Hyperscan over the table's patterns, with start-of-match (which is what a user needs for offsets) or without. */
#include "peers.h"

#include <hs.h>
#include <stdlib.h>

struct bench_hs {
    hs_database_t *database;
    hs_scratch_t *scratch;
};

bench_hs *bench_hs_create(const bench_patterns *patterns, int has_start)
{
    bench_hs *peer = calloc(1, sizeof *peer);
    unsigned *flags = calloc(patterns->count, sizeof *flags);
    unsigned *ids = calloc(patterns->count, sizeof *ids);
    int is_ok = peer != NULL && flags != NULL && ids != NULL;
    for (size_t i = 0; is_ok && i < patterns->count; i++) {
        ids[i] = (unsigned)i;
        flags[i] = (has_start ? HS_FLAG_SOM_LEFTMOST : 0u) | (patterns->is_caseless[i] ? HS_FLAG_CASELESS : 0u);
    }
    hs_compile_error_t *error = NULL;
    if (is_ok) {
        is_ok = hs_compile_multi(patterns->expressions, flags, ids, (unsigned)patterns->count, HS_MODE_BLOCK, NULL,
                                 &peer->database, &error) == HS_SUCCESS &&
                hs_alloc_scratch(peer->database, &peer->scratch) == HS_SUCCESS;
    }
    if (error != NULL) hs_free_compile_error(error);
    free(flags);
    free(ids);
    if (is_ok) return peer;
    bench_hs_destroy(peer);
    return NULL;
}

static int count_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)id;
    (void)from;
    (void)to;
    (void)flags;
    ++*(size_t *)context;
    return 0;
}

size_t bench_hs_scan(bench_hs *peer, const char *text, size_t text_bytes)
{
    size_t matches = 0;
    hs_scan(peer->database, text, (unsigned)text_bytes, 0, peer->scratch, count_match, &matches);
    return matches;
}

void bench_hs_destroy(bench_hs *peer)
{
    if (peer == NULL) return;
    hs_free_scratch(peer->scratch);
    hs_free_database(peer->database);
    free(peer);
}
