/* A recogniser that cannot hear is found out when it is made, not when it says nothing about a call. */
#ifndef VEIL_PLUGINS_KNOWN_SOUND_H
#define VEIL_PLUGINS_KNOWN_SOUND_H

#include "plugins/sphinx.h"

/** Let both decoders hear a word that is made here: the grammar must say "nine" and no more, the language model any word (which one
 *  it is, is a matter of its taste). MODEL: they do not; NO_MEMORY, INTERNAL */
veil_status vl_known_sound_prove(vl_sphinx *sphinx);

#endif
