/* From the caller's veil_config to one that engines may trust: copied, completed, every field checked, every name known. */
#ifndef VL_API_CONFIG_H
#define VL_API_CONFIG_H

#include <stdbool.h>

#include "veil.h"

/** VEIL_MODALITY_* that this build has. */
uint32_t vl_config_built_modalities(void);

/** The defaults of this library, all of our own fields. */
void vl_config_defaults(veil_config *config);

/** Copy min(theirs, ours) bytes over the defaults; refuse a wrong size or an unknown tail that is not zero. */
veil_status vl_config_copy(const veil_config *theirs, veil_config *ours, veil_error *error);

/**
 * Check every field of a completed config. The reason names the field.
 * @return VEIL_OK, INVALID_ARGUMENT, UNSUPPORTED (a modality this build lacks), KEY (key too short)
 */
veil_status vl_config_check(const veil_config *config, veil_error *error);

/** What an entity name stands for in this build: bits of VEIL_MODALITY_*, 0 for an unknown name. */
uint32_t vl_entity_kind(const char *name);

#endif
