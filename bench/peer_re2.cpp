/* Peer: RE2::Set over the same patterns. It answers which of them match somewhere, without positions. */
#include "peers.h"

#include <memory>
#include <new>
#include <re2/set.h>
#include <string>
#include <vector>

struct bench_re2 {
    std::unique_ptr<RE2::Set> set;
    std::vector<int> hits;
};

bench_re2 *bench_re2_create(const bench_patterns *patterns)
{
    RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(RE2::Options::EncodingLatin1); /* bytes, as the other engines see them */
    options.set_max_mem(256 << 20);
    std::unique_ptr<bench_re2> peer(new (std::nothrow) bench_re2);
    if (peer == nullptr) return nullptr;
    peer->set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (size_t i = 0; i < patterns->count; i++) {
        std::string expression = patterns->is_caseless[i] ? "(?i)" : "";
        expression += patterns->expressions[i];
        if (peer->set->Add(expression, nullptr) < 0) return nullptr;
    }
    if (!peer->set->Compile()) return nullptr;
    return peer.release();
}

size_t bench_re2_scan(bench_re2 *peer, const char *text, size_t text_bytes)
{
    peer->set->Match(re2::StringPiece(text, text_bytes), &peer->hits);
    return peer->hits.size();
}

void bench_re2_destroy(bench_re2 *peer)
{
    delete peer;
}
