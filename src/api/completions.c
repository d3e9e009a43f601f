/*
 * Completion queue: a ring of fixed size and an eventfd. Room is reserved when a job is accepted, so a completion is never
 * lost and a worker never waits for a reader. The descriptor is readable exactly while completions wait: it is written on
 * the step from empty and read on the step to empty, both under the lock.
 *
 * `lock` guards every field below it; it is held for one copy (and at the two steps for one system call), never across work.
 * A queue belongs to the process that made it. It may outlive its sanitizer, so that CANCELLED completions can be read.
 */
#include "completions.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "check.h"
#include "sanitizer.h"

#define CAPACITY_MAX         65536u
#define COMPLETION_MIN_BYTES 32u /* through status */

struct veil_queue {
    vl_allocator allocator;
    int fd;
    uint32_t capacity;
    pthread_mutex_t lock;
    uint32_t promised; /* reserved, not pushed yet */
    uint32_t ready;    /* pushed, not read yet */
    uint32_t first;    /* index of the oldest unread one */
    bool is_closed;    /* destroyed by its owner while jobs were still on their way: the last one frees it */
    veil_completion ring[];
};

static size_t queue_bytes(uint32_t capacity)
{
    return sizeof(veil_queue) + (size_t)capacity * sizeof(veil_completion);
}

veil_status veil_queue_create(const veil_sanitizer *sanitizer, uint32_t capacity, veil_queue **out, veil_error *error)
{
    if (out != NULL) *out = NULL;
    if (!vl_error_begin(error)) return VEIL_ERR_INVALID_ARGUMENT;
    if (sanitizer == NULL || out == NULL)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "sanitizer or out is NULL");
    if (capacity == 0 || capacity > CAPACITY_MAX)
        return vl_error_set(error, VEIL_ERR_INVALID_ARGUMENT, 0, "capacity is %u; it goes from 1 to %u", capacity,
                            CAPACITY_MAX);
    const vl_allocator allocator = sanitizer->runtime.allocator;
    veil_queue *queue = vl_alloc_zero(&allocator, 1, queue_bytes(capacity));
    if (queue == NULL)
        return vl_error_set(error, VEIL_ERR_NO_MEMORY, 0, "no memory for a queue of %u completions", capacity);
    queue->allocator = allocator;
    queue->capacity = capacity;
    queue->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (queue->fd < 0) {
        const int reason = errno;
        vl_free(&allocator, queue, queue_bytes(capacity));
        return vl_error_set(error, VEIL_ERR_IO, 0, "eventfd failed with errno %d", reason);
    }
    (void)pthread_mutex_init(&queue->lock, NULL);
    *out = queue;
    return VEIL_OK;
}

int veil_queue_fd(const veil_queue *queue)
{
    return queue == NULL ? -1 : queue->fd;
}

static void release(veil_queue *queue)
{
    const vl_allocator allocator = queue->allocator;
    const size_t size = queue_bytes(queue->capacity);
    (void)pthread_mutex_destroy(&queue->lock);
    (void)close(queue->fd);
    vl_wipe(queue, size);
    vl_free(&allocator, queue, size);
}

void veil_queue_destroy(veil_queue *queue)
{
    if (queue == NULL) return;
    (void)pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    const bool is_last = queue->promised == 0;
    (void)pthread_mutex_unlock(&queue->lock);
    if (is_last) release(queue);
}

bool vl_completions_reserve(veil_queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    const bool has_room = !queue->is_closed && queue->promised + queue->ready < queue->capacity;
    if (has_room) queue->promised++;
    (void)pthread_mutex_unlock(&queue->lock);
    return has_room;
}

void vl_completions_unreserve(veil_queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->promised--;
    (void)pthread_mutex_unlock(&queue->lock);
}

void vl_completions_push(veil_queue *queue, const veil_completion *completion)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->promised--;
    if (!queue->is_closed) {
        queue->ring[(queue->first + queue->ready) % queue->capacity] = *completion;
        if (queue->ready++ == 0) (void)eventfd_write(queue->fd, 1);
    }
    const bool is_last = queue->is_closed && queue->promised == 0;
    (void)pthread_mutex_unlock(&queue->lock);
    if (is_last) release(queue);
}

/* As much as the caller's struct holds; zero in what it has beyond. */
static void copy_out(char *to, size_t size, const veil_completion *from)
{
    const size_t known = sizeof *from;
    memcpy(to, from, size < known ? size : known);
    if (size > known) memset(to + known, 0, size - known);
    memcpy(to, &size, sizeof size);
}

int32_t veil_queue_poll(veil_queue *queue, veil_completion *completions, uint32_t capacity, size_t completion_bytes)
{
    if (queue == NULL || (completions == NULL && capacity != 0)) return VEIL_ERR_INVALID_ARGUMENT;
    if (completion_bytes < COMPLETION_MIN_BYTES || completion_bytes % 8 != 0 || completion_bytes > 65536)
        return VEIL_ERR_INVALID_ARGUMENT;
    (void)pthread_mutex_lock(&queue->lock);
    const uint32_t count = queue->ready < capacity ? queue->ready : capacity;
    for (uint32_t i = 0; i < count; i++) {
        copy_out((char *)completions + i * completion_bytes, completion_bytes, &queue->ring[queue->first]);
        queue->first = (queue->first + 1) % queue->capacity;
    }
    queue->ready -= count;
    if (count != 0 && queue->ready == 0) {
        eventfd_t value = 0;
        (void)eventfd_read(queue->fd, &value);
    }
    (void)pthread_mutex_unlock(&queue->lock);
    return (int32_t)count;
}
