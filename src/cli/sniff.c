/*
 * The kind of an input from its first bytes (magic numbers from the formats' own documents). Everything that is not known to
 * be something else is text; what would silently hold no findable text (archives, PDF, UTF-16) is named, so that the command
 * can refuse it instead of reporting that nothing was found.
 */
#include <string.h>

#include "cli/input.h"

typedef struct sniff_row {
    size_t offset;
    const char *magic;
    size_t size;
    cli_kind kind; /* AUTO: refused */
    const char *what;
} sniff_row;

#define MAGIC(text) text, sizeof(text) - 1

static const sniff_row rows[] = {
    {0, MAGIC("\xFF\xD8\xFF"), CLI_KIND_IMAGE, "JPEG"},
    {0, MAGIC("\x89PNG\r\n\x1A\n"), CLI_KIND_IMAGE, "PNG"},
    {0, MAGIC("GIF87a"), CLI_KIND_IMAGE, "GIF"},
    {0, MAGIC("GIF89a"), CLI_KIND_IMAGE, "GIF"},
    {8, MAGIC("WEBPVP8"), CLI_KIND_IMAGE, "WebP"},
    {0, MAGIC("II*\0"), CLI_KIND_IMAGE, "TIFF"},
    {0, MAGIC("MM\0*"), CLI_KIND_IMAGE, "TIFF"},
    {4, MAGIC("ftypheic"), CLI_KIND_IMAGE, "HEIC"},
    {4, MAGIC("ftypmif1"), CLI_KIND_IMAGE, "HEIF"},
    {4, MAGIC("ftypavif"), CLI_KIND_IMAGE, "AVIF"},
    {8, MAGIC("WAVE"), CLI_KIND_AUDIO, "WAV"},
    {0, MAGIC("fLaC"), CLI_KIND_AUDIO, "FLAC"},
    {0, MAGIC("OggS\0"), CLI_KIND_AUDIO, "Ogg"},
    {8, MAGIC("AIFF"), CLI_KIND_AUDIO, "AIFF"},
    {8, MAGIC("AIFC"), CLI_KIND_AUDIO, "AIFF"},
    {4, MAGIC("ftypM4A"), CLI_KIND_AUDIO, "M4A"},
    {0, MAGIC(".snd\0"), CLI_KIND_AUDIO, "AU"},
    {4, MAGIC("ftyp"), CLI_KIND_AUTO, "a video"},
    {0, MAGIC("\x1A\x45\xDF\xA3"), CLI_KIND_AUTO, "a video"},
    {0, MAGIC("%PDF-"), CLI_KIND_AUTO, "a PDF document"},
    {0, MAGIC("PK\3\4"), CLI_KIND_AUTO, "a ZIP archive or an office document"},
    {0, MAGIC("\x1F\x8B"), CLI_KIND_AUTO, "compressed (gzip)"},
    {0, MAGIC("BZh"), CLI_KIND_AUTO, "compressed (bzip2)"},
    {0,
     MAGIC("\xFD"
           "7zXZ\0"),
     CLI_KIND_AUTO, "compressed (xz)"},
    {0, MAGIC("\x28\xB5\x2F\xFD"), CLI_KIND_AUTO, "compressed (zstd)"},
    {0, MAGIC("7z\xBC\xAF\x27\x1C"), CLI_KIND_AUTO, "a 7z archive"},
    {257, MAGIC("ustar"), CLI_KIND_AUTO, "a tar archive"},
    {0,
     MAGIC("\x7F"
           "ELF"),
     CLI_KIND_AUTO, "a program"},
    {0, MAGIC("SQLite format 3\0"), CLI_KIND_AUTO, "an SQLite database"},
    {0, MAGIC("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), CLI_KIND_AUTO, "an old office document"},
    {0, MAGIC("\xFF\xFE"), CLI_KIND_AUTO, "UTF-16 or UTF-32 text"},
    {0, MAGIC("\xFE\xFF"), CLI_KIND_AUTO, "UTF-16 text"},
    {0, MAGIC("\0\0\xFE\xFF"), CLI_KIND_AUTO, "UTF-32 text"},
};

/* Magic numbers too short to trust alone: BMP needs its reserved zeros, bzip2 its level, MP3 a frame header or an ID3 tag. */
static bool is_bmp(const unsigned char *p, size_t size)
{
    return size >= 26 && p[0] == 'B' && p[1] == 'M' && !(p[6] | p[7] | p[8] | p[9]) && p[15] == 0 && p[16] == 0;
}

static bool is_mp3(const unsigned char *p, size_t size)
{
    if (size < 10) return false;
    if (memcmp(p, "ID3", 3) == 0) return p[3] < 16 && !((p[6] | p[7] | p[8] | p[9]) & 0x80);
    bool sync = p[0] == 0xFF && (p[1] & 0xE0) == 0xE0 && (p[1] & 0x18) != 0x08 && (p[1] & 0x06) != 0;
    return sync && (p[2] & 0xF0) != 0xF0 && (p[2] & 0x0C) != 0x0C;
}

cli_kind vl_cli_sniff(const void *bytes, size_t size, const char **what)
{
    const unsigned char *p = bytes;
    *what = "text";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sniff_row *row = &rows[i];
        if (size < row->offset + row->size || memcmp(p + row->offset, row->magic, row->size) != 0) continue;
        if (row->magic[0] == 'B' && (size < 10 || memcmp(p + 4, "1AY&SY", 6) != 0)) continue;
        if (row->offset == 8 && memcmp(p, "RIFF", 4) != 0 && memcmp(p, "RF64", 4) != 0 && memcmp(p, "FORM", 4) != 0)
            continue;
        *what = row->what;
        return row->kind;
    }
    if (is_bmp(p, size)) return *what = "BMP", CLI_KIND_IMAGE;
    if (is_mp3(p, size)) return *what = "MP3", CLI_KIND_AUDIO;
    size_t zeros = 0;
    for (size_t i = 0; i < size; i++)
        zeros += p[i] == 0;
    /* UTF-16 of a Latin text is half zeros; a log with a torn record has a few. */
    if (zeros > size / 5) return *what = "binary data or UTF-16 text", CLI_KIND_AUTO;
    return CLI_KIND_TEXT;
}
