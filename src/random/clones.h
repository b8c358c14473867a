/* PASO_CLONES before a function over lanes: compile it again for wider vectors and let the loader
 * choose. Only speed depends on it, never a bit; sanitizers dislike the loader's choosing, and
 * other systems and WebAssembly choose when they are compiled. */
#ifndef PASO_RANDOM_CLONES_H
#define PASO_RANDOM_CLONES_H

#if defined(__SANITIZE_ADDRESS__)
#define PASO_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PASO_SANITIZED 1
#endif
#endif

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__OPTIMIZE__) &&                      \
    !defined(PASO_SANITIZED) && !defined(__AVX2__) && !defined(__clang__)
#define PASO_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define PASO_CLONES
#endif

#endif
