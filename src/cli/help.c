/* --help: the overview and a page a command, from the option table. */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"

static const char overview[] =
    "veil finds and removes personal data in text, pictures and sound.\n"
    "\n"
    "  veil scan    [options] [FILE...]           say what is there\n"
    "  veil redact  [options] [-o OUT] [FILE...]  write copies without it\n"
    "  veil restore --key-file K [FILE]           undo tokens\n"
    "  veil entities [--json]                     what it can find\n"
    "  veil version                               version, engines, CPU level, models\n"
    "\n"
    "Try:\n"
    "  veil scan letter.txt photo.jpg             a table of what was found\n"
    "  veil redact letter.txt                     writes letter.redacted.txt beside it\n"
    "  veil redact -o clean/ *.txt *.jpg          copies into a folder\n"
    "  tail -f app.log | veil redact              as it comes, line by line\n"
    "  veil redact --format csv --field-as ssn=US_SSN staff.csv  values only, still a CSV\n"
    "  veil redact --transcript call.json call.wav  beeps over what the transcript gives away\n"
    "\n"
    "veil COMMAND --help lists the options of a command. The manual is veil(1).\n"
    "Exit code: 0 done, 1 findings with --fail-on-find, 2 usage, 3 an input failed.\n";

static const char scan_page[] =
    "usage: veil scan [options] [FILE...]\n"
    "\n"
    "Says what personal data the files hold. No FILE, or -, is stdin. Text, pictures (JPEG, PNG, WebP) and sound (WAV, "
    "FLAC,\n"
    "Ogg, MP3) are told apart by their content. Matches themselves are printed only with --show-text.\n"
    "With --input jsonl every line is an object and gives one; a blank line gives {\"findings\":[]}.\n";

static const char redact_page[] =
    "usage: veil redact [options] [-o OUT] [FILE...]\n"
    "\n"
    "Writes copies without the personal data: call.wav gives call.redacted.wav, or OUT with -o; with several FILEs OUT "
    "is\n"
    "a directory. A folder gives folder.redacted with the same files and folders in it, or OUT. Stdin gives stdout; "
    "text from a pipe goes out as it comes. Other copies appear whole or not at all, "
    "and\n"
    "never in place of their originals.\n"
    "\n"
    "With --input jsonl every line is an object and gives one; blank lines stay blank. A line that fails gives "
    "{\"error\":...}\n"
    "without \"findings\", and the exit code is 3.\n"
    "\n"
    "What the effects on pictures protect: fill and smooth leave nothing of a region. blur and pixelate keep the means "
    "of\n"
    "at most 4x4 cells: they cannot be inverted, but the coarse tones of a face remain, and someone who chooses among\n"
    "people he knows may guess. Faces are blurred unless you say otherwise (--effect FACE=fill); all else is filled.\n"
    "For sound, beep, silence and noise all replace the samples: nothing of them remains. Noise has the spectrum of\n"
    "speech. disguise goes on top of them: it changes the voice in what stays, of all channels or one. It fools the\n"
    "ear, and no more: who knows how it works can turn the voice back, and programs still tell who speaks.\n";

static const char restore_page[] = "usage: veil restore --key-file K [FILE]\n"
                                   "\n"
                                   "Puts the values of tokens back: what --operator ENTITY=token wrote, anywhere in "
                                   "the text, wrapped lines and changed\n"
                                   "letter case included. What looks like a token and is none of this key and "
                                   "--token-context stays, and is counted on\n"
                                   "stderr. With --operator ENTITY=encrypt[:cbc] or ENTITY=fpe every line is one value "
                                   "to bring back; a line that cannot\n"
                                   "be gives an empty line, and the exit code is 3. No FILE, or -, is stdin. The "
                                   "answer goes to stdout: it is personal\n"
                                   "data again.\n";

static const char entities_page[] =
    "usage: veil entities [--json] [--rules FILE] [--config FILE]\n\nLists what can be found, by name. With --rules or "
    "--config: as they make it, own recognizers included.\n";
static const char version_page[] = "usage: veil version [--plugin-dir DIR]\n\nPrints the version, the engines, the CPU "
                                   "level, the models and the plugins.\n";

static const char *page_of(cli_command command)
{
    switch (command) {
    case CLI_SCAN:
        return scan_page;
    case CLI_REDACT:
        return redact_page;
    case CLI_RESTORE:
        return restore_page;
    case CLI_ENTITIES:
        return entities_page;
    case CLI_VERSION:
        return version_page;
    default:
        return overview;
    }
}

static void print_options(cli_command command)
{
    puts("\nOptions:");
    for (const cli_option_row *row = vl_cli_option_table(); row->name; row++) {
        char left[64];
        if (!(row->commands & command) || row->later) continue;
        snprintf(left, sizeof left, "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        printf("  %-26s %s\n", left, row->help);
    }
}

static void print_limits(cli_command command)
{
    if (!(command & (CLI_SCAN | CLI_REDACT))) return;
    puts("\nNot looked for unless asked: text in pictures (--ocr), speech without a transcript (--asr, an assist).");
}

bool vl_cli_help_print(cli_command command)
{
    fputs(page_of(command), stdout);
    if (command != CLI_NONE && command != CLI_HELP) {
        print_options(command);
        print_limits(command);
    }
    return fflush(stdout) == 0 && !ferror(stdout);
}
