/* PASO_CLONES before a function over lanes: compile it again for wider vectors and let the loader
 * choose. Only speed depends on it, never a bit. Elsewhere (clang 14 gives such functions a second
 * name, sanitizers run before the choice is made, WebAssembly has no loader) one version serves. */
#ifndef PASO_RANDOM_CLONES_H
#define PASO_RANDOM_CLONES_H

#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__OPTIMIZE__) &&                      \
    !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PASO_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define PASO_CLONES
#endif

/* The same for a function whose loops over lanes stand in static helpers: without being drawn into
 * it, those would be compiled once, for the narrowest vectors. */
#define PASO_CLONES_WHOLE PASO_CLONES __attribute__((flatten))

#endif
