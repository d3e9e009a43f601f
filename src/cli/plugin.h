/*
 * Plugins: shared objects beside the command that export one function of veil.h each. Only named files in one folder are
 * opened: --plugin-dir, or the folder that belongs to this installation; never what the environment or a search path says.
 */
#ifndef CLI_PLUGIN_H
#define CLI_PLUGIN_H

#include "cli/args.h"

/** The kinds of plugins there are; libveil-NAME.so each. */
typedef enum cli_plugin_kind { CLI_PLUGIN_OCR, CLI_PLUGIN_ASR, CLI_PLUGIN_COUNT } cli_plugin_kind;

/**
 * Load one and have it fill its struct. `engine` is that of the kind (veil_ocr_engine, veil_asr_engine), with its struct_size set.
 * @param folder  --plugin-dir, or NULL
 * @param why     receives the reason when it is false: no such file, no such function, or what the plugin answered
 * The object stays loaded until the program ends: engines leave threads and exit handlers behind.
 */
bool vl_cli_plugin_load(cli_plugin_kind kind, const char *folder, void *engine, char *why, size_t why_size);

#endif
