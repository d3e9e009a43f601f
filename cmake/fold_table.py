#!/usr/bin/env python3
"""Writes src/text/fold_table.inc: what a character beyond ASCII stands for when text is read for personal data.

    python3 cmake/fold_table.py > src/text/fold_table.inc

Facts: decimal digits (Unicode general category Nd) and characters whose NFKC form is one ASCII character (full-width,
mathematical, enclosed, superscript) come from Python's unicodedata; characters that are not seen come from the property
Default_Ignorable_Code_Point and the combining blocks; letters of other scripts that look like Latin ones are chosen by hand
among the pairs of Unicode Technical Standard 39 (confusables).

A code of the table: 0 stays as it is, 1 not seen, 0x20-0x7E the ASCII character always, 0x80 | ASCII a look-alike letter that
counts only inside a word that has Latin letters or digits too.
"""
import sys
import unicodedata

HIDDEN = [(0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
          (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
          (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
          # combining marks: they alter the look of a Latin letter or a digit, not what it stands for
          (0x0300, 0x034E), (0x0350, 0x036F), (0x0483, 0x0489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
          (0xFE20, 0xFE2F)]
SPACES = [0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000]
BREAKS = [0x0085, 0x2028, 0x2029]
DASHES = [*range(0x2010, 0x2016), 0x2043, 0x2212, 0x2796, 0x02D7, 0x06D4, 0xFE58, 0xFE63, 0xFF0D, 0x2E3A]
DOTS = [0x3002, 0xFF61, 0x2024, 0x00B7, 0x2022, 0x0701, 0x0702, 0xA4F8]
COLONS = [0x02D0, 0x02F8, 0x05C3, 0x0589, 0x2236, 0xA789, 0xFE13, 0xFE55]
SLASHES = [0x2044, 0x2215, 0x29F8]
ATS = [0xFE6B]
# The first of ten digits: scripts of Unicode 15 to 17, which this Python may not know, and outlined ones
NEW_DIGITS = [0x10D40, 0x116D0, 0x116DA, 0x11BF0, 0x11DE0, 0x11F50, 0x16D70, 0x1CCF0, 0x1E4F0, 0x1E5F1]
CIRCLED = [0x24F5, 0x2776, 0x2780, 0x278A]  # the first of nine, from one on: no NFKC form is one ASCII character
CIRCLED_ZEROS = [0x24FF, 0x1F10B, 0x1F10C]

# Look-alikes (UTS 39): Cyrillic, Greek, Armenian, Latin letters of other alphabets
ALIKE = {
    'a': 'аɑα', 'b': 'ЬƄᖯ', 'c': 'сϲᴄⲥ', 'd': 'ԁɗ', 'e': 'еҽєε', 'f': 'ƒẝ', 'g': 'ɡց', 'h': 'һհ', 'i': 'іıɩιӏ',
    'j': 'јϳ', 'k': 'кκᴋ', 'l': 'ⅼǀ', 'm': 'мᴍ', 'n': 'ոռ', 'o': 'оοօσᴏᴑ', 'p': 'рρϱⲣ', 'q': 'ԛգ', 'r': 'гᴦⲅ',
    's': 'ѕꜱ', 't': 'тτᴛ', 'u': 'υսʋᴜ', 'v': 'ѵνᴠ', 'w': 'ԝѡաᴡ', 'x': 'хχⅹ', 'y': 'уүγʏ', 'z': 'ᴢʐ',
    'A': 'АΑᎪ', 'B': 'ВΒᏴ', 'C': 'СϹᏟⅭ', 'D': 'ᎠⅮ', 'E': 'ЕΕᎬ', 'F': 'ϜᖴҒ', 'G': 'ԌᏀ', 'H': 'НΗᎻ', 'I': 'ІΙӀ',
    'J': 'ЈᎫЈ', 'K': 'КΚᏦ', 'L': 'ᏞⅬ', 'M': 'МΜᎷⅯ', 'N': 'ΝⲚ', 'O': 'ОΟՕ', 'P': 'РΡᏢ', 'Q': 'Ԛ', 'R': 'ᎡᏒ',
    'S': 'ЅՏᏚ', 'T': 'ТΤᎢ', 'U': 'ՍᑌԱ', 'V': 'ѴᏙⅤ', 'W': 'ԜᎳ', 'X': 'ХΧⅩ', 'Y': 'ҮΥУ', 'Z': 'ΖᏃ',
}


def table():
    codes = {}
    for cp in range(0x80, 0x20000):
        c = chr(cp)
        plain = unicodedata.normalize('NFKC', c)
        if unicodedata.category(c) == 'Nd':
            codes[cp] = ord('0') + unicodedata.decimal(c)
        elif len(plain) == 1 and 0x20 < ord(plain) < 0x7F:
            codes[cp] = ord(plain)
    for marks in ('LATIN',):  # letters with accents, dropped to their base; they count inside mixed words alone
        for cp in range(0xC0, 0x250):
            base = unicodedata.normalize('NFD', chr(cp))[0]
            if cp not in codes and unicodedata.name(chr(cp), '').startswith(marks) and base.isascii():
                codes[cp] = 0x80 | ord(base)
    for c in 'ªº':
        codes[ord(c)] = 0x80 | codes[ord(c)]
    for letter, alike in ALIKE.items():
        for c in alike:
            if codes.get(ord(c), 0x80) >= 0x80:
                codes[ord(c)] = 0x80 | ord(letter)
    for group, c in ((SPACES, ' '), (BREAKS, '\n'), (DASHES, '-'), (DOTS, '.'), (COLONS, ':'), (SLASHES, '/'), (ATS, '@')):
        for cp in group:
            codes[cp] = ord(c)
    for first in NEW_DIGITS:
        codes.update({first + i: ord('0') + i for i in range(10)})
    for first in CIRCLED:
        codes.update({first + i: ord('1') + i for i in range(9)})
    codes.update({cp: ord('0') for cp in CIRCLED_ZEROS})
    for low, high in HIDDEN:
        for cp in range(low, high + 1):
            codes[cp] = 1
    return codes


def main():
    codes = table()
    pages, index = [bytes(64)], []
    for first in range(0, 0x20000, 64):
        page = bytes(codes.get(cp, 0) for cp in range(first, first + 64))
        if page not in pages:
            pages.append(page)
        index.append(pages.index(page))
    leads = sorted({chr(cp).encode()[0] for cp in codes} | {0xF3})
    out = sys.stdout
    out.write('/* Made by cmake/fold_table.py from Unicode %s; see there for what is in it. Do not edit. */\n' % unicodedata.unidata_version)
    out.write('static const uint8_t fold_leads[] = {%s};\n' % ', '.join('0x%02X' % b for b in leads))
    out.write('static const uint8_t fold_index[%d] = {\n' % len(index))
    for i in range(0, len(index), 32):
        out.write('    %s,\n' % ', '.join(str(n) for n in index[i:i + 32]))
    out.write('};\nstatic const uint8_t fold_pages[%d][64] = {\n' % len(pages))
    for page in pages:
        out.write('    {%s},\n' % ', '.join(str(b) for b in page))
    out.write('};\n')
    assert len(pages) < 256


main()
