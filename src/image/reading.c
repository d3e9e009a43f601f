/* From words with boxes to marks. */
#include "image/reading.h"

#include <string.h>

#include "core/clock.h"
#include "core/cpu.h"
#include "image/luma.h"

#define WORD_BYTES_MAX 1024u
#define CHECKED_SCORE  0.99F
#define PAGE_BYTES     ((size_t)1 << 20) /* one buffer of the pool holds what follows */

enum { PAGE_WORDS = 12288, PAGE_FINDINGS = 3072 };

typedef struct word {
    uint32_t start; /* in the text */
    uint32_t end;
    vl_rect box;
    uint32_t line;
    uint32_t reserved;
} word;

/* What was read so far. Text and words grow to the ends of their parts; more is LIMIT. */
typedef struct page {
    veil_finding findings[PAGE_FINDINGS];
    word words[PAGE_WORDS];
    char text[];
} page;

#define TEXT_BYTES (PAGE_BYTES - sizeof(page))

_Static_assert(sizeof(page) < PAGE_BYTES / 2 + PAGE_BYTES / 8, "room for the text");

typedef struct collector {
    page *page;
    const vl_image_view *view;
    uint32_t word_count;
    uint32_t text_bytes;
    veil_status failure; /* why the sink stopped the reader */
} collector;

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static bool is_word_wrong(const veil_ocr_word *given)
{
    return given == NULL || given->struct_size < sizeof *given || given->text == NULL || given->text_bytes == 0 ||
           given->text_bytes > WORD_BYTES_MAX || given->w <= 0 || given->h <= 0;
}

/* Bytes of a dash that begins at text[at], or 0: hyphen-minus, and U+2010 to U+2015, which readers mix up. */
static size_t dash_bytes(const char *text, size_t bytes, size_t at)
{
    const unsigned char *c = (const unsigned char *)text + at;

    if (c[0] == '-') return 1;
    return at + 2 < bytes && c[0] == 0xE2 && c[1] == 0x80 && c[2] >= 0x90 && c[2] <= 0x95 ? 3 : 0;
}

/* Copy a word; dashes in a row ("536--90") are one that was read twice. Returns its bytes. */
static size_t copy_word(char *out, const char *text, size_t bytes)
{
    size_t written = 0, at = 0;
    bool after_dash = false;

    while (at < bytes) {
        const size_t dash = dash_bytes(text, bytes, at);

        if (dash == 0) out[written++] = text[at];
        if (dash != 0 && !after_dash) out[written++] = '-';
        at += dash == 0 ? 1 : dash;
        after_dash = dash != 0;
    }
    return written;
}

static veil_status take(collector *c, const veil_ocr_word *given)
{
    word *made = &c->page->words[c->word_count];
    const bool goes_on = c->word_count > 0 && made[-1].line == given->line;

    if (is_word_wrong(given)) return VEIL_ERR_CALLBACK;
    if (c->word_count == PAGE_WORDS || c->text_bytes + given->text_bytes + 1 > TEXT_BYTES) return VEIL_ERR_LIMIT;
    if (!vl_rect_clip(c->view, given->x, given->y, given->w, given->h, &made->box)) return VEIL_ERR_CALLBACK;
    if (c->word_count > 0) c->page->text[c->text_bytes++] = goes_on ? ' ' : '\n';
    made->start = c->text_bytes;
    c->text_bytes += (uint32_t)copy_word(c->page->text + c->text_bytes, given->text, given->text_bytes);
    made->end = c->text_bytes;
    made->line = given->line;
    c->word_count++;
    return VEIL_OK;
}

static veil_status take_word(void *user, const veil_ocr_word *given)
{
    collector *c = user;

    if (c->failure == VEIL_OK) c->failure = take(c, given);
    return c->failure;
}

/* A number that is no status is the host's mistake. */
static veil_status status_of(veil_status answer)
{
    return answer <= VEIL_OK && answer >= VEIL_ERR_CALLBACK ? answer : VEIL_ERR_CALLBACK;
}

/* These promise a picture that nothing was done to, which is for Veil to say and not for the host. */
static veil_status answer_of(veil_status answer)
{
    const bool is_ours = answer == VEIL_ERR_INVALID_ARGUMENT || answer == VEIL_ERR_BUFFER_TOO_SMALL ||
                         answer == VEIL_ERR_UNSUPPORTED || answer == VEIL_ERR_LIMIT || answer == VEIL_ERR_BUSY;

    return is_ours ? VEIL_ERR_CALLBACK : status_of(answer);
}

static veil_status read_words(const vl_reader *reader, const vl_image_view *view, collector *c)
{
    const size_t bytes = (size_t)view->width * view->height;
    veil_image picture = {.struct_size = sizeof picture,
                          .stride_bytes = view->width,
                          .width = view->width,
                          .height = view->height,
                          .format = VEIL_PIXEL_GRAY};
    veil_status status = vl_pool_take(reader->pool, bytes, &picture.pixels);

    if (status != VEIL_OK) return status;
    vl_luma_draw(vl_kernels_for(VEIL_CPU_AUTO), view, 1, picture.pixels); /* every level gives the same */
    status = answer_of(reader->ocr->recognize(reader->instance, &picture, take_word, c));
    vl_pool_give(reader->pool, picture.pixels, bytes);
    return c->failure != VEIL_OK ? c->failure : status;
}

/* ---- Findings ---------------------------------------------------------------------------------------------------- */

static size_t pick(const vl_reader *reader, const char *const *names, size_t count, const char **picked)
{
    size_t found = 0;

    for (size_t i = 0; i < count && found < VL_TEXT_NAMES_MAX; i++) {
        if (vl_text_engine_has(reader->text, names[i]) != VEIL_ERR_INVALID_ARGUMENT) picked[found++] = names[i];
    }
    return found;
}

static veil_status scan(vl_reader *reader, const vl_image_request *request, const char *text, size_t text_bytes,
                        veil_text_result *result)
{
    veil_text_options options = {.struct_size = sizeof options, .min_score = -1};
    veil_status status;

    options.entity_count = pick(reader, request->entities, request->entity_count, reader->entities);
    options.entities = options.entity_count > 0 ? reader->entities : NULL;
    options.exclude_count = pick(reader, request->exclude, request->exclude_count, reader->excluded);
    options.exclude = reader->excluded;
    if (request->mark_min_score >= 0 && request->has_min_score) options.min_score = request->mark_min_score;
    status = vl_text_scan(reader->text, &options, text, text_bytes, result, NULL);
    return status == VEIL_ERR_BUFFER_TOO_SMALL ? VEIL_ERR_LIMIT : status;
}

/* Words are in the order of their text: the first that ends behind `at`. */
static uint32_t first_word(const collector *c, uint64_t at)
{
    uint32_t low = 0, high = c->word_count;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;

        if (c->page->words[middle].end <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* One box for each line that the finding covers; words go whole. */
static bool mark_finding(const collector *c, const veil_finding *finding, vl_mark_list *marks)
{
    const word *words = c->page->words;
    uint32_t at = first_word(c, finding->start);

    while (at < c->word_count && words[at].start < finding->end) {
        vl_rect box = words[at].box;
        const uint32_t line = words[at].line;

        for (at++; at < c->word_count && words[at].start < finding->end && words[at].line == line; at++)
            box = vl_rect_union(&box, &words[at].box);
        if (!vl_marks_add(marks, finding->entity, box, finding->score)) return false;
    }
    return true;
}

static veil_status find_in_text(vl_reader *reader, const vl_image_request *request, collector *c, float min_score,
                                vl_mark_list *marks)
{
    veil_text_result result = {sizeof result, c->page->findings, PAGE_FINDINGS, 0};
    veil_status status = scan(reader, request, c->page->text, c->text_bytes, &result);

    for (size_t i = 0; status == VEIL_OK && i < result.finding_count; i++) {
        if (result.findings[i].score >= min_score && !mark_finding(c, &result.findings[i], marks))
            status = VEIL_ERR_LIMIT;
    }
    return status;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Write the text anew, with nothing between digits: neither spaces nor the ends of lines. */
static void join_digits(collector *c)
{
    page *p = c->page;
    uint32_t out = 0;

    for (uint32_t i = 0; i < c->word_count; i++) {
        word *at = &p->words[i];
        const uint32_t bytes = at->end - at->start;
        const bool goes_on = i > 0 && at[-1].line == at->line;

        if (i > 0 && !(is_digit(p->text[out - 1]) && is_digit(p->text[at->start])))
            p->text[out++] = goes_on ? ' ' : '\n';
        memmove(p->text + out, p->text + at->start, bytes);
        at->start = out;
        out += bytes;
        at->end = out;
    }
    c->text_bytes = out;
}

/* Readers see spaces in numbers where there are none, and none where there are ("4111 111111111111"): what has check digits that
 * are right is taken from a second look, in which digits stand together. */
static veil_status find(vl_reader *reader, const vl_image_request *request, collector *c, vl_mark_list *marks)
{
    veil_status status = find_in_text(reader, request, c, 0, marks);

    join_digits(c);
    return status == VEIL_OK ? find_in_text(reader, request, c, CHECKED_SCORE, marks) : status;
}

veil_status vl_reader_picture(vl_reader *reader, const vl_image_request *request, const vl_image_view *view,
                              vl_mark_list *marks, veil_error *error)
{
    collector c = {.view = view};
    void *memory;
    veil_status status = vl_pool_take(reader->pool, PAGE_BYTES, &memory);

    if (status != VEIL_OK) return vl_error_set(error, status, 0, "no buffer for the text of the picture");
    c.page = memory;
    status = read_words(reader, view, &c);
    if (status != VEIL_OK)
        vl_error_set(error, status, 0, "the picture's text could not be read");
    else if (vl_deadline_passed(request->deadline_ns))
        status = vl_error_set(error, VEIL_ERR_TIMEOUT, 0, "the deadline passed");
    else if ((status = find(reader, request, &c, marks)) != VEIL_OK)
        vl_error_set(error, status, 0, "the picture's text could not be searched");
    vl_pool_give(reader->pool, memory, PAGE_BYTES);
    return status;
}

veil_status vl_reader_payload(vl_reader *reader, const vl_image_request *request, const char *text, size_t text_bytes,
                              vl_rect rect, vl_mark_list *marks)
{
    veil_text_result result = {sizeof result, reader->findings, VL_READ_FINDINGS_MAX, 0};
    veil_status status = scan(reader, request, text, text_bytes, &result);

    for (size_t i = 0; status == VEIL_OK && i < result.finding_count; i++) {
        if (!vl_marks_add(marks, reader->findings[i].entity, rect, reader->findings[i].score)) status = VEIL_ERR_LIMIT;
    }
    vl_wipe(reader->findings, sizeof reader->findings);
    return status;
}

/* ---- Life cycle -------------------------------------------------------------------------------------------------- */

veil_status vl_reader_open(vl_reader *reader, const veil_ocr_engine *ocr, const vl_text_engine *text, vl_pool *pool,
                           veil_error *error)
{
    veil_status status;

    reader->text = text;
    reader->pool = pool;
    if (ocr == NULL) return VEIL_OK;
    status = status_of(ocr->create(ocr->user, &reader->instance));
    if (status != VEIL_OK) return vl_error_set(error, status, 0, "config.ocr could not be started");
    reader->ocr = ocr;
    return VEIL_OK;
}

void vl_reader_close(vl_reader *reader)
{
    if (reader->ocr != NULL) reader->ocr->destroy(reader->instance);
    reader->ocr = NULL;
}
