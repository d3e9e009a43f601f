/* PocketSphinx 0.8+5prealpha, as Debian has it. It prints unless told not to, and on some broken models it exits: files are
 * looked for before it is asked to read them. */
#include "plugins/sphinx.h"

#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 768

struct vl_sphinx {
    ps_decoder_t *digits;
    ps_decoder_t *words;
};

static const char grammar[] =
    "#JSGF V1.0;\ngrammar digits;\npublic <digits> = ( zero | one | two | three | four | five "
    "| six | seven | eight | nine )+;\n";
static const char grammar_ohs[] =
    "#JSGF V1.0;\ngrammar ohs;\n<digit> = zero | one | two | three | four | five | six | seven | eight | nine;\n"
    "public <ohs> = <digit> ( oh* <digit> )*;\n";

static void say_nothing(void *user, err_lvl_t level, const char *format, ...)
{
    (void)user, (void)level, (void)format;
}

static bool path_of(char *path, const char *folder, const char *name)
{
    int length = snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return length > 0 && length < PATH_BYTES && access(path, R_OK) == 0;
}

/*
 * remove_silence off, for it moves the times of words; compallsen on, so that scores of words can be compared; the beams of the
 * language model are narrow: 0.15 of real time instead of 0.5, with the same words in what was measured.
 */
static ps_decoder_t *open_decoder(const char *folder, const char *model)
{
    char hmm[PATH_BYTES], dict[PATH_BYTES], lm[PATH_BYTES], mdef[PATH_BYTES];
    bool is_there = path_of(hmm, folder, "en-us") && path_of(dict, folder, "cmudict-en-us.dict") &&
                    path_of(mdef, folder, "en-us/mdef") && (model == NULL || path_of(lm, folder, model));
    if (!is_there) return NULL;
    cmd_ln_t *config = cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", hmm, "-dict", dict, "-remove_silence", "no",
                                   "-compallsen", "yes", "-wip", "0.1", "-silprob", "0.1", NULL);
    if (config == NULL) return NULL;
    if (model != NULL) {
        cmd_ln_set_str_r(config, "-lm", lm);
        cmd_ln_set_float_r(config, "-wip", 0.65);
        cmd_ln_set_float_r(config, "-silprob", 0.005);
        cmd_ln_set_float_r(config, "-beam", 1e-40);
        cmd_ln_set_int_r(config, "-maxhmmpf", 3000);
    }
    ps_decoder_t *decoder = ps_init(config);
    cmd_ln_free_r(config);
    return decoder;
}

veil_status vl_sphinx_open(const char *folder, vl_sphinx **out)
{
    *out = NULL;
    err_set_logfp(NULL);
    err_set_callback(say_nothing, NULL);
    vl_sphinx *sphinx = calloc(1, sizeof *sphinx);
    if (sphinx == NULL) return VEIL_ERR_NO_MEMORY;
    sphinx->digits = open_decoder(folder, NULL);
    sphinx->words = sphinx->digits == NULL ? NULL : open_decoder(folder, "en-us.lm.bin");
    bool is_good = sphinx->words != NULL && ps_set_jsgf_string(sphinx->digits, "digits", grammar) == 0 &&
                   ps_set_jsgf_string(sphinx->digits, "ohs", grammar_ohs) == 0;
    if (!is_good) {
        vl_sphinx_close(sphinx);
        return VEIL_ERR_MODEL;
    }
    *out = sphinx;
    return VEIL_OK;
}

void vl_sphinx_close(vl_sphinx *sphinx)
{
    if (sphinx == NULL) return;
    if (sphinx->digits != NULL) ps_free(sphinx->digits);
    if (sphinx->words != NULL) ps_free(sphinx->words);
    free(sphinx);
}

static veil_status give(ps_seg_t *segment, vl_sphinx_sink sink, void *user)
{
    const char *text = ps_seg_word(segment);
    int first = 0, last = 0;
    int32_t acoustic = 0;
    ps_seg_frames(segment, &first, &last);
    (void)ps_seg_prob(segment, &acoustic, NULL, NULL);
    /* <s>, <sil>, [NOISE], ++UH++, (NULL) */
    if (text == NULL || strchr("<[+(", text[0]) != NULL || first < 0 || last < first) return VEIL_OK;
    const vl_sphinx_word word = {.text = text,
                                 .text_bytes = strcspn(text, "("),
                                 .first = (uint32_t)first,
                                 .end = (uint32_t)last + 1,
                                 .score = (double)acoustic / (last - first + 1)};
    return sink(user, &word);
}

veil_status vl_sphinx_hear(vl_sphinx *sphinx, vl_sphinx_ear ear, const int16_t *samples, size_t count,
                           vl_sphinx_sink sink, void *user)
{
    ps_decoder_t *decoder = ear == VL_EAR_WORDS ? sphinx->words : sphinx->digits;
    bool is_set = ear == VL_EAR_WORDS || ps_set_search(decoder, ear == VL_EAR_OHS ? "ohs" : "digits") == 0;
    if (!is_set) return VEIL_ERR_INTERNAL;
    if (ps_start_stream(decoder) < 0 || ps_start_utt(decoder) < 0) return VEIL_ERR_INTERNAL;
    int frames = ps_process_raw(decoder, samples, count, FALSE, TRUE);
    if (ps_end_utt(decoder) < 0 || frames < 0) return VEIL_ERR_INTERNAL;
    veil_status status = VEIL_OK;
    ps_seg_t *segment = ps_seg_iter(decoder);
    while (segment != NULL && status == VEIL_OK) {
        status = give(segment, sink, user);
        if (status == VEIL_OK)
            segment = ps_seg_next(segment);
        else
            ps_seg_free(segment);
    }
    return status;
}
