/* The veil command: DESIGN section 7 made a program, on veil.h alone. This file only picks the command. */
#include <stdio.h>
#include <sys/resource.h>

#include "cli/output.h"
#include "cli/session.h"

int main(int argc, char **argv)
{
    static const struct rlimit no_core = {0, 0};
    cli_options options;
    setrlimit(RLIMIT_CORE, &no_core); /* inputs pass through this program's memory */
    vl_cli_out_guard();
    int code = vl_cli_args_parse(argc, argv, &options);
    if (code == 0) {
        switch (options.command) {
        case CLI_SCAN:
        case CLI_REDACT:
            vl_cli_cv_threads();
            code = vl_cli_run(&options);
            break;
        case CLI_ENTITIES:
            code = vl_cli_entities(&options);
            break;
        case CLI_VERSION:
            code = vl_cli_version(&options);
            break;
        case CLI_HELP:
            code = vl_cli_help_print(options.help_for) ? 0 : 3;
            break;
        default:
            code = vl_cli_restore(&options);
        }
    }
    vl_cli_args_free(&options);
    return code;
}
