#include "transcript_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *make(const char *text, const char *head, const char *key, const char *lead, const char *tail)
{
    char *json = malloc(strlen(text) * 80 + 256);
    if (json == NULL) return NULL;
    size_t at = (size_t)sprintf(json, "%s", head);
    int index = 0;
    for (const char *p = text; *p != '\0';) {
        size_t n = strcspn(p, " ");
        at += (size_t)sprintf(json + at, "%s{\"conf\":1.0,\"%s\":\"%s", index == 0 ? "" : ",", key, lead);
        for (size_t i = 0; i < n; i++) {
            if (p[i] == '"' || p[i] == '\\') json[at++] = '\\';
            json[at++] = p[i];
        }
        at += (size_t)sprintf(json + at, "\",\"start\":%.1f,\"end\":%.1f}", 0.5 * index, 0.5 * index + 0.4);
        index++;
        p += n;
        p += strspn(p, " ");
    }
    sprintf(json + at, "%s", tail);
    return json;
}

char *transcript_whisper(const char *text, int leading_space)
{
    return make(text, "{\"text\":\"...\",\"language\":\"en\",\"segments\":[{\"id\":0,\"tokens\":[1,2],\"words\":[",
                "word", leading_space ? " " : "", "]}]}");
}

char *transcript_vosk(const char *text)
{
    return make(text, "{\"result\":[", "word", "", "],\"text\":\"...\"}");
}
