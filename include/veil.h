/*
 * Veil: finds and removes personal data in text, images and audio, inside the process that holds it.
 * This is the one public header, and the manual. It is valid C17 and C++17 and includes nothing but the C library.
 *
 * In five lines: fill a veil_config with veil_config_init, build a veil_sanitizer from it once, share it between any
 * number of threads, call veil_text_redact / veil_image_redact / veil_audio_redact, destroy it at the end.
 *
 * What holds for every call, unless its own comment says otherwise
 *   Threads    A veil_sanitizer is immutable; any number of threads may call with it at the same time. Buffers, options
 *              and results belong to one call at a time.
 *   Ownership  Everything passed in is borrowed until the call returns (until completion, for veil_submit). Strings that
 *              come back (entity and recognizer names) live as long as the sanitizer, or for ever where said so.
 *   Errors     Functions return 0 or a negative VEIL_ERR_*. A veil_error may be passed for a one-line reason; NULL is
 *              accepted. A reason holds counts, offsets and type names, never bytes of the input.
 *   Fail       After an error an output buffer holds nothing of the input. In place (raw pixels, PCM): INVALID_ARGUMENT,
 *   closed     UNSUPPORTED, LIMIT, BUSY, and TIMEOUT before the start leave the buffer untouched; every later failure
 *              fills the whole image or sound with zeros. A recognizer or detector that could not run is an error.
 *   Process    Veil prints nothing, never exits or aborts, installs no handlers, reads no environment and changes no
 *              process-wide state. It starts threads only when veil_config.worker_count asks for them.
 *   fork       A child must call veil_sanitizer_after_fork before it uses a handle it inherited, or create its own.
 */
#ifndef VEIL_H
#define VEIL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Visibility and version ------------------------------------------------------------------------------------ */

#if defined(__GNUC__)
#define VEIL_API __attribute__((visibility("default")))
#else
#define VEIL_API
#endif

#define VEIL_VERSION_MAJOR 0
#define VEIL_VERSION_MINOR 1
#define VEIL_VERSION_PATCH 0

/** Version of the loaded library as major * 10000 + minor * 100 + patch. Cannot fail; any thread. */
VEIL_API uint32_t veil_version_number(void);

/** Version of the loaded library, such as "0.1.0". Static storage, never NULL. */
VEIL_API const char *veil_version_string(void);

/* ---- Status: 0 is success, negative is failure. Released numbers are frozen; append only. ----------------------- */

typedef int32_t veil_status; /* not an enum type: the ABI must not follow -fshort-enums */

enum {
    VEIL_OK = 0,
    /** A pointer is NULL that must not be, a number is NaN or out of range, a struct_size is wrong, a reserved field is
     *  not zero, or an entity, operator or effect name is unknown. Nothing was started. */
    VEIL_ERR_INVALID_ARGUMENT = -1,
    VEIL_ERR_NO_MEMORY = -2,        /* the allocator refused; every handle is still usable, the call may be repeated */
    VEIL_ERR_BUFFER_TOO_SMALL = -3, /* an output is too small; the size needed was reported: retry with at least that */
    /** The input is not what it claims to be: broken UTF-8 under the strict policy, a truncated or corrupt image, a
     *  transcript that does not parse or whose times lie outside the sound, samples that are NaN. */
    VEIL_ERR_MALFORMED_INPUT = -4,
    /** This build, platform or version cannot do what was asked: a format without a codec, a build without images,
     *  submit on a sanitizer without workers. Nothing was started. */
    VEIL_ERR_UNSUPPORTED = -5,
    /** The input exceeds a limit of the configuration (bytes, pixels, seconds, channels), or under VEIL_POOL_BUSY the
     *  largest buffer that was reserved. Decided before any memory is reserved for it. */
    VEIL_ERR_LIMIT = -6,
    VEIL_ERR_BUSY = -7,      /* every workspace, buffer or queue slot is taken and must not grow; nothing was started */
    VEIL_ERR_TIMEOUT = -8,   /* before the start (nothing was done), or between two stages (fail closed as above) */
    VEIL_ERR_CANCELLED = -9, /* the job was dropped because its sanitizer is being destroyed; it never ran */
    VEIL_ERR_IO = -10,       /* the operating system refused to read or write */
    VEIL_ERR_MODEL = -11,    /* a model file is missing, altered, of unknown shape, or failed on its known image */
    VEIL_ERR_KEY = -12,      /* a key is missing where an operator needs one, or is too short */
    VEIL_ERR_SELF_TEST = -13, /* a recognizer, detector or cipher did not produce its known answer at creation */
    VEIL_ERR_INTERNAL = -14,  /* a library below Veil failed in a way without a better name: please report it */
    VEIL_ERR_CALLBACK = -15   /* a callback of the host's reported failure or wrote more than it may */
};

/** Name of a status, such as "BUFFER_TOO_SMALL" ("OK" for 0, "UNKNOWN" for others). Static storage, never NULL. */
VEIL_API const char *veil_status_string(veil_status status);

/** One-line reason of a failure. Set struct_size (or zero-initialise and let VEIL_ERROR_INIT do it) before the call. */
typedef struct veil_error {
    size_t struct_size; /* sizeof(veil_error) */
    veil_status status; /* what the call returned */
    uint32_t reserved;  /* 0 */
    uint64_t offset;    /* position in the input in bytes where that makes sense, else 0 */
    char message[232];  /* NUL-terminated ASCII, no input bytes */
} veil_error;
/* clang-format off */
#define VEIL_ERROR_INIT {sizeof(veil_error), 0, 0, 0, {0}}
/* clang-format on */

/* ---- Handles ---------------------------------------------------------------------------------------------------- */

typedef struct veil_sanitizer veil_sanitizer;           /* immutable once built, shared by any number of threads */
typedef struct veil_text_stream veil_text_stream;       /* a text that comes in pieces; one caller at a time */
typedef struct veil_image_sequence veil_image_sequence; /* frames of one camera; one caller at a time */
typedef struct veil_audio_stream veil_audio_stream;     /* a sound that comes in pieces; one caller at a time */
typedef struct veil_queue veil_queue;                   /* completions of submitted jobs, with a pollable descriptor */

/* ---- Engines behind callbacks, and plugins ------------------------------------------------------------------------ */

/** One word that was read in a picture. */
typedef struct veil_ocr_word {
    size_t struct_size;
    const char *text;  /* UTF-8 without white space; need not outlive the sink */
    size_t text_bytes; /* 1 to 1,024 */
    int32_t x;         /* its box, in pixels of the picture that was given */
    int32_t y;
    int32_t w;
    int32_t h;
    float confidence; /* [0,1] */
    uint32_t line;    /* words of one line have the same number and come one after the other, as they are read */
} veil_ocr_word;

/** Takes one word. Not 0: stop, and return that number. */
typedef veil_status (*veil_ocr_sink)(void *sink_user, const veil_ocr_word *word);

struct veil_image; /* below */

/** A reader of text in pictures: the host's own, or a plugin's. The struct is copied; what it points to must live as long as
 * whoever uses it. Callbacks return VEIL_OK or a VEIL_ERR_*, and run on threads that make calls, each instance on one at a time. */
typedef struct veil_ocr_engine {
    size_t struct_size;
    const char *name; /* such as "Tesseract 5.3.0", or NULL */
    void *user;       /* for create: see the plugin */
    veil_status (*create)(void *user, void **instance);
    /** Read one picture: VEIL_PIXEL_GRAY, upright. Gives every word to the sink, on the same thread; no word is no error. */
    veil_status (*recognize)(void *instance, const struct veil_image *picture, veil_ocr_sink sink, void *sink_user);
    void (*destroy)(void *instance); /* accepts NULL */
} veil_ocr_engine;

/** A plugin is a shared object that exports this function under the name VEIL_OCR_PLUGIN, and nothing that it needs of libveil.
 * It fills the struct, whose struct_size the caller has set, or answers INVALID_ARGUMENT. Veil's own libveil-ocr.so reads
 * English with Tesseract; its `user` is NULL, or a path to the folder that holds eng.traineddata. The library loads no
 * plugins: the host does (dlopen, dlsym), once, and keeps it. */
typedef veil_status (*veil_ocr_plugin_fn)(veil_ocr_engine *engine);
#define VEIL_OCR_PLUGIN "veil_ocr_plugin"

/** One word that was heard. */
typedef struct veil_asr_word {
    size_t struct_size;
    const char *text;  /* UTF-8 without control characters; spaces around it are dropped; need not outlive the sink */
    size_t text_bytes; /* 1 to 256 */
    double start_s;    /* seconds from the sound's first sample */
    double end_s;      /* not before start_s; at most 0.5 s beyond the sound (then cut to it) */
    float confidence;  /* [0,1]; of alternatives that show the same thing, the surest one's times are reported */
    uint32_t alternative; /* 0 to 15: another reading of the same sound. Each is a text of its own; all are searched */
} veil_asr_word;

/** Takes one word; they may come in any order. Not 0: stop, and return that number. */
typedef veil_status (*veil_asr_sink)(void *sink_user, const veil_asr_word *word);

/** The next samples, nominal range -1 to 1. @return how many; 0 at the end, or when the call has failed */
typedef size_t (*veil_asr_read)(void *reader, float *samples, size_t capacity);

/** One channel of a sound, to be read once, to its end. */
typedef struct veil_asr_sound {
    size_t struct_size;
    veil_asr_read read;
    void *reader;
    uint64_t sample_count;
    const char *language; /* of the call, such as "en", or "any" */
    uint32_t sample_rate_hz;
    uint32_t reserved;
} veil_asr_sound;

/** A recogniser of speech: the host's own, or a plugin's. The struct is copied; what it points to must live as long as whoever
 * uses it. Callbacks return VEIL_OK or the VEIL_ERR_* that the call shall fail with (BUFFER_TOO_SMALL, other numbers, words
 * that cannot be, and a sound not read to its end: CALLBACK; so are INVALID_ARGUMENT, LIMIT and BUSY from recognize, and UNSUPPORTED
 * once it has read samples, for those statuses promise an untouched sound). Words given before a failure do not count. */
typedef struct veil_asr_engine {
    size_t struct_size;
    const char *name; /* or NULL */
    void *user;       /* for create: see the plugin */
    /* one instance per audio workspace, when that is made: at creation, and in calls under VEIL_POOL_GROW */
    veil_status (*create)(void *user, void **instance);
    /** Hear one channel; on the thread of the call, never twice at once with one instance. No word is no error. */
    veil_status (*recognize)(void *instance, const veil_asr_sound *sound, veil_asr_sink sink, void *sink_user);
    void (*destroy)(void *instance); /* accepts NULL */
    uint32_t sample_rate_hz;         /* 8,000 to 192,000: what it wants; Veil resamples. 0: as the sound is */
    uint32_t min_rate_hz;            /* sounds below are UNSUPPORTED; 0: none are */
    uint32_t guard_ms; /* least guard band around what its words show, for its times are inexact; 0: 400 */
    uint32_t reserved; /* 0 */
} veil_asr_engine;

/** What a plugin for speech exports under the name VEIL_ASR_PLUGIN. It fills the struct, whose struct_size the caller has set,
 * or answers INVALID_ARGUMENT. Veil's own libveil-asr.so hears English with PocketSphinx; its `user` is NULL, or a path to a
 * folder with the model. */
typedef veil_status (*veil_asr_plugin_fn)(veil_asr_engine *engine);
#define VEIL_ASR_PLUGIN "veil_asr_plugin"

/* ---- Config ----------------------------------------------------------------------------------------------------- */

/* veil_config.modalities: what it must be able to do; less is quicker to create. AUDIO implies text for transcripts */
enum { VEIL_MODALITY_TEXT = 1u, VEIL_MODALITY_IMAGE = 2u, VEIL_MODALITY_AUDIO = 4u };

enum { VEIL_PROFILE_BALANCED = 0, VEIL_PROFILE_SPEED = 1, VEIL_PROFILE_ACCURACY = 2, VEIL_PROFILE_MEMORY = 3 };

/* Invalid UTF-8. OPAQUE (default): stray bytes are copied through and match nothing. STRICT: MALFORMED_INPUT, with the offset
 * of the first bad byte */
enum { VEIL_UTF8_OPAQUE = 0, VEIL_UTF8_STRICT = 1 };

/* Every preallocated workspace or buffer is in use. GROW (default): allocate one more, and keep it. BUSY: answer BUSY at once;
 * nothing is allocated after creation */
enum { VEIL_POOL_GROW = 0, VEIL_POOL_BUSY = 1 };
enum { VEIL_CACHE_HASH_XXH3 = 0, VEIL_CACHE_HASH_MAC = 1 /* Poly1305 */ };
enum { VEIL_METRICS_SAMPLED = 0 /* time 1 call in 64 */, VEIL_METRICS_FULL = 1, VEIL_METRICS_OFF = 2 };

/* Force a lower CPU level, for tests and for comparing; AUTO takes the best the machine has. AVX512 is F, BW, DQ, VL, VBMI,
 * VBMI2: Ice Lake, Zen 4 and later */
enum { VEIL_CPU_AUTO = 0, VEIL_CPU_PLAIN = 1, VEIL_CPU_AVX2 = 2, VEIL_CPU_AVX512 = 3 };
enum { VEIL_LOG_ERROR = 0, VEIL_LOG_WARNING = 1, VEIL_LOG_INFO = 2 };

/** Receives one line without a newline and without input bytes. Runs on the thread that made the call, or on a worker. */
typedef void (*veil_log_fn)(void *user, uint32_t level, const char *message);

/** Host's allocator. `alloc` returns memory aligned to 16 bytes or NULL; `free` accepts what `alloc` returned and the same
 *  size. Called from any thread. Covers Veil's own memory; docs/dependencies.md lists what libraries take for themselves. */
typedef void *(*veil_alloc_fn)(void *user, size_t size_bytes);
typedef void (*veil_free_fn)(void *user, void *memory, size_t size_bytes);

enum {                      /* what is done to a finding in text */
       VEIL_OP_REPLACE = 1, /* <ENTITY>, or `text` where given (default) */
       VEIL_OP_REDACT = 2,  /* remove */
       VEIL_OP_MASK = 3,    /* mask_char over mask_count code points from the start, or from the end */
       VEIL_OP_HASH = 4,    /* hex HMAC-SHA-256 or -512 (hash_bits) under veil_config.key */
       VEIL_OP_KEEP = 5,    /* leave it, and do not let it take part in overlaps */
       /* Those below but CALLBACK need veil_config.key. Parts of findings, and what an operator cannot take, get <ENTITY>. */
       VEIL_OP_ENCRYPT = 6, /* AES by `cipher`; veil_value_decrypt brings the value back */
       VEIL_OP_FPE = 7,     /* FF1 (NIST SP 800-38G): other letters and digits, the same shape; undone as ENCRYPT is */
       VEIL_OP_PSEUDONYM = 8,   /* made up, of the same type and shape, the same for the same value; not restorable */
       VEIL_OP_TOKEN = 9,       /* <ENTITY:BASE32>, which veil_text_restore finds in running text and undoes */
       VEIL_OP_DATE_SHIFT = 10, /* dates move by 1 to shift_days days either way, as options.subject decides */
       VEIL_OP_CALLBACK = 11    /* the host writes the replacement */
};

enum {                      /* veil_operator_rule.cipher */
       VEIL_CIPHER_GCM = 1, /* AES-256-GCM, random nonce: <ENTITY:gcm:BASE64URL> (default) */
       VEIL_CIPHER_SIV = 2, /* AES-256-SIV (RFC 5297): equal values, equal output: <ENTITY:siv:BASE64URL> */
       VEIL_CIPHER_CBC = 3  /* AES-CBC as Presidio writes it, key of 16, 24 or 32 bytes; not authenticated */
};

/** CALLBACK: write the replacement of `value` (no NUL) to out, at most out_capacity bytes (4,096), and their number to
 *  *out_bytes. Not 0, or too many bytes: the call fails with CALLBACK. Runs on the thread that redacts. */
typedef int32_t (*veil_replace_fn)(void *user, const char *entity, const char *value, size_t value_bytes, char *out,
                                   size_t out_capacity, size_t *out_bytes);

/** One operator rule. The last rule that names the entity wins; "*" stands for every entity not named. A field that the
 *  operator does not use must be 0. All rules of an array have the same struct_size. */
typedef struct veil_operator_rule {
    size_t struct_size;
    const char *entity;      /* entity name or "*" */
    const char *text;        /* REPLACE: the text to write (UTF-8), NULL for <ENTITY> */
    uint32_t op;             /* VEIL_OP_* */
    uint32_t mask_char;      /* MASK: a code point, 0 for '*' */
    uint32_t mask_count;     /* MASK: code points to cover, 0 for all */
    uint32_t mask_end;       /* MASK: 0 cover from the start, 1 cover from the end */
    uint32_t hash_bits;      /* HASH: 256 or 512, 0 for 256 */
    uint32_t reserved;       /* 0 */
    uint32_t cipher;         /* ENCRYPT: VEIL_CIPHER_*, 0 for GCM */
    uint32_t shift_days;     /* DATE_SHIFT: 1 to 36,500, 0 for 365 */
    veil_replace_fn replace; /* CALLBACK */
    void *replace_user;
} veil_operator_rule;

enum {                           /* what is done to pixels (1 to 15) and samples (16 to 31) */
       VEIL_EFFECT_FILL = 1,     /* one colour; nothing of the region remains (default but for faces) */
       VEIL_EFFECT_SMOOTH = 2,   /* interpolated from the pixels around the region; depends on nothing inside */
       VEIL_EFFECT_BLUR = 3,     /* at most 4x4 cell means, smoothly upsampled (default for faces): coarse tones stay */
       VEIL_EFFECT_PIXELATE = 4, /* the same means as blocks */
       VEIL_EFFECT_KEEP = 5,     /* report it, leave the pixels or samples */
       VEIL_EFFECT_BEEP = 16,    /* 1 kHz tone (default for audio) */
       VEIL_EFFECT_SILENCE = 17, /* zeros */
       VEIL_EFFECT_NOISE = 18,   /* noise with the spectrum of speech, at the level outside all spans */
       /* for "*" alone: the voice in all that is not cut sounds like another one's (McAdams coefficient 0.8). It is a disguise, no
        * anonymity: it can be undone and heard through (docs/security.md). What is cut stays cut, by the other rules */
       VEIL_EFFECT_DISGUISE = 19
};

/** One effect rule for images and audio, chosen as operator rules are. A "*" rule counts for its own kind only; "*" with DISGUISE
 *  comes on top of the others, and no later rule takes it back. BLUR and PIXELATE
 *  are for FACE and REGION: text and codes can be guessed from means. Where "*" says so they are filled; a rule that names them is
 *  INVALID_ARGUMENT. */
typedef struct veil_effect_rule {
    size_t struct_size;
    const char *entity; /* entity name or "*" */
    uint32_t effect;    /* VEIL_EFFECT_* */
    uint32_t color_rgb; /* FILL: 0xRRGGBB */
} veil_effect_rule;

/* ---- Own recognizers and allow lists ---------------------------------------------------------------------------- */

enum { VEIL_RECOGNIZER_PATTERN = 1, VEIL_RECOGNIZER_WORDS = 2, VEIL_RECOGNIZER_CALLBACK = 3 };

enum {                                  /* veil_recognizer.flags */
       VEIL_RECOGNIZER_CASELESS = 1u,   /* patterns: ASCII; words: also Latin, Greek and Cyrillic letters */
       VEIL_RECOGNIZER_WHOLE_WORD = 2u, /* PATTERN: no letter, digit or _ goes on at either end (WORDS: always so) */
       VEIL_RECOGNIZER_SOFT_CHECK = 4u  /* a failed validator leaves the score; without it, drops the finding */
};

/** What a callback found: bytes [start, end) of its text, whole UTF-8 characters, at most 8,192 bytes; score in [0,1]. */
typedef struct veil_callback_finding {
    uint64_t start;
    uint64_t end;
    float score;
    uint32_t reserved;
} veil_callback_finding;

/** A model of the host's. Called once for each text (of structured input: each value) before anything else, on the thread
 *  that made the call, from several at once. Writes findings in any order and sets `count`; more than `capacity` (16,384 in
 *  all callbacks of a call) is LIMIT. Streams cannot use one: they are UNSUPPORTED.
 *  @return VEIL_OK, or a VEIL_ERR_* for the call to fail with (other numbers, and wrong findings: CALLBACK) */
typedef veil_status (*veil_recognizer_fn)(void *user, const char *text, size_t text_bytes,
                                          veil_callback_finding *findings, size_t capacity, size_t *count);

/** A recognizer of the host's; scores, context, overlaps and operators as for built-in ones. Runs unless its entity is
 * excluded or others are named. All is copied by veil_sanitizer_create.
 * A pattern is a regular expression in Hyperscan's subset of PCRE, over bytes: ^ and $ are line ends, classes hold ASCII. A
 * match has 1 to 400 bytes: unbounded repeats are refused. Overlapping matches of one recognizer are one finding.
 * WORDS finds whole words and phrases of up to 64 bytes, the longest at each place; white space in them matches any. */
typedef struct veil_recognizer {
    size_t struct_size;
    const char *name;         /* reported as veil_finding.recognizer; 1 to 63 of A-Z a-z 0-9 _ - . and unique */
    const char *entity;       /* of the catalogue, or new: [A-Z][A-Z0-9_]{0,63} */
    const char *const *items; /* PATTERN: at most 4,096 in all; WORDS: at most 1,000,000; CALLBACK: NULL */
    size_t item_count;
    const char *validator;      /* docs/api.md lists them; a passed check gives 1.0; NULL: none */
    const char *const *context; /* words that raise the score (docs/api.md), at most 20, of 2 to 63 ASCII letters */
    size_t context_count;
    const char *const *languages; /* it runs for these; NULL: for all */
    size_t language_count;
    const char *sample; /* must be found whole at creation, or INVALID_ARGUMENT; NULL: none */
    veil_recognizer_fn callback;
    void *user;
    float score; /* [0,1]; ignored for CALLBACK: set 0 */
    uint32_t kind;
    uint32_t flags;
    uint32_t line; /* of a rule file, for messages; 0: none */
} veil_recognizer;

enum { VEIL_ALLOW_EXACT = 0, VEIL_ALLOW_REGEX = 1 };

/** A finding that is none: one whose whole text equals `text` or matches it. Taken out before overlaps are decided. */
typedef struct veil_allow_rule {
    size_t struct_size;
    const char *entity;   /* entity name or "*" */
    const char *text;     /* EXACT: at most 512 bytes; REGEX: as a pattern above, without its bound */
    uint32_t kind;        /* VEIL_ALLOW_* */
    uint32_t is_caseless; /* 1: as VEIL_RECOGNIZER_CASELESS */
    uint32_t line;        /* as above */
    uint32_t reserved;    /* 0 */
} veil_allow_rule;

/** What a sanitizer is built from. veil_config_init writes the defaults; afterwards every value is literal. Everything is
 *  borrowed until veil_sanitizer_create returns. */
typedef struct veil_config {
    size_t struct_size;          /* written by veil_config_init */
    uint32_t modalities;         /* VEIL_MODALITY_*; default all that this build has */
    uint32_t profile;            /* VEIL_PROFILE_*; default BALANCED */
    const char *language;        /* "en" (default), another ISO 639-1 code, or "any" */
    const char *const *entities; /* only these; NULL: every entity that is on by default */
    size_t entity_count;
    const char *const *exclude; /* without these */
    size_t exclude_count;
    const veil_operator_rule *operators; /* text */
    size_t operator_count;
    const veil_effect_rule *effects; /* image and audio */
    size_t effect_count;
    /* secret for operators, 16 to 1,024 random bytes; copied into protected memory. HASH and CBC use it as it is, each of the
     * others a key derived from it (HKDF-SHA-256) */
    const void *key;
    size_t key_bytes;
    const char *model_path;      /* ONNX face detector; NULL: the embedded network */
    const char *model_sha256;    /* 64 hex digits the file must have; NULL: not pinned (logged as a warning) */
    float min_score;             /* [0,1] text; findings that score lower are dropped; default 0.4 */
    float face_min_score;        /* [0,1]; 0: the model's own operating point */
    float margin_percent;        /* added on each side of a detected box; default 15 */
    uint32_t utf8_policy;        /* VEIL_UTF8_* */
    uint32_t text_workspaces;    /* calls at the same time without growing; 1 to 4,096; default 16 */
    uint32_t image_workspaces;   /* one network instance each; 1 to 64, growing included; default 2 */
    uint32_t audio_workspaces;   /* 1 to 4,096; default 4 */
    uint32_t pool_policy;        /* VEIL_POOL_* */
    uint32_t worker_count;       /* threads for batch and submit, pinned; at most 1,024; default 0: none */
    uint32_t queue_capacity;     /* jobs per worker that may wait; default 256, at most 65536 */
    uint32_t cache_entries;      /* image results remembered; at most 2^20; 0: no cache; default 1024 */
    uint32_t cache_hash;         /* VEIL_CACHE_HASH_* */
    uint32_t near_duplicates;    /* 1: verified perceptual-hash cache; default 0 (profile SPEED: 1) */
    uint32_t metrics;            /* VEIL_METRICS_* */
    uint32_t cpu_level;          /* VEIL_CPU_* */
    uint32_t max_audio_channels; /* default 32 */
    uint64_t max_text_bytes;     /* default 1 GiB */
    uint64_t max_image_bytes;    /* encoded; default 256 MiB */
    uint64_t max_image_pixels;  /* default 100 million; a WebP beyond 16 million: 4,096 for each of its bytes at most */
    uint64_t max_audio_seconds; /* default 4 h */
    veil_alloc_fn alloc;        /* both or neither; NULL: malloc */
    veil_free_fn free;
    void *alloc_user;
    veil_log_fn log; /* NULL: nothing is logged */
    void *log_user;
    uint64_t flags;                     /* VEIL_TEXT_NO_FOLD, VEIL_TEXT_NO_DECODE */
    const veil_recognizer *recognizers; /* beside the built-in ones */
    size_t recognizer_count;            /* at most 512 */
    const veil_allow_rule *allow;
    size_t allow_count; /* EXACT: at most 1,000,000; REGEX: at most 4,096 */
    /* what the embedded face network looks at, each 128 to 2,048; a picture is fitted in without stretching. Default 480 and
     * 360; time grows with the area, and smaller faces are found. A network from a file has the size that it states */
    uint32_t face_input_width;
    uint32_t face_input_height;
    uint32_t
        face_tiles;    /* 1: pictures of more than twice the input are searched in overlapping tiles, too; default 0 */
    uint32_t reserved; /* 0 */
    const veil_asr_engine *asr; /* used by audio calls with VEIL_AUDIO_ASR; NULL: none */
    const veil_ocr_engine *ocr; /* reads text in pictures, one instance for each image workspace; NULL: none */
} veil_config;

/** Write the defaults of the library that is loaded into `config`, of which the caller compiled `struct_size` bytes. */
VEIL_API void veil_config_init_sized(veil_config *config, size_t struct_size);
#define veil_config_init(config) veil_config_init_sized((config), sizeof *(config))

/** Change an initialised config to a named set of the same options. SPEED: 320x240 detector input, near-duplicate cache on.
 * BALANCED: 480x360, exact cache only. ACCURACY: 640x480, large pictures in tiles. MEMORY: 320x240, one workspace each, small
 * cache.
 * @return VEIL_OK, or INVALID_ARGUMENT for an unknown profile. Each line of what it sets is in docs/api.md. */
VEIL_API veil_status veil_config_apply_profile(veil_config *config, uint32_t profile);

/* ---- Configuration files ------------------------------------------------------------------------------------------ */

typedef struct veil_config_file veil_config_file; /* settings and recognizers read from YAML; one thread at a time */

enum { VEIL_FILE_RULES = 1u /* recognizers, allow and deny alone: a rule file */ };

/** Create an empty one. `config` lends the allocator; NULL: malloc. @return VEIL_OK, NO_MEMORY, UNSUPPORTED (no VEIL_YAML) */
VEIL_API veil_status veil_config_file_create(const veil_config *config, veil_config_file **out, veil_error *error);

/** Read YAML text (docs/api.md lists the keys), at most 16 MiB, on top of what was read before. All is checked: unknown keys
 * and names, types, ranges. The reason says line and column and holds nothing of the text. After an error: destroy.
 * @param directory  words_file is relative to it; NULL: files are refused
 * @param flags      VEIL_FILE_*
 * @return VEIL_OK, INVALID_ARGUMENT, MALFORMED_INPUT (no YAML; aliases are refused), LIMIT, IO, NO_MEMORY */
VEIL_API veil_status veil_config_file_read(veil_config_file *file, const char *yaml, size_t yaml_bytes,
                                           const char *directory, uint32_t flags, veil_error *error);

/** Write what was read, and nothing else, into an initialised config, which borrows from `file` until it is destroyed.
 *  @return VEIL_OK or INVALID_ARGUMENT */
VEIL_API veil_status veil_config_file_apply(const veil_config_file *file, veil_config *config);

/** Path of the index-th file that the YAML names (words_file, texts_file, model_path), so that a host can keep it from being
 *  written to; NULL: there are no more, or `file` is NULL. It lives as long as `file`. */
VEIL_API const char *veil_config_file_path(const veil_config_file *file, size_t index);

/** NULL is accepted. */
VEIL_API void veil_config_file_destroy(veil_config_file *file);

/* ---- Lifecycle -------------------------------------------------------------------------------------------------- */

/** Build a sanitizer: compiles the recognizers, loads and proves the network, reserves pools and workspaces, starts workers.
 * Every recognizer and detector in force must give its known answer, or creation fails with SELF_TEST or MODEL
 * (INVALID_ARGUMENT where the host's own recognizer does not find its sample).
 * Cost: tens of milliseconds (bench prints it); allocates. Threads: any; do not call in a signal handler.
 * @param config  initialised and changed by the caller; NULL for the defaults
 * @param out     receives the handle, or NULL on failure
 * @param error   receives the reason; may be NULL
 * @return VEIL_OK, INVALID_ARGUMENT, NO_MEMORY, UNSUPPORTED, MODEL, KEY, SELF_TEST, IO */
VEIL_API veil_status veil_sanitizer_create(const veil_config *config, veil_sanitizer **out, veil_error *error);

/** Wait for running jobs, answer CANCELLED to waiting ones, wipe and free everything. NULL is accepted. No call may be in
 *  progress on another thread. A veil_queue may outlive its sanitizer: that is where CANCELLED completions are read. */
VEIL_API void veil_sanitizer_destroy(veil_sanitizer *sanitizer);

/** In a forked child: drop workers that did not cross the fork, and renew secrets. Submit then answers UNSUPPORTED.
 *  @return VEIL_OK, INVALID_ARGUMENT, INTERNAL (no randomness). */
VEIL_API veil_status veil_sanitizer_after_fork(veil_sanitizer *sanitizer);

/* ---- Catalogue --------------------------------------------------------------------------------------------------- */

/** One entity of the catalogue. Strings are static. */
typedef struct veil_entity_info {
    size_t struct_size;
    const char *name;        /* "EMAIL_ADDRESS" */
    const char *description; /* one line */
    const char *country;     /* ISO 3166-1 alpha-2, or "" */
    const char *languages;   /* comma-separated ISO 639-1 codes, or "" for every language */
    const char *validator;   /* "luhn", "mod97", ... or "" */
    const char *kind;        /* "text", "image" or "audio" */
    float score;             /* base score of its strongest pattern, before context and validation */
    uint32_t is_default;     /* 1: runs unless excluded */
} veil_entity_info;

/** Number of entities this build can find. */
VEIL_API size_t veil_entity_count(void);

/** Describe entity `index` (0 to count-1, ordered by name). @return VEIL_OK or INVALID_ARGUMENT. */
VEIL_API veil_status veil_entity_at(size_t index, veil_entity_info *info);

/** The same for one sanitizer: the catalogue and the entities of its own recognizers, ordered by name; is_default says
 *  whether it looks for the entity by default. Strings live as long as the sanitizer. */
VEIL_API size_t veil_sanitizer_entity_count(const veil_sanitizer *sanitizer);
VEIL_API veil_status veil_sanitizer_entity_at(const veil_sanitizer *sanitizer, size_t index, veil_entity_info *info);

/** 1 when this sanitizer looks for `entity` by default, 0 when it does not, INVALID_ARGUMENT for an unknown name. */
VEIL_API veil_status veil_sanitizer_has_entity(const veil_sanitizer *sanitizer, const char *entity);

/** What the loaded library was built with. Strings are static. */
typedef struct veil_build_info {
    size_t struct_size;
    const char *version;   /* "0.1.0" */
    const char *engines;   /* "Hyperscan 5.4.0, OpenCV 4.6.0, ..." */
    const char *cpu_level; /* best level of this machine: "plain", "avx2", "avx512" */
    const char *models;    /* "face_ssd (embedded, sha256 ...)" or "" */
    const char *options;   /* "VEIL_IMAGE VEIL_AUDIO ..." */
} veil_build_info;

/** @return VEIL_OK or INVALID_ARGUMENT. */
VEIL_API veil_status veil_build_info_get(veil_build_info *info);

/* ---- Text -------------------------------------------------------------------------------------------------------- */

/** One finding: half-open byte range [start, end) of the original text. */
typedef struct veil_finding {
    const char *entity;     /* lives as long as the sanitizer */
    const char *recognizer; /* which row of the table found it; as above */
    uint64_t start;         /* bytes */
    uint64_t end;           /* bytes, exclusive */
    float score;            /* [0,1] */
    uint32_t is_loser;      /* 1: overlapped by a stronger finding (only with VEIL_TEXT_ALL) */
} veil_finding;

/* ALL: scan also reports findings that lost an overlap. NO_FOLD: do not look behind odd digits, letters, spaces, dashes and what
 * is not seen. NO_DECODE: nor behind percent, JSON, HTML, base64 ... (both are flags of veil_config as well).
 * NO_HEADER: the first record of CSV and TSV is data, it names no columns */
enum { VEIL_TEXT_ALL = 1u, VEIL_TEXT_NO_FOLD = 2u, VEIL_TEXT_NO_DECODE = 4u, VEIL_TEXT_NO_HEADER = 8u };

/** What a text is. In documents findings are in values alone (in a CSV's header as well); the output is a valid document of the
 * same kind, and every byte outside findings stays, escapes and numbers too. A key's or header's words are context for its
 * value: "user_ssn": 536904399. A number that is replaced becomes a string. MALFORMED_INPUT gives the offset; JSON nests up to 64
 * levels, is UTF-8, and its numbers have at most 256 bytes (LIMIT). CSV as in RFC 4180, with the comma; of the
 * names of its columns 32 at most are longer than 256 bytes (LIMIT). */
enum { VEIL_FORMAT_TEXT = 0, VEIL_FORMAT_JSON = 1, VEIL_FORMAT_NDJSON = 2, VEIL_FORMAT_CSV = 3, VEIL_FORMAT_TSV = 4 };

/** A field whose whole value is a finding, whatever it says: score 1, recognizer "FIELD"; all values below it where it is an object
 *  or array; null and empty values stay. The last rule that fits wins. In CSV and TSV one that fits no column is INVALID_ARGUMENT. */
typedef struct veil_field_rule {
    size_t struct_size;
    const char *name;   /* of a key or column, any case; "user.phone": a path's last names; "#3": the third column */
    const char *entity; /* what it is; its operator decides what is written */
} veil_field_rule;

/** Per-call options. veil_text_options_init writes "as the sanitizer was configured" everywhere. */
typedef struct veil_text_options {
    size_t struct_size;
    const char *language;        /* NULL: the sanitizer's */
    const char *const *entities; /* NULL: the sanitizer's. A named entity runs whatever its language and default */
    size_t entity_count;
    const char *const *exclude;
    size_t exclude_count;
    const veil_operator_rule *operators; /* come after the sanitizer's, so they win */
    size_t operator_count;
    float min_score;     /* negative: the sanitizer's */
    uint32_t flags;      /* VEIL_TEXT_* */
    uint64_t timeout_us; /* 0: none; checked between stages */
    /* For operators, at most 1,024 bytes each; refused when none in force makes use of it */
    const char *subject;           /* DATE_SHIFT (required): whose dates these are; equal subjects, equal shifts */
    const char *token_context;     /* TOKEN: tenant or conversation; tokens made in another one stay text */
    const char *field;             /* ENCRYPT with GCM or SIV, FPE: where the value belongs, such as "users.phone" */
    const veil_field_rule *fields; /* documents only */
    size_t field_count;
    uint32_t format;   /* VEIL_FORMAT_* */
    uint32_t reserved; /* 0 */
} veil_text_options;

VEIL_API void veil_text_options_init_sized(veil_text_options *options, size_t struct_size);
#define veil_text_options_init(options) veil_text_options_init_sized((options), sizeof *(options))

/** Where findings go: the caller's array. */
typedef struct veil_text_result {
    size_t struct_size;
    veil_finding *findings;  /* caller's array; NULL with capacity 0 to count only */
    size_t finding_capacity; /* elements */
    size_t finding_count;    /* out: how many there are, also when that is more than the capacity */
} veil_text_result;

/** Find personal data in one text.
 *  Findings come ordered by start, end, entity. Without VEIL_TEXT_ALL they do not overlap.
 *  Cost: no allocation, no lock; see docs/latency.md for nanoseconds.
 *  @param options  NULL for the sanitizer's own
 *  @param text     bytes, UTF-8 by convention, need not end in NUL; NULL only with text_bytes 0
 *  @param result   required
 *  @return VEIL_OK; BUFFER_TOO_SMALL (finding_count says how many; the first ones are in the array); INVALID_ARGUMENT,
 *          MALFORMED_INPUT (strict UTF-8), UNSUPPORTED (sanitizer without text), LIMIT, BUSY, TIMEOUT, NO_MEMORY */
VEIL_API veil_status veil_text_scan(const veil_sanitizer *sanitizer, const veil_text_options *options, const char *text,
                                    size_t text_bytes, veil_text_result *result, veil_error *error);

/** Write a redacted copy of one text. The union of all findings at or above the minimum score is removed: the winner's
 * operator on its span, the loser's placeholder on what remains of it.
 * Cost: no allocation and no lock, whatever the operator (but for what a CALLBACK does).
 * @param out           receives out_bytes bytes, no NUL is added; must not overlap `text`; NULL only with out_capacity 0
 * @param out_bytes     out: bytes written, or needed when BUFFER_TOO_SMALL, else 0
 * @param result        findings in the original's offsets; NULL when not wanted. When its array is too small the output is
 *                      still complete and the status VEIL_OK: compare finding_count with finding_capacity
 * @return as veil_text_scan, BUFFER_TOO_SMALL for `out`, KEY and CALLBACK. After an error `out` holds zeros. */
VEIL_API veil_status veil_text_redact(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                      const char *text, size_t text_bytes, char *out, size_t out_capacity,
                                      size_t *out_bytes, veil_text_result *result, veil_error *error);

/** What veil_text_restore met. */
typedef struct veil_restore_result {
    size_t struct_size;
    uint64_t restored_count; /* out: tokens whose values were put back */
    uint64_t refused_count;  /* out: look-alikes that are none of this key, entity and token_context; left as text */
} veil_restore_result;

/** Put the values of TOKEN back: every <ENTITY:BASE32> that verifies under the sanitizer's key. Letter case and white space
 * inside it do not matter; anything else that changed leaves it as text. Whoever can put tokens into the text chooses whose
 * values appear: give every tenant or conversation its own token_context. Cost: one pass; no allocation, no lock.
 * @param options  NULL, or token_context and timeout_us alone; any other field set is refused
 * @param out      as for veil_text_redact; at most text_bytes are needed
 * @param result   may be NULL
 * @return as veil_text_redact, KEY without a key. After an error `out` holds zeros. */
VEIL_API veil_status veil_text_restore(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                       const char *text, size_t text_bytes, char *out, size_t out_capacity,
                                       size_t *out_bytes, veil_restore_result *result, veil_error *error);

/** Bring back one value that ENCRYPT, FPE or TOKEN wrote.
 * @param rule     entity, op and cipher that made it (cipher 0: GCM or SIV, as the value says)
 * @param options  NULL, or `field` or `token_context` as at redaction
 * @param value    the replacement, nothing else; at most value_bytes come out
 * @return as above; MALFORMED_INPUT for what is altered or made under another key, entity, field or context (FPE and CBC
 *         cannot always tell: they then give another value) */
VEIL_API veil_status veil_value_decrypt(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                        const veil_operator_rule *rule, const char *value, size_t value_bytes,
                                        char *out, size_t out_capacity, size_t *out_bytes, veil_error *error);

/** One element of a batch. Leave `out` NULL and out_capacity 0 to scan, give them to redact. */
typedef struct veil_text_item {
    const char *text;
    size_t text_bytes;
    char *out;
    size_t out_capacity;
    size_t out_bytes;       /* out */
    veil_finding *findings; /* or NULL */
    size_t finding_capacity;
    size_t finding_count; /* out */
    veil_status status;   /* out: of this item */
    uint32_t reserved;    /* 0 */
} veil_text_item;

/** Scan or redact many texts with the same options, over the workers and the calling thread (or that alone when there are
 *  no workers). Returns when all are done. Items are independent: one that fails does not stop the others.
 *  @param item_bytes  sizeof(veil_text_item) the caller compiled
 *  @return VEIL_OK when every item is, else the first item's failure; each item has its own status. INVALID_ARGUMENT and
 *          UNSUPPORTED start nothing. */
VEIL_API veil_status veil_text_scan_batch(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                          veil_text_item *items, size_t item_count, size_t item_bytes,
                                          veil_error *error);
VEIL_API veil_status veil_text_redact_batch(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                            veil_text_item *items, size_t item_count, size_t item_bytes,
                                            veil_error *error);

/** A text that comes in pieces (a file, a socket, the tokens of a language model): push bytes, pull redacted bytes, end, pull
 * until nothing is left. Output and findings are those of veil_text_redact on the whole text, wherever it was split.
 *
 * Held back is what later bytes could change: in prose mostly the last word, after numbers a few words more; in bytes without
 * white space at most 1 KiB. Findings that overlap in a chain, and a URL, token or key, wait for their end up to 8 KiB more, and
 * then go whole (an undecided candidate in such a chain: 8 KiB again). So never more than 18 KiB.
 *
 * Memory (60 KiB, as protected as a workspace) is reserved here; push and pull allocate nothing unless workspaces grow. A
 * stream has no limit of length. The sanitizer must outlive it. Every failure but BUSY, BUFFER_TOO_SMALL and
 * INVALID_ARGUMENT ends it for good: what is pending is wiped, and later calls answer the same status.
 * @param options  read until this returns; timeout_us counts for each pull
 * @return VEIL_OK, INVALID_ARGUMENT, NO_MEMORY, KEY, UNSUPPORTED (sanitizer without text, VEIL_TEXT_ALL, a format, recognizers that call
 *         the host: they see whole texts) */
VEIL_API veil_status veil_text_stream_create(const veil_sanitizer *sanitizer, const veil_text_options *options,
                                             veil_text_stream **out, veil_error *error);

/** Take bytes in. *taken_bytes may be less than text_bytes, also 0: pull, then push the rest. At least 8 KiB fit behind a pull
 *  that returned everything. @return VEIL_OK, INVALID_ARGUMENT (also after the end), or the stream's failure */
VEIL_API veil_status veil_text_stream_push(veil_text_stream *stream, const char *text, size_t text_bytes,
                                           size_t *taken_bytes, veil_error *error);

/** No more bytes follow: from now on pull gives everything. @return VEIL_OK, INVALID_ARGUMENT, or the stream's failure */
VEIL_API veil_status veil_text_stream_end(veil_text_stream *stream, veil_error *error);

/** Take out what is decided. Call it until it gives no byte and no finding; findings come with the bytes that replace them or
 * later, in order, with offsets in the whole text.
 * @param out        receives *out_bytes bytes; 16 KiB are enough for every default operator
 * @param out_bytes  out: bytes written; with BUFFER_TOO_SMALL what the next piece needs
 * @param result     NULL when findings are not wanted; a pull stops before a finding for which there is no room
 * @return VEIL_OK; BUFFER_TOO_SMALL and BUSY (nothing happened; the stream goes on), INVALID_ARGUMENT, MALFORMED_INPUT
 *         (strict UTF-8), TIMEOUT, NO_MEMORY, CALLBACK, INTERNAL. After an error `out` holds zeros. */
VEIL_API veil_status veil_text_stream_pull(veil_text_stream *stream, char *out, size_t out_capacity, size_t *out_bytes,
                                           veil_text_result *result, veil_error *error);

/** Wipe and free; what is pending is lost, never shown. NULL is accepted. */
VEIL_API void veil_text_stream_destroy(veil_text_stream *stream);

enum { VEIL_OFFSET_BYTE = 0, VEIL_OFFSET_CODEPOINT = 1, VEIL_OFFSET_UTF16 = 2 };

/** Translate the byte offsets of findings into code points or UTF-16 code units of the same text, in place. A byte that is
 * not valid UTF-8 counts as one unit (as one U+FFFD). Findings must be ordered by start, as scan returns them.
 * Cost: one pass over the text; allocates nothing.
 * @return VEIL_OK; INVALID_ARGUMENT (unknown unit, offsets beyond the text or out of order; nothing was changed) */
VEIL_API veil_status veil_text_convert_offsets(const char *text, size_t text_bytes, uint32_t unit,
                                               veil_finding *findings, size_t finding_count);

/* ---- Image ------------------------------------------------------------------------------------------------------- */

/* 8 bits a channel, interleaved; NV12 and I420: planes of luma and of chroma for 2x2 pixels, BT.601 in the range of video */
enum {
    VEIL_PIXEL_BGR = 1,
    VEIL_PIXEL_RGB = 2,
    VEIL_PIXEL_BGRA = 3,
    VEIL_PIXEL_RGBA = 4,
    VEIL_PIXEL_GRAY = 5,
    VEIL_PIXEL_NV12 = 6, /* (height + 1) / 2 rows of U, V pairs follow the rows of luma, stride_bytes apart */
    VEIL_PIXEL_I420 = 7  /* U, then V follow: each (height + 1) / 2 rows, (stride_bytes + 1) / 2 apart */
};

/** A picture in the caller's memory. Origin top left; row y starts at pixels + y * stride_bytes. */
typedef struct veil_image {
    size_t struct_size;
    void *pixels;
    size_t
        stride_bytes; /* at least width * bytes per pixel, NV12 and I420: an even width; padding behind a row is not touched */
    uint32_t width; /* pixels, 1 to 65,535 */
    uint32_t height;
    uint32_t format;   /* VEIL_PIXEL_* */
    uint32_t reserved; /* 0 */
} veil_image;

/** A box in pixels of the oriented picture. As input: the caller's own. As output: before the margin was added. */
typedef struct veil_region {
    const char *entity; /* in: ignored (it is REGION). out: "FACE", "REGION", ... */
    int32_t x;
    int32_t y;
    int32_t w;
    int32_t h;
    float score;       /* out: [0,1]; 1 for the caller's */
    uint32_t reserved; /* 0 */
} veil_region;

/* NO_CACHE: neither look up nor remember. NO_DETECTORS: the caller's regions only; allocates nothing on raw pixels.
 * TEXT: read the picture (config.ocr) and look for the text entities that are on by default; naming one does the same for those
 * that are named. PAYLOADS: also look into what codes say; what is found there is reported with the box of the code.
 * Where text is named and codes are not, codes are read for this alone and not reported (unless excluded).
 * ELLIPSE: faces are hidden as ellipses within their boxes and margin; whole boxes where a file is coded in blocks (JPEG, lossy
 * WebP) */
enum {
    VEIL_IMAGE_NO_CACHE = 1u,
    VEIL_IMAGE_NO_DETECTORS = 2u,
    VEIL_IMAGE_TEXT = 4u,
    VEIL_IMAGE_PAYLOADS = 8u,
    VEIL_IMAGE_ELLIPSE = 16u
};

/** A shape of the caller's: REGION, as its boxes are. FILL covers it in at most 64 steps of rows, each from the shape's leftmost to its
 * rightmost pixel there; other effects, and reports, take the box around it. INVALID_ARGUMENT when that lies outside. */
typedef struct veil_polygon {
    size_t struct_size;
    const int32_t *points; /* x, y, x, y ...: corners in pixels of the oriented picture */
    size_t point_count;    /* corners: 3 to 1,024 */
} veil_polygon;

typedef struct veil_image_options {
    size_t struct_size;
    /* the caller's boxes; clipped to the picture (INVALID_ARGUMENT when nothing is left of one); margin is not added */
    const veil_region *regions;
    size_t region_count; /* at most 4,096, or LIMIT */
    /* NULL: the sanitizer's. FACE, QR_CODE, BARCODE (unless the sanitizer was made without them), REGION, and with config.ocr at
     * most 256 text entities, of which config.entities may hold others for text and audio. What cannot be found: UNSUPPORTED */
    const char *const *entities;
    size_t entity_count;
    const char *const *exclude; /* any name of the catalogue */
    size_t exclude_count;
    const veil_effect_rule *effects;
    size_t effect_count;
    float min_score;      /* negative: the sanitizer's face_min_score; codes: none */
    float margin_percent; /* negative: the sanitizer's */
    uint32_t flags;       /* VEIL_IMAGE_* */
    uint32_t
        jpeg_quality; /* encoded JPEG: 0 keeps the file's blocks (92 where it cannot), 1 to 100 decodes and encodes anew */
    uint64_t tenant;     /* results are cached apart for each tenant */
    uint64_t timeout_us; /* 0: none */
    const veil_polygon *polygons;
    size_t polygon_count; /* at most 64, or LIMIT */
    /* boxes in which nothing is to be touched: what is found and lies wholly inside one is left alone and not reported. What
     * reaches out of it is hidden whole, and so are the caller's own shapes */
    const veil_region *exempt;
    size_t exempt_count; /* at most 4,096, or LIMIT */
    uint32_t min_side;   /* faces with a shorter side below this many pixels are left alone; 0: none */
    uint32_t reserved;   /* 0 */
} veil_image_options;

VEIL_API void veil_image_options_init_sized(veil_image_options *options, size_t struct_size);
#define veil_image_options_init(options) veil_image_options_init_sized((options), sizeof *(options))

enum { VEIL_CACHE_NONE = 0, VEIL_CACHE_MISS = 1, VEIL_CACHE_EXACT = 2, VEIL_CACHE_NEAR = 3 };

/* How an encoded picture was written. COEFFICIENTS: JPEG; blocks that no region touches keep their quantised coefficients.
 * LOSSLESS: decoded and encoded without loss (PNG, lossless WebP). LOSSY: decoded and encoded again with loss */
enum { VEIL_PATH_NONE = 0, VEIL_PATH_COEFFICIENTS = 1, VEIL_PATH_LOSSLESS = 2, VEIL_PATH_LOSSY = 3 };

typedef struct veil_image_result {
    size_t struct_size;
    veil_region *regions; /* caller's array; NULL with capacity 0 */
    size_t region_capacity;
    size_t region_count; /* out: how many there are; more than the capacity: the array holds the first ones */
    uint32_t width;      /* out: oriented picture */
    uint32_t height;
    uint32_t cache; /* out: VEIL_CACHE_* */
    uint32_t path;  /* out: VEIL_PATH_*; NONE where nothing was encoded */
} veil_image_result;

/** Find faces and codes (and report the caller's regions) in raw pixels; the picture is not changed. Where alpha (straight) differs within
 * a picture, its colours are searched and what shows over white and over black: up to three searches, and a copy from the pool.
 *  @return VEIL_OK; INVALID_ARGUMENT, UNSUPPORTED (build or sanitizer without images), LIMIT, BUSY, TIMEOUT, NO_MEMORY,
 *          BUFFER_TOO_SMALL (region_count says how many), CALLBACK (config.ocr failed), what config.ocr returned, INTERNAL */
VEIL_API veil_status veil_image_scan(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                     const veil_image *image, veil_image_result *result, veil_error *error);

/** Find and hide regions of raw pixels in place. Pixels outside the regions (with margin) are not touched.
 * Cost: one pass of the network (milliseconds) and a search for codes (docs/latency.md) unless the same picture was seen before;
 * cv::dnn and the reader of codes allocate inside. near_duplicates answers for faces alone.
 * @param result  may be NULL
 * @return as veil_image_scan without BUFFER_TOO_SMALL (compare region_count with region_capacity). MALFORMED_INPUT, TIMEOUT
 *         after the start, NO_MEMORY, CALLBACK, INTERNAL and what config.ocr returned leave the whole picture zero. */
VEIL_API veil_status veil_image_redact(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                       veil_image *image, veil_image_result *result, veil_error *error);

/** Largest size in bytes that veil_image_redact_encoded can produce for this input, read from its header only.
 *  @return VEIL_OK, INVALID_ARGUMENT, MALFORMED_INPUT, UNSUPPORTED, LIMIT */
VEIL_API veil_status veil_image_encoded_bound(const veil_sanitizer *sanitizer, const void *input, size_t input_bytes,
                                              size_t *bound_bytes, veil_error *error);

/** Find regions in an encoded picture (JPEG, PNG or WebP, told from its content). Errors as veil_image_scan and MALFORMED_INPUT. */
VEIL_API veil_status veil_image_scan_encoded(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                             const void *input, size_t input_bytes, veil_image_result *result,
                                             veil_error *error);

/** Encoded picture in, redacted picture of the same format out. EXIF orientation is applied; the output carries pixels and
 * the colours of the ICC profile and nothing else: no EXIF, XMP, thumbnails, text chunks, private tags or trailing bytes; of PNG,
 * gAMA, cHRM, sRGB and pHYs go, too. A profile over 1 MiB (PNG) or 8 MiB (JPEG, WebP) is dropped. A JPEG keeps the quantised
 * coefficients of every block (MCU) that no region touches; regions grow to whole MCUs (docs/security.md). Where its
 * orientation mirrors a side that is not whole MCUs, it is decoded and encoded; result->path says so. PNG of 16 bits a
 * channel stays it: outside of the regions bit for bit. Lossy WebP is encoded again with the quality that its quantiser tells, at least 75.
 * @return as veil_image_redact, MALFORMED_INPUT, and BUFFER_TOO_SMALL with the size needed in out_bytes. After an error
 *         `out` holds zeros. */
VEIL_API veil_status veil_image_redact_encoded(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                               const void *input, size_t input_bytes, void *out, size_t out_capacity,
                                               size_t *out_bytes, veil_image_result *result, veil_error *error);

/** One picture of a batch: raw pixels, redacted in place (`image`; input and out NULL), or an encoded one (`image` NULL). */
typedef struct veil_image_item {
    veil_image *image;
    const void *input;
    size_t input_bytes;
    void *out;
    size_t out_capacity;
    size_t out_bytes;     /* out */
    veil_region *regions; /* or NULL */
    size_t region_capacity;
    size_t region_count; /* out */
    veil_status status;  /* out: of this picture */
    uint32_t reserved;   /* 0 */
} veil_image_item;

/** Redact many pictures with the same options, over the workers and the calling thread. Threads that work at the same time need a
 * workspace each (image_workspaces; under VEIL_POOL_BUSY no more take part). Items are independent: as veil_text_redact_batch.
 *  @param item_bytes  sizeof(veil_image_item) the caller compiled */
VEIL_API veil_status veil_image_redact_batch(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                             veil_image_item *items, size_t item_count, size_t item_bytes,
                                             veil_error *error);

/** Frames of one camera, in order; one caller at a time. Between searches what was found is followed with constant speed, and what a
 * search misses stays hidden for hold_frames frames more, where it would be by now, in a box that grows.
 *
 * A frame is searched when it is the first, when detect_every frames have passed, when its size or format changed, when the last search
 * found more than the 256 things that can be followed, or when the picture changed since then: the mean of any block of a 192 by 144
 * grid by more than 12 levels (of green or luma, or of alpha; up to 16 pixels of a block are looked at), or of any 8 by 8 blocks by more
 * than 6. So what is at least two blocks wide and tall (20 by 15 pixels of 1920 by 1080) and 13 levels brighter or darker than what was
 * there is looked for at once; what is smaller, or differs in other colours alone, at the next search: detect_every 1 where that
 * matters. Only quiet scenes are cheaper than single pictures; all are steadier.
 * Memory is reserved here; the calls allocate inside the detectors only. The sanitizer must outlive the sequence.
 * @param options       copied; what it points to is read at every frame and must stay as it is until destroy; NULL: defaults
 * @param detect_every  1 to 250; 1 searches every frame
 * @param hold_frames   0 to 1,000
 * @return VEIL_OK, INVALID_ARGUMENT, UNSUPPORTED, NO_MEMORY */
VEIL_API veil_status veil_image_sequence_create(const veil_sanitizer *sanitizer, const veil_image_options *options,
                                                uint32_t detect_every, uint32_t hold_frames, veil_image_sequence **out,
                                                veil_error *error);

/** Redact the next frame in place. Reports all that is hidden; what was not found in this frame has the score that it was found with.
 * result->cache is NONE on frames that were not searched. Errors as veil_image_redact; tracks go on after one. */
VEIL_API veil_status veil_image_sequence_redact(veil_image_sequence *sequence, veil_image *frame,
                                                veil_image_result *result, veil_error *error);

/** NULL is accepted. */
VEIL_API void veil_image_sequence_destroy(veil_image_sequence *sequence);

/* ---- Audio ------------------------------------------------------------------------------------------------------- */

/* veil_audio.format, native byte order. 24 bits on the left of 32 are S32. */
enum {
    VEIL_SAMPLE_S16 = 1,
    VEIL_SAMPLE_F32 = 2, /* nominal range -1 to 1 */
    VEIL_SAMPLE_S32 = 3,
    VEIL_SAMPLE_S24 = 4,   /* packed: three bytes, least significant first; needs no alignment */
    VEIL_SAMPLE_MULAW = 5, /* ITU-T G.711, a byte a sample */
    VEIL_SAMPLE_ALAW = 6   /* the same with A-law, even bits inverted as they are sent */
};

enum { VEIL_LAYOUT_INTERLEAVED = 0, VEIL_LAYOUT_PLANAR = 1 };

/** Samples in the caller's memory. A frame is one sample of every channel. */
typedef struct veil_audio {
    size_t struct_size;
    void *samples; /* PLANAR: an array of channel_count pointers, one a channel */
    uint64_t frame_count;
    uint32_t sample_rate_hz; /* 8,000 to 192,000 */
    uint32_t channel_count;  /* 1 to veil_config.max_audio_channels */
    uint32_t format;         /* VEIL_SAMPLE_* */
    uint32_t layout;         /* VEIL_LAYOUT_* */
} veil_audio;

/** A span of time that the caller wants gone: RANGE. */
typedef struct veil_audio_range {
    double start_s;    /* seconds from the first frame */
    double end_s;      /* exclusive; may exceed the sound by up to one guard band */
    int32_t channel;   /* -1: all */
    uint32_t reserved; /* 0 */
} veil_audio_range;

enum { /* where a finding in sound comes from */
       VEIL_SOURCE_RANGE = 1,
       VEIL_SOURCE_TRANSCRIPT = 2,
       VEIL_SOURCE_DTMF = 3,
       VEIL_SOURCE_ASR = 4
};

/** Found in sound: seconds, before guard and fades. */
typedef struct veil_audio_finding {
    const char *entity;
    double start_s;
    double end_s;
    float score;
    int32_t channel; /* -1: all, or several */
    uint32_t
        key; /* DTMF: the key as an ASCII character, 0-9 * # A-D; else 0. Keep it out of logs: it is what was typed */
    uint32_t source; /* VEIL_SOURCE_* */
} veil_audio_finding;

enum {                              /* who wrote a transcript (docs/transcripts.md) */
       VEIL_TRANSCRIPT_AUTO = 0,    /* told from the content */
       VEIL_TRANSCRIPT_WHISPER = 1, /* and whisperX, faster-whisper */
       VEIL_TRANSCRIPT_VOSK = 2,
       VEIL_TRANSCRIPT_WHISPER_CPP = 3, /* -oj, -ojf */
       VEIL_TRANSCRIPT_AWS = 4,         /* batch, streaming */
       VEIL_TRANSCRIPT_GOOGLE = 5,      /* v1, v2 */
       VEIL_TRANSCRIPT_AZURE = 6,       /* batch, fast, SDK */
       VEIL_TRANSCRIPT_DEEPGRAM = 7,
       VEIL_TRANSCRIPT_ASSEMBLYAI = 8,
       VEIL_TRANSCRIPT_PICOVOICE = 9,
       VEIL_TRANSCRIPT_POCKETSPHINX = 10,
       VEIL_TRANSCRIPT_CTM = 11,
       VEIL_TRANSCRIPT_SRT = 12,
       VEIL_TRANSCRIPT_VTT = 13
};
/* where words came from. ASR: recognition took part, beside a transcript or alone */
enum { VEIL_WORDS_NONE = 0, VEIL_WORDS_TRANSCRIPT = 1, VEIL_WORDS_ASR = 2 };

/* ASR: hear every channel with config.asr, and look for personal data in what is heard. It can miss any word: an assist, never
 * a promise. UNSUPPORTED without config.asr, below its min_rate_hz, or in a language that it does not know.
 * SPEAKER_ONLY: what a transcript or recognition gives away in one channel is replaced in that channel alone. Without it, in all:
 * speech is often heard in other channels too */
enum { VEIL_AUDIO_ASR = 1u, VEIL_AUDIO_SPEAKER_ONLY = 2u };

typedef struct veil_audio_options {
    size_t struct_size;
    const veil_audio_range *ranges;
    size_t range_count;
    const char *transcript; /* what a recognizer wrote, with times; or NULL */
    size_t transcript_bytes;
    uint32_t transcript_format; /* VEIL_TRANSCRIPT_*; AUTO tells from the content */
    float min_score;            /* negative: the sanitizer's */
    const char *language;
    const char *const *entities;
    size_t entity_count;
    const char *const *exclude;
    size_t exclude_count;
    const veil_effect_rule *effects;
    size_t effect_count;
    int32_t guard_ms;           /* added on both sides of a span; at most 60,000; negative: 150 */
    int32_t fade_ms;            /* outside the guard band; at most 1,000; negative: 5 */
    uint32_t flags;             /* VEIL_AUDIO_* */
    float level_dbfs;           /* RMS of beep and noise, -60 to below 0; 0: that of the frames outside all spans */
    uint64_t timeout_us;        /* 0: none */
    uint64_t disguise_channels; /* DISGUISE: bit c for channel c (the caller's, say, and not the clerk's); 0: all */
    /* veil_transcript_redact alone: what was found in the sound (keys, recognised words) goes from the transcript by its time, but
     * for entities whose effect is KEEP */
    const veil_audio_finding *heard;
    size_t heard_count;
} veil_audio_options;

VEIL_API void veil_audio_options_init_sized(veil_audio_options *options, size_t struct_size);
#define veil_audio_options_init(options) veil_audio_options_init_sized((options), sizeof *(options))

typedef struct veil_audio_result {
    size_t struct_size;
    veil_audio_finding *findings; /* caller's array; NULL with capacity 0 */
    size_t finding_capacity;
    size_t finding_count; /* out */
    uint64_t
        redacted_frames; /* out: frames replaced or faded, union over channels; what is only disguised does not count */
    uint64_t frame_count;    /* out: of the sound */
    uint32_t sample_rate_hz; /* out */
    uint32_t channel_count;  /* out */
    uint32_t words;          /* out: VEIL_WORDS_* */
    uint32_t reserved;
} veil_audio_result;

/** Report what a redaction would remove: the ranges, what the text engine finds in the transcript and in recognised words
 *  (spoken forms included), and the keys of telephones that are heard in any channel: one DTMF finding for each, and a
 *  CREDIT_CARD over a run of 12 to 19 digits that passes Luhn's check, or over the part of a run that is a card's number. The
 *  samples are not changed; without DTMF, CREDIT_CARD and
 *  VEIL_AUDIO_ASR they are not read either. What was heard in a channel is reported with it, and removed from all.
 *  @return VEIL_OK; INVALID_ARGUMENT, MALFORMED_INPUT (transcript; NaN or infinite samples), UNSUPPORTED, LIMIT, BUSY, TIMEOUT,
 *          NO_MEMORY, CALLBACK and what else config.asr returned, BUFFER_TOO_SMALL (finding_count says how many) */
VEIL_API veil_status veil_audio_scan(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                     const veil_audio *audio, veil_audio_result *result, veil_error *error);

/** Replace the samples of every span, in all channels unless the range names one, in place. Guard band and fades lie outside
 * the span; what is put in depends only on samples outside all spans; the length stays the same.
 * With DISGUISE, what remains is changed as well: frames of 20 ms from the first sample on, spans going in as silence; sounds above
 * 48,000 Hz are UNSUPPORTED. A frame that cannot be disguised is silent.
 * Cost: no allocation with ranges or a transcript; with recognition, what config.asr takes. DISGUISE: docs/latency.md.
 * @return as veil_audio_scan without BUFFER_TOO_SMALL. INVALID_ARGUMENT, UNSUPPORTED, LIMIT, BUSY, and TIMEOUT before the start
 *         leave the sound as it was; every other one (MALFORMED_INPUT, also of NaN or infinite samples, TIMEOUT after the start,
 *         NO_MEMORY, CALLBACK, INTERNAL, and what else config.asr returned) leaves it all zero. */
VEIL_API veil_status veil_audio_redact(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                       veil_audio *audio, veil_audio_result *result, veil_error *error);

/** Largest size in bytes that veil_audio_redact_encoded can produce for this input, read from its header (Ogg and MP3: its pages
 *  and frames). */
VEIL_API veil_status veil_audio_encoded_bound(const veil_sanitizer *sanitizer, const void *input, size_t input_bytes,
                                              size_t *bound_bytes, veil_error *error);

/** veil_audio_scan for a file in memory: WAV, FLAC, Ogg Vorbis, Ogg Opus or MP3, told from its content. */
VEIL_API veil_status veil_audio_scan_encoded(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                             const void *input, size_t input_bytes, veil_audio_result *result,
                                             veil_error *error);

/** WAV or FLAC in memory in, the same format, sample type, rate and length out; samples outside spans bit-identical; tags,
 * cue points and other chunks are not carried over. A WAV that was written to a pipe (sizes of RIFF and data 0 or all ones)
 * goes to the end of the file, in whole frames, and gets its sizes. RF64 under 4 GiB comes out as WAV; 64-bit samples are
 * UNSUPPORTED. Ogg and MP3 are decoded and encoded again as a whole: the decoded length stays, samples outside are about what they
 * were, and spans grow by a frame of the codec, for it spreads what it codes. Allocates inside libsndfile.
 * @return as veil_audio_redact, and BUFFER_TOO_SMALL with the size needed in out_bytes. After an error `out` holds zeros. */
VEIL_API veil_status veil_audio_redact_encoded(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                               const void *input, size_t input_bytes, void *out, size_t out_capacity,
                                               size_t *out_bytes, veil_audio_result *result, veil_error *error);

/** Transcript in, the same transcript out with what it gives away written over as [ENTITY], in its own format: the words that are
 * found (and every word in the time that is cut), alternatives, segments, full texts, lists of entities, and any other text of
 * the document in which they stand again or in which something is found. All other bytes stay. Options as for the sound;
 * their ranges count, and `heard`; an entity whose effect is KEEP stays. docs/transcripts.md has the details.
 * Cost: grows with transcript_bytes; no allocation. `out` must not overlap the transcript, which is read while `out` is written.
 * @param duration_s     of the sound, against which times are checked; 0: not known
 * @param channel_count  of the sound; 0: not known
 * @param out_bytes      not NULL; out: bytes written (no NUL), or needed (BUFFER_TOO_SMALL)
 * @return VEIL_OK; INVALID_ARGUMENT, MALFORMED_INPUT, UNSUPPORTED, LIMIT, BUSY, TIMEOUT, NO_MEMORY, BUFFER_TOO_SMALL. After an
 *         error `out` holds zeros. */
VEIL_API veil_status veil_transcript_redact(const veil_sanitizer *sanitizer, const veil_audio_options *options,
                                            double duration_s, uint32_t channel_count, char *out, size_t out_capacity,
                                            size_t *out_bytes, veil_error *error);

/* A sound in pieces: a call while it lasts. Push frames, pull redacted ones; what comes out is what veil_audio_redact makes of the
 * whole sound with the same ranges and the same level_dbfs (0 is -20 in a stream: the whole sound is not known), however it is
 * cut. Frames are held back until nothing that may still be found can touch them: 90 ms for telephone keys, guard_ms, three fade_ms,
 * 20 ms for DISGUISE, and delay_ms for what the host finds. After a failure, and for what is found too late, silence comes out, never the sound.
 * Cost: creation takes all memory (half a second more than is held back); push and pull grow with the frames, add_range with the
 * spans that are open, add_transcript with its bytes. Nothing is allocated after creation, but by the pool where very many spans lie
 * close together. */
typedef struct veil_audio_stream_options {
    size_t struct_size; /* sizeof(veil_audio_stream_options) */
    uint32_t sample_rate_hz;
    uint32_t channel_count;
    uint32_t format; /* VEIL_SAMPLE_*, interleaved */
    uint32_t
        delay_ms; /* how long after a frame was pushed a range or transcript may still come for it; at most 10,000 */
} veil_audio_stream_options;

/** @param options  NULL: defaults; copied. Without ranges and transcript; timeout_us is not used. Where the effects of DTMF and
 *                  CREDIT_CARD differ, each key gets the stronger: whether it belongs to a card is known too late.
 *  @return VEIL_OK, INVALID_ARGUMENT, UNSUPPORTED, LIMIT (more than 1 GiB to hold), BUSY, NO_MEMORY */
VEIL_API veil_status veil_audio_stream_create(const veil_sanitizer *sanitizer, const veil_audio_stream_options *stream,
                                              const veil_audio_options *options, veil_audio_stream **out,
                                              veil_error *error);

/** Frames held back at most: a frame is out when this many were pushed behind it. 0 for NULL. */
VEIL_API uint64_t veil_audio_stream_delay_frames(const veil_audio_stream *stream);

/** A range, in seconds of the whole sound; it may lie ahead. At most 1,024 spans may be open.
 *  @return VEIL_OK; TIMEOUT: it came late, and what is not out yet of it is silenced; INVALID_ARGUMENT; BUFFER_TOO_SMALL (2,048
 *          findings wait: pull first); LIMIT (the stream fails) */
VEIL_API veil_status veil_audio_stream_add_range(veil_audio_stream *stream, const veil_audio_range *range,
                                                 veil_error *error);

/** What a recognizer wrote of a part of the sound that was pushed, such as one utterance, times from the stream's beginning, in any
 *  VEIL_TRANSCRIPT_* format. Each is searched by itself: hand over whole utterances.
 *  @return as for a range; MALFORMED_INPUT and other failures of a scan end the stream in silence, for nobody knows what was
 *          said; BUSY: nothing happened; more findings than 4,096 with those that wait: LIMIT, and the stream fails */
VEIL_API veil_status veil_audio_stream_add_transcript(veil_audio_stream *stream, const char *transcript,
                                                      size_t transcript_bytes, uint32_t format, veil_error *error);

/** Take frames in. *taken_frames may be less than frame_count, also 0: pull, then push the rest. At least half a second fits
 *  behind a pull that returned everything.
 *  @return VEIL_OK; INVALID_ARGUMENT (also after the end); BUFFER_TOO_SMALL as for a range; MALFORMED_INPUT (NaN) and LIMIT (of spans, or of 4,096 findings): the
 *          frames count as taken, and the stream fails */
VEIL_API veil_status veil_audio_stream_push(veil_audio_stream *stream, const void *samples, uint64_t frame_count,
                                            uint64_t *taken_frames, veil_error *error);

/** No more frames follow: from now on pull gives everything. */
VEIL_API veil_status veil_audio_stream_end(veil_audio_stream *stream, veil_error *error);

/** Take out what is decided: *frames of at most frame_capacity frames.
 * @param result  NULL: findings are dropped. Else those made since the last pull, as many as there is room for (the others wait);
 *                finding_count is the number written, frame_count and redacted_frames are of this piece
 * @return VEIL_OK; INVALID_ARGUMENT (also where `out` is not aligned to a sample; nothing happened); the stream's failure, again
 * with each pull: `out` holds *frames frames of
 *         silence, so that time goes on */
VEIL_API veil_status veil_audio_stream_pull(veil_audio_stream *stream, void *out, uint64_t frame_capacity,
                                            uint64_t *frames, veil_audio_result *result, veil_error *error);

/** Wipe and free; what is held back is lost, never heard. NULL is accepted. */
VEIL_API void veil_audio_stream_destroy(veil_audio_stream *stream);

/* ---- Asynchronous ------------------------------------------------------------------------------------------------- */

enum { /* veil_job.kind: which call the job stands for */
       VEIL_JOB_TEXT_SCAN = 1,
       VEIL_JOB_TEXT_REDACT = 2,
       VEIL_JOB_IMAGE_SCAN = 3,
       VEIL_JOB_IMAGE_REDACT = 4,
       VEIL_JOB_IMAGE_REDACT_ENCODED = 5,
       VEIL_JOB_AUDIO_SCAN = 6,
       VEIL_JOB_AUDIO_REDACT = 7,
       VEIL_JOB_AUDIO_REDACT_ENCODED = 8
};

enum { VEIL_PRIORITY_NORMAL = 0, VEIL_PRIORITY_HIGH = 1, VEIL_PRIORITY_LOW = 2 };

/** The end of a job. */
typedef struct veil_completion {
    size_t struct_size;
    void *user;         /* as given in the job */
    size_t out_bytes;   /* as the call would report */
    veil_status status; /* TIMEOUT when the deadline passed before it ran, CANCELLED when the sanitizer went away */
    uint32_t reserved;
    veil_error error;
} veil_completion;

/** Runs on a worker thread; must not block for long and must not destroy the sanitizer. */
typedef void (*veil_completion_fn)(void *user, const veil_completion *completion);

/** A call to run on a worker. The struct itself is copied; everything it points to must stay until completion. */
typedef struct veil_job {
    size_t struct_size;
    uint32_t kind;        /* VEIL_JOB_* */
    uint32_t priority;    /* VEIL_PRIORITY_* */
    uint64_t deadline_us; /* from now; an expired job answers TIMEOUT and never runs late; 0: none */
    const void *options;  /* veil_text_options, veil_image_options or veil_audio_options by kind; or NULL */
    const void *input;    /* text or encoded bytes */
    size_t input_bytes;
    void *subject; /* veil_image or veil_audio for raw kinds */
    void *out;
    size_t out_capacity;
    void *result; /* veil_text_result, veil_image_result or veil_audio_result by kind; or NULL where that is allowed */
    veil_completion_fn on_done; /* exactly one of on_done and queue */
    veil_queue *queue;
    void *user;
} veil_job;

/** Hand a job to the workers; returns at once. Allocates nothing. A job that never ran (TIMEOUT before the start, CANCELLED)
 * has touched nothing that it points to.
 * @return VEIL_OK (exactly one completion will follow); INVALID_ARGUMENT; UNSUPPORTED (worker_count is 0); BUSY (the queue is
 *         full: nothing was started, and no completion follows) */
VEIL_API veil_status veil_submit(const veil_sanitizer *sanitizer, const veil_job *job, veil_error *error);

/** Create a completion queue for at most `capacity` (1 to 65,536) unread completions; submit answers BUSY beyond that. */
VEIL_API veil_status veil_queue_create(const veil_sanitizer *sanitizer, uint32_t capacity, veil_queue **out,
                                       veil_error *error);

/** An eventfd that is readable while completions wait. Belongs to the queue: do not read or close it. -1 for NULL. */
VEIL_API int veil_queue_fd(const veil_queue *queue);

/** Take up to `capacity` completions without waiting, oldest first. Any thread.
 *  @param completion_bytes  sizeof(veil_completion) the caller compiled
 *  @return how many were taken (0 when none wait), or INVALID_ARGUMENT */
VEIL_API int32_t veil_queue_poll(veil_queue *queue, veil_completion *completions, uint32_t capacity,
                                 size_t completion_bytes);

/** Destroy a queue. Every job that names it must have completed. NULL is accepted. */
VEIL_API void veil_queue_destroy(veil_queue *queue);

/* ---- Metrics ------------------------------------------------------------------------------------------------------ */

enum { /* index into veil_metrics.operations */
       VEIL_METRIC_TEXT_SCAN = 0,
       VEIL_METRIC_TEXT_REDACT = 1,
       VEIL_METRIC_IMAGE_SCAN = 2,
       VEIL_METRIC_IMAGE_REDACT = 3,
       VEIL_METRIC_AUDIO_SCAN = 4,
       VEIL_METRIC_AUDIO_REDACT = 5,
       VEIL_METRIC_JOB_WAIT = 6,    /* from submit to start */
       VEIL_METRIC_TEXT_STREAM = 7, /* pulls; bytes are those that came out */
       VEIL_METRIC_AUDIO_STREAM = 8,
       VEIL_METRIC_COUNT = 9
};

/** Latency of one operation in nanoseconds, from a log-linear histogram (relative error at most 1/32). */
typedef struct veil_operation_metrics {
    uint64_t calls;   /* exact */
    uint64_t errors;  /* exact; calls that did not return VEIL_OK */
    uint64_t bytes;   /* exact; input bytes (pixels and samples counted in bytes) */
    uint64_t samples; /* calls that were timed */
    uint64_t p50_ns;
    uint64_t p90_ns;
    uint64_t p99_ns;
    uint64_t p999_ns;
    uint64_t p9999_ns;
    uint64_t max_ns;
} veil_operation_metrics;

typedef struct veil_metrics {
    size_t struct_size;
    veil_operation_metrics operations[VEIL_METRIC_COUNT];
    uint64_t cache_hits; /* exact */
    uint64_t cache_near_hits;
    uint64_t cache_misses;
    uint64_t cache_evictions;
    uint64_t findings; /* text, image and audio */
    uint64_t jobs_waiting;
    uint64_t jobs_rejected;    /* BUSY */
    uint64_t jobs_expired;     /* TIMEOUT before the start */
    uint64_t pool_bytes;       /* reserved by buffer pools */
    uint64_t pool_grown;       /* times a pool had to grow */
    uint64_t live_recognizers; /* that gave their known answer at creation */
} veil_metrics;

/** Read all counters at once. Cost: microseconds; does not stop other threads. @return VEIL_OK or INVALID_ARGUMENT. */
VEIL_API veil_status veil_metrics_snapshot(const veil_sanitizer *sanitizer, veil_metrics *metrics);

/** The same as Prometheus text (exposition format 0.0.4), NUL-terminated. BUFFER_TOO_SMALL reports the size with the NUL. */
VEIL_API veil_status veil_metrics_prometheus(const veil_sanitizer *sanitizer, char *out, size_t out_capacity,
                                             size_t *out_bytes);

#ifdef __cplusplus
}
#endif

#endif /* VEIL_H */
