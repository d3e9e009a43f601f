/* Completion queue: what jobs.c needs of it. */
#ifndef VL_API_COMPLETIONS_H
#define VL_API_COMPLETIONS_H

#include <stdbool.h>

#include "veil.h"

/** Reserve room for one completion; false when `capacity` are already promised or unread. */
bool vl_completions_reserve(veil_queue *queue);
/** Give a reservation back: the job was not accepted. */
void vl_completions_unreserve(veil_queue *queue);
/** Put a completion into its reserved room, and make the descriptor readable. Cannot fail. */
void vl_completions_push(veil_queue *queue, const veil_completion *completion);

#endif
