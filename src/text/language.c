/*
 * Which language codes there are. A code that nobody uses is refused: it would silently switch off every recognizer that is
 * bound to a language, and a misspelt option must not leak. Most codes that are known have no recognizers of their own.
 */
#include <string.h>

#include "text/text.h"

enum { CODE_STEP = 3 };

/* The 183 codes of ISO 639-1 as the registration authority (Library of Congress) lists them; without those withdrawn. */
static const char codes[] =
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de "
    "dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia "
    "id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
    "lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk "
    "tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

bool vl_language_is_known(const char *language)
{
    if (strcmp(language, "any") == 0) return true;
    if (strlen(language) != 2) return false;
    for (const char *code = codes; *code != '\0'; code += CODE_STEP) {
        if (memcmp(code, language, 2) == 0) return true;
    }
    return false;
}
