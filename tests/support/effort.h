/*
 * How often a test repeats what it could do once: as written in plain builds; under sanitizers, which look for other defects
 * and take 3 to 10 times as long, every TEST_STRIDE-th round alone.
 */
#ifndef VL_TESTS_EFFORT_H
#define VL_TESTS_EFFORT_H

#if defined(__SANITIZE_THREAD__)
#define TEST_STRIDE 10
#elif defined(__SANITIZE_ADDRESS__)
#define TEST_STRIDE 5
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TEST_STRIDE 10
#endif
#endif
#ifndef TEST_STRIDE
#define TEST_STRIDE 1
#endif

#endif
