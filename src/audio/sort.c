/* Insertion sort for what is short or nearly ordered, heap sort for the rest. */
#include "audio/sort.h"

#include <string.h>

#define ITEM_MAX    128u
#define MOVE_BUDGET 8u /* moves per item before the input counts as unordered */

static void swap_items(char *a, char *b, size_t size)
{
    char held[ITEM_MAX];
    memcpy(held, a, size);
    memcpy(a, b, size);
    memcpy(b, held, size);
}

/* False when the budget ran out; the items are then still all there, in some order. */
static bool insertion_sort(char *base, size_t count, size_t size, vl_before_fn before)
{
    size_t budget = count * MOVE_BUDGET + 64;
    char held[ITEM_MAX];
    for (size_t i = 1; i < count; i++) {
        if (!before(base + i * size, base + (i - 1) * size)) continue;
        memcpy(held, base + i * size, size);
        size_t at = i;
        while (at > 0 && budget > 0 && before(held, base + (at - 1) * size)) {
            memcpy(base + at * size, base + (at - 1) * size, size);
            at--;
            budget--;
        }
        memcpy(base + at * size, held, size);
        if (budget == 0) return false;
    }
    return true;
}

static void sift_down(char *base, size_t root, size_t count, size_t size, vl_before_fn before)
{
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count) return;
        if (child + 1 < count && before(base + child * size, base + (child + 1) * size)) child++;
        if (!before(base + root * size, base + child * size)) return;
        swap_items(base + root * size, base + child * size, size);
        root = child;
    }
}

void vl_sort(void *base, size_t count, size_t size_bytes, vl_before_fn before)
{
    char *items = base;
    if (count < 2 || insertion_sort(items, count, size_bytes, before)) return;
    for (size_t i = count / 2; i-- > 0;)
        sift_down(items, i, count, size_bytes, before);
    for (size_t end = count - 1; end > 0; end--) {
        swap_items(items, items + end * size_bytes, size_bytes);
        sift_down(items, 0, end, size_bytes, before);
    }
}
