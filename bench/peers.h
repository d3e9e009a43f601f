/*
 * What a user would run instead of Veil, over the same patterns and inputs. Each peer is created once; a call allocates
 * nothing of ours. Creation answers NULL when the library refuses.
 */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The patterns of the recognizer table, in the subset that all three engines share. */
typedef struct bench_patterns {
    const char *const *expressions;
    const uint8_t *is_caseless;
    size_t count;
} bench_patterns;

typedef struct bench_hs bench_hs; /* one Hyperscan database, HS_FLAG_SOM_LEFTMOST when has_start */
bench_hs *bench_hs_create(const bench_patterns *patterns, int has_start);
size_t bench_hs_scan(bench_hs *peer, const char *text, size_t text_bytes); /* matches */
void bench_hs_destroy(bench_hs *peer);

typedef struct bench_pcre2 bench_pcre2; /* every pattern JIT-compiled, searched one after the other */
bench_pcre2 *bench_pcre2_create(const bench_patterns *patterns);
size_t bench_pcre2_scan(bench_pcre2 *peer, const char *text, size_t text_bytes);
void bench_pcre2_destroy(bench_pcre2 *peer);

typedef struct bench_re2 bench_re2; /* RE2::Set: says which patterns match, not where */
bench_re2 *bench_re2_create(const bench_patterns *patterns);
size_t bench_re2_scan(bench_re2 *peer, const char *text, size_t text_bytes);
void bench_re2_destroy(bench_re2 *peer);

typedef struct bench_net bench_net; /* cv::dnn alone: setInput of a ready blob and forward */
bench_net *bench_net_create(const void *model, size_t model_bytes, int width, int height);
void bench_net_forward(bench_net *peer);
void bench_net_destroy(bench_net *peer);

typedef struct bench_haar
    bench_haar; /* OpenCV's Haar cascade on a gray copy of a BGR picture, and a blur of what it finds */
bench_haar *bench_haar_create(const char *cascade_path);
size_t bench_haar_redact(bench_haar *peer, uint8_t *bgr, int width, int height);
void bench_haar_destroy(bench_haar *peer);

typedef struct bench_cv_jpeg
    bench_cv_jpeg; /* imdecode, the network at 320x240, GaussianBlur (31) of a face, imencode */
typedef struct bench_cv_box {
    int x, y, w, h;
} bench_cv_box;
bench_cv_jpeg *bench_cv_jpeg_create(const void *model, size_t model_bytes);
size_t bench_cv_jpeg_redact(bench_cv_jpeg *peer, const uint8_t *file, size_t file_bytes, int quality,
                            const bench_cv_box *face); /* bytes written */
size_t bench_cv_jpeg_encode(const uint8_t *bgr, int width, int height, int quality, uint8_t *out, size_t capacity);
void bench_cv_jpeg_destroy(bench_cv_jpeg *peer);

/** OpenCV's Gaussian blur (31) of a box of a BGR picture, in place. */
void bench_cv_blur(uint8_t *bgr, int width, int height, const bench_cv_box *box);

/** OpenCV's thread count: 1, as Veil's documentation recommends to hosts. */
void bench_cv_single_thread(void);

#ifdef __cplusplus
}
#endif

#endif
