// Products whose elements are summed one term after the other, whatever stands beside them. A library's product chooses
// its kernel by the shape, so that a query alone and the same query among a thousand would differ in the last bits.

#include "CVectorKernels.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define VECTORS (ROUTEREC_PANEL / LANES)
typedef float floats_t __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

/// Sums of so many terms are added to the element: one sum of thousands would lose digits.
#define TERMS 256

/// Some rows times one panel; `height` is settled when this is compiled, so that all sums stay in registers.
INLINE void tile(int height, const float *a, int inner, const float *panel, int width, float *c, int columns) {
  for (int first = 0; first < inner || first == 0; first += TERMS) {
    const int last = inner - first < TERMS ? inner : first + TERMS;
    floats_t sums[8][VECTORS];
    for (int row = 0; row < height; row++)
      for (int vector = 0; vector < VECTORS; vector++) sums[row][vector] = (floats_t){0};
    for (int term = first; term < last; term++) {
      floats_t values[VECTORS];
      memcpy(values, panel + (long)ROUTEREC_PANEL * term, sizeof values);
      for (int row = 0; row < height; row++) {
        const float factor = a[(long)row * inner + term];
        for (int vector = 0; vector < VECTORS; vector++) sums[row][vector] += factor * values[vector];
      }
    }
    const unsigned long bytes = sizeof(float) * (unsigned long)width;
    for (int row = 0; row < height; row++) {
      if (first > 0) {
        floats_t before[VECTORS];
        memset(before, 0, sizeof before);
        memcpy(before, c + (long)row * columns, bytes);
        for (int vector = 0; vector < VECTORS; vector++) sums[row][vector] += before[vector];
      }
      memcpy(c + (long)row * columns, sums[row], bytes);
    }
  }
}

#define DEFINE_PRODUCTS(name, attributes, HEIGHT)                                                              \
  attributes static void name(                                                                                 \
      const float *a, int rows, int inner, const float *panels, int columns, float *c) {                       \
    for (int first = 0; first < columns; first += ROUTEREC_PANEL) {                                            \
      const float *panel = panels + (long)first * inner;                                                       \
      const int width = columns - first < ROUTEREC_PANEL ? columns - first : ROUTEREC_PANEL;                   \
      int row = 0;                                                                                             \
      for (; row + HEIGHT <= rows; row += HEIGHT)                                                              \
        tile(HEIGHT, a + (long)row * inner, inner, panel, width, c + (long)row * columns + first, columns);    \
      for (; row < rows; row++)                                                                                \
        tile(1, a + (long)row * inner, inner, panel, width, c + (long)row * columns + first, columns);         \
    }                                                                                                          \
  }

DEFINE_PRODUCTS(products_portable, , 1)

#ifdef __x86_64__
DEFINE_PRODUCTS(products_avx2, __attribute__((target("avx2,fma"))), 1)
DEFINE_PRODUCTS(products_avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), 6)
#endif

void routerec_multiply(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    float *c) {
#ifdef __x86_64__
  if (processor == ROUTEREC_AVX512) return products_avx512(a, rows, inner, panels, columns, c);
  if (processor == ROUTEREC_AVX2) return products_avx2(a, rows, inner, panels, columns, c);
#endif
  products_portable(a, rows, inner, panels, columns, c);
}
