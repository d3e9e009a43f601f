#include "fake_asr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct instance {
    fake_asr *fake;
    atomic_bool is_busy;
} instance;

static veil_status create(void *user, void **out)
{
    fake_asr *fake = user;
    if (++fake->created == fake->create_fails_at) return fake->create_status;
    instance *one = calloc(1, sizeof *one);
    if (one == NULL) return VEIL_ERR_NO_MEMORY;
    one->fake = fake;
    fake->alive++;
    *out = one;
    return VEIL_OK;
}

static void destroy(void *self)
{
    instance *one = self;
    if (one == NULL) return;
    one->fake->alive--;
    free(one);
}

/* Read it all (or as much as the fake is told) and say which channel it was. */
static uint32_t listen(fake_asr *fake, const veil_asr_sound *sound)
{
    float block[700];
    double sum = 0;
    uint64_t heard = 0;
    for (;;) {
        size_t want = sizeof block / sizeof block[0];
        if (fake->reads_at_most != 0 && fake->reads_at_most - heard < want) want = fake->reads_at_most - heard;
        size_t got = want == 0 ? 0 : sound->read(sound->reader, block, want);
        if (got == 0) break;
        for (size_t i = 0; i < got; i++)
            sum += fabs((double)block[i]);
        const struct timespec pause = {0, (long)fake->pause_ms * 1000000};
        if (heard == 0 && fake->pause_ms != 0) nanosleep(&pause, NULL);
        heard += got;
    }
    if (!fake->is_quiet) fake->samples_heard = heard;
    double level = heard == 0 ? 0.1 : sum / (double)heard;
    uint32_t channel = level < 0.05 ? 0 : (uint32_t)lround(level * 10) - 1;
    return channel < FAKE_CHANNELS ? channel : FAKE_CHANNELS - 1;
}

static veil_status recognize(void *self, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user)
{
    instance *one = self;
    fake_asr *fake = one->fake;
    if (atomic_exchange(&one->is_busy, true)) fake->was_entered_twice = true;
    fake->calls++;
    if (!fake->is_quiet) fake->rate_hz = sound->sample_rate_hz;
    if (!fake->is_quiet) snprintf(fake->language, sizeof fake->language, "%s", sound->language);
    struct timespec pause = {0, (long)fake->sleep_ms * 1000000};
    if (fake->sleep_ms != 0) nanosleep(&pause, NULL);
    uint32_t channel = listen(fake, sound);
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < fake->repeat && status == VEIL_OK; i++)
        status = sink(sink_user, &fake->words[channel][0]);
    for (size_t i = 0; i < fake->word_count[channel] && status == VEIL_OK; i++)
        status = sink(sink_user, &fake->words[channel][i]);
    if (status != VEIL_OK) fake->sink_status = status;
    one->is_busy = false;
    return status == VEIL_OK ? fake->status : status;
}

veil_asr_engine fake_asr_engine(fake_asr *fake)
{
    return (veil_asr_engine){.struct_size = sizeof(veil_asr_engine),
                             .name = "fake",
                             .user = fake,
                             .create = create,
                             .recognize = recognize,
                             .destroy = destroy};
}

veil_asr_word fake_word(const char *text, double start_s, double end_s, uint32_t alternative)
{
    return (veil_asr_word){.struct_size = sizeof(veil_asr_word),
                           .text = text,
                           .text_bytes = text == NULL ? 0 : strlen(text),
                           .start_s = start_s,
                           .end_s = end_s,
                           .confidence = 0.5f,
                           .alternative = alternative};
}

size_t fake_words(const char *text, double start_s, double step_s, uint32_t alternative, veil_asr_word *out,
                  size_t capacity)
{
    size_t count = 0;
    while (*text != '\0' && count < capacity) {
        size_t length = strcspn(text, " ");
        double at = start_s + (double)count * step_s;
        out[count] = fake_word(text, at, at + step_s * 0.9, alternative);
        out[count++].text_bytes = length;
        text += length + (text[length] == ' ');
    }
    return count;
}
