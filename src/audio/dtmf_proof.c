/* The detector's known answer: every key for 45 ms, with pauses of 45 ms, in a low hum. */
#include <math.h>
#include <string.h>

#include "audio/dtmf_impl.h"

#define PROOF_MS    45u
#define PROOF_LEVEL 3000.0 /* of each tone, in 16-bit units */
#define PROOF_HUM   1500.0
#define HUM_HZ      100.0
#define TWO_PI      6.283185307179586

static const char proof_keys[] = "123A456B789C*0#D";

typedef struct proof {
    char found[sizeof proof_keys];
    uint32_t count;
} proof;

static veil_status note(void *user, const vl_dtmf_key *key)
{
    proof *p = user;
    if (p->count < sizeof p->found - 1) p->found[p->count] = key->key;
    p->count++;
    return VEIL_OK;
}

static void make_part(int16_t *out, uint32_t frames, uint32_t rate_hz, uint32_t key, bool sounds)
{
    double low = TWO_PI * (double)vl_dtmf_hz[key / 4] / rate_hz,
           high = TWO_PI * (double)vl_dtmf_hz[4 + key % 4] / rate_hz;
    for (uint32_t i = 0; i < frames; i++) {
        double value = PROOF_HUM * sin(TWO_PI * HUM_HZ * i / rate_hz);
        if (sounds) value += PROOF_LEVEL * (sin(low * i) + sin(high * i));
        out[i] = (int16_t)lrint(value);
    }
}

static veil_status run(const vl_dtmf_bank *bank, const vl_kernels *kernels, int16_t *memory, proof *p)
{
    const uint32_t part = bank->rate_hz * PROOF_MS / 1000;
    int16_t *sound = memory + vl_dtmf_samples_bytes(bank->rate_hz) / sizeof *memory;
    vl_dtmf_track track;
    vl_dtmf_track_start(&track, bank, kernels, memory);
    veil_status status = VEIL_OK;
    for (uint32_t i = 0; i < 32 && status == VEIL_OK; i++) {
        make_part(sound, part, bank->rate_hz, i / 2, i % 2 == 1);
        for (size_t done = 0, room = 0; done < part && status == VEIL_OK; done += room) {
            int16_t *to = vl_dtmf_room(&track, &room);
            room = room < part - done ? room : part - done;
            memcpy(to, sound + done, room * sizeof *to);
            status = vl_dtmf_advance(&track, room, note, p);
        }
    }
    return status == VEIL_OK ? vl_dtmf_finish(&track, note, p) : status;
}

veil_status vl_dtmf_prove(const vl_dtmf_bank *bank, const vl_kernels *kernels, const vl_allocator *allocator,
                          veil_error *error)
{
    const uint32_t part = bank->rate_hz * PROOF_MS / 1000;
    size_t bytes = vl_dtmf_samples_bytes(bank->rate_hz) + part * sizeof(int16_t);
    int16_t *memory = vl_alloc(allocator, bytes);
    if (memory == NULL) return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "the proof of the tone detector");
    proof p = {0};
    veil_status status = run(bank, kernels, memory, &p);
    vl_free(allocator, memory, bytes);
    if (status == VEIL_OK && (p.count != sizeof proof_keys - 1 || strcmp(p.found, proof_keys) != 0)) {
        status = vl_error_set(error, VEIL_ERR_SELF_TEST, 0, "DTMF: %u of %zu known keys were found", p.count,
                              sizeof proof_keys - 1);
    }
    return status;
}
