/*
 * Replays a corpus through a fuzz target, so that every input a fuzzer ever found interesting is an ordinary test.
 * Usage: target FOLDER-OR-FILE...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) return -1;
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    int failed = data == NULL || size < 0 || fread(data, 1, (size_t)size, file) != (size_t)size;
    if (!failed) LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    fclose(file);
    return failed ? -1 : 1;
}

static int replay(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) return -1;
    if (!S_ISDIR(info.st_mode)) return replay_file(path);
    DIR *folder = opendir(path);
    if (folder == NULL) return -1;
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL && count >= 0; entry = readdir(folder)) {
        if (entry->d_name[0] == '.') continue;
        char name[1024];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        int done = replay_file(name);
        count = done < 0 ? -1 : count + done;
    }
    closedir(folder);
    return count;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int done = replay(argv[i]);
        if (done < 0) {
            fprintf(stderr, "cannot read the corpus %s\n", argv[i]);
            return 1;
        }
        total += done;
    }
    printf("replayed %d inputs\n", total);
    return total > 0 ? 0 : 1; /* an empty corpus is a test that cannot fail */
}
