/*
 * The kind of an input from its first bytes (magic numbers from the formats' own documents). Everything that is not known to
 * be something else is text; what would silently hold no findable text (archives, PDF, UTF-16) is named, so that the command
 * can refuse it instead of reporting that nothing was found.
 */
#include <stdint.h>
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
    {4, MAGIC("ftyphei"), CLI_KIND_IMAGE, "HEIC"}, /* heic, heix, heim, heis */
    {4, MAGIC("ftyphev"), CLI_KIND_IMAGE, "HEIC"}, /* hevc, hevx */
    {4, MAGIC("ftypmif1"), CLI_KIND_IMAGE, "HEIF"},
    {4, MAGIC("ftypmsf1"), CLI_KIND_IMAGE, "HEIF"},
    {4, MAGIC("ftypavi"), CLI_KIND_IMAGE, "AVIF"}, /* avif, avis */
    {0, MAGIC("\0\0\0\x0CjP  \r\n\x87\n"), CLI_KIND_IMAGE, "JPEG 2000"},
    {0, MAGIC("\xFF\x4F\xFF\x51"), CLI_KIND_IMAGE, "JPEG 2000"},
    {0, MAGIC("\0\0\0\x0CJXL \r\n\x87\n"), CLI_KIND_IMAGE, "JPEG XL"},
    {0, MAGIC("\xFF\x0A"), CLI_KIND_IMAGE, "JPEG XL"},
    {0, MAGIC("II+\0"), CLI_KIND_AUTO, "a BigTIFF picture"},
    {0, MAGIC("MM\0+"), CLI_KIND_AUTO, "a BigTIFF picture"},
    {0, MAGIC("8BPS\0"), CLI_KIND_AUTO, "a Photoshop picture"},
    {0, MAGIC("\0\0\1\0"), CLI_KIND_AUTO, "an icon"},
    {0, MAGIC("\0\0\2\0"), CLI_KIND_AUTO, "a TGA picture or a cursor"},
    {0, MAGIC("DDS \x7C\0\0\0"), CLI_KIND_AUTO, "a DDS picture"},
    {0, MAGIC("qoif\0"), CLI_KIND_AUTO, "a QOI picture"},
    {0, MAGIC("\x76\x2F\x31\x01"), CLI_KIND_AUTO, "an OpenEXR picture"},
    {0, MAGIC("#?RADIANCE\n"), CLI_KIND_AUTO, "a Radiance picture"},
    {0, MAGIC("farbfeld\0"), CLI_KIND_AUTO, "a farbfeld picture"},
    {0, MAGIC("FUJIFILMCCD-RAW"), CLI_KIND_AUTO, "a camera's raw picture"},
    {0, MAGIC("IIRO\x08\0"), CLI_KIND_AUTO, "a camera's raw picture"},
    {0, MAGIC("IIU\0"), CLI_KIND_AUTO, "a camera's raw picture"},
    {8, MAGIC("WAVE"), CLI_KIND_AUDIO, "WAV"},
    {0, MAGIC("fLaC"), CLI_KIND_AUDIO, "FLAC"},
    {0, MAGIC("OggS\0"), CLI_KIND_AUDIO, "Ogg"},
    {8, MAGIC("AIFF"), CLI_KIND_AUDIO, "AIFF"},
    {8, MAGIC("AIFC"), CLI_KIND_AUDIO, "AIFF"},
    {4, MAGIC("ftypM4A"), CLI_KIND_AUDIO, "M4A"},
    {0, MAGIC(".snd\0"), CLI_KIND_AUDIO, "AU"},
    {4, MAGIC("ftyp"), CLI_KIND_AUTO, "a video"},
    {8, MAGIC("AVI "), CLI_KIND_AUTO, "a video"},
    {8, MAGIC("8SVX"), CLI_KIND_AUTO, "an 8SVX sound"},
    {0, MAGIC("RIFX"), CLI_KIND_AUTO, "a RIFX sound"},
    {0, MAGIC("riff\x2E\x91\xCF\x11"), CLI_KIND_AUTO, "a Wave64 sound"},
    {0, MAGIC("Creative Voice File\x1A"), CLI_KIND_AUTO, "a VOC sound"},
    {0, MAGIC("wvpk"), CLI_KIND_AUTO, "a WavPack sound"},
    {0, MAGIC("MAC \x96\x0F"), CLI_KIND_AUTO, "a Monkey's Audio sound"},
    {0, MAGIC("#!AMR"), CLI_KIND_AUTO, "an AMR sound"},
    {0, MAGIC("\xFF\xF1"), CLI_KIND_AUTO, "an AAC sound"},
    {0, MAGIC("\xFF\xF9"), CLI_KIND_AUTO, "an AAC sound"},
    {0, MAGIC("\x30\x26\xB2\x75\x8E\x66\xCF\x11"), CLI_KIND_AUTO, "a Windows Media file"},
    {0, MAGIC("FLV\1"), CLI_KIND_AUTO, "a video"},
    {0, MAGIC("\0\0\1\xBA"), CLI_KIND_AUTO, "a video"},
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
    {0, MAGIC("Rar!\x1A\7"), CLI_KIND_AUTO, "a RAR archive"},
    {0, MAGIC("MSCF\0"), CLI_KIND_AUTO, "a cabinet archive"},
    {0, MAGIC("\x04\x22\x4D\x18"), CLI_KIND_AUTO, "compressed (lz4)"},
    {0, MAGIC("PAR1\x15"), CLI_KIND_AUTO, "a Parquet file"},
    {0, MAGIC("\xD4\xC3\xB2\xA1"), CLI_KIND_AUTO, "a network capture"},
    {0, MAGIC("\xA1\xB2\xC3\xD4"), CLI_KIND_AUTO, "a network capture"},
    {0, MAGIC("\x0A\x0D\x0D\x0A"), CLI_KIND_AUTO, "a network capture"},
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

/* Magic numbers too short to trust alone: BMP needs its reserved zeros, PNM the end of the line, bzip2 its level, MP3 a frame header
 * or an ID3 tag. */
static size_t behind_number(const unsigned char *p, size_t size, size_t at)
{
    while (at < size && p[at] >= '0' && p[at] <= '9')
        at++;
    return at;
}

/* "P6", a line's end, and a comment, or width and height; "P7" has a header of words. */
static bool is_pnm(const unsigned char *p, size_t size)
{
    if (size < 8 || p[0] != 'P' || p[1] < '1' || p[1] > '7' || (p[2] != '\n' && p[2] != '\r')) return false;
    if (p[1] == '7') return memcmp(p + 3, "WIDTH", 5) == 0;
    if (p[3] == '#') return true;
    size_t space = behind_number(p, size, 3);
    return space > 3 && space < size && (p[space] == ' ' || p[space] == '\n') &&
           behind_number(p, size, space + 1) > space + 1;
}

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

/*
 * Many zeros, or many kinds of control characters: UTF-16 of a Latin text is half zeros, a log with a torn record has a few; a
 * protocol may separate fields by one control character (FIX by SOH), and terminals colour by another.
 */
#define ZEROS_MAX_SHARE    5   /* one in */
#define CONTROLS_MAX_SHARE 100 /* one in */
#define CONTROLS_MAX_KINDS 6

static bool is_binary(const unsigned char *p, size_t size)
{
    size_t zeros = 0;
    size_t controls = 0;
    uint32_t kinds = 0;
    for (size_t i = 0; i < size; i++) {
        bool is_control = p[i] < 32 && p[i] != 0 && !(p[i] >= '\b' && p[i] <= '\r') && p[i] != 27;
        zeros += p[i] == 0;
        controls += is_control;
        if (is_control) kinds |= 1u << p[i];
    }
    return zeros > size / ZEROS_MAX_SHARE ||
           (controls > size / CONTROLS_MAX_SHARE && __builtin_popcount(kinds) > CONTROLS_MAX_KINDS);
}

cli_kind vl_cli_sniff(const void *bytes, size_t size, const char **what)
{
    const unsigned char *p = bytes;
    *what = "text";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sniff_row *row = &rows[i];
        if (size < row->offset + row->size || memcmp(p + row->offset, row->magic, row->size) != 0) continue;
        if (strcmp(row->magic, "RIFX") == 0 && (size < 12 || memcmp(p + 8, "WAVE", 4) != 0)) continue;
        if (row->magic[0] == 'B' && (size < 10 || memcmp(p + 4, "1AY&SY", 6) != 0)) continue;
        if (row->offset == 8 && memcmp(p, "RIFF", 4) != 0 && memcmp(p, "RF64", 4) != 0 && memcmp(p, "FORM", 4) != 0)
            continue;
        *what = row->what;
        return row->kind;
    }
    if (is_bmp(p, size)) return *what = "BMP", CLI_KIND_IMAGE;
    if (is_mp3(p, size)) return *what = "MP3", CLI_KIND_AUDIO;
    if (is_pnm(p, size)) return *what = "a PNM picture", CLI_KIND_AUTO;
    if (is_binary(p, size)) return *what = "binary data or UTF-16 text", CLI_KIND_AUTO;
    return CLI_KIND_TEXT;
}
