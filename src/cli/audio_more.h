/* What audio gives beside the copy. */
#ifndef CLI_AUDIO_MORE_H
#define CLI_AUDIO_MORE_H

#include "cli/output.h"
#include "cli/session.h"

/** For --report: what is cut and why, without words and without keys, into result->details. */
void vl_cli_audio_report(cli_result *result, const veil_audio_finding *findings, size_t count);
/** --transcript-out: redact the transcript as the sound was, into a file that vl_cli_transcript_commit shows, or
 *  vl_cli_out_abandon forgets. False: the failure is in `result`. */
bool vl_cli_transcript_write(const cli_session *session, cli_result *result, const veil_audio_options *options,
                             const veil_audio_result *sound, const veil_audio_finding *findings, size_t count,
                             cli_out *out);
/** After the copy: both are there, or neither. */
bool vl_cli_transcript_commit(cli_result *result, cli_out *out);

#endif
