// Products whose elements are summed one term after the other, whatever stands beside them. A library's product chooses
// its kernel by the shape, so that a query alone and the same query among a thousand would differ in the last bits.

#include "CVectorKernels.h"
#include "lanes.h"

#include <string.h>

#define VECTORS (ROUTEREC_PANEL / LANES)

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

/// What becomes of sums when they are scores.
struct ending {
  const float *biases;
  float slope, intercept;
  float *p;
};

/// A score is its sum and a bias; its probability σ(slope·score + intercept).
INLINE floats_t finish_group(floats_t *z, floats_t bias, float slope, float intercept) {
  *z += bias;
  const floats_t odds = slope * *z + intercept;
  const ints_t positive = odds >= 0.0f;
  const floats_t small = exp_negative(select_lanes(positive, odds, -odds));
  const floats_t larger = 1.0f / (small + 1.0f);
  return select_lanes(positive, larger, small * larger);
}

/// Makes scores and probabilities of a tile while it is in the nearest cache.
INLINE void finish(int height, struct ending end, int first, int width, float *z, long offset, int columns) {
  for (int row = 0; row < height; row++) {
    float *scores = z + offset + (long)row * columns;
    float *probabilities = end.p + offset + (long)row * columns;
    for (int start = 0; start < width; start += LANES) {
      floats_t value = {0}, bias = {0};
      if (width - start >= LANES) {
        memcpy(&value, scores + start, sizeof value);
        memcpy(&bias, end.biases + first + start, sizeof bias);
        const floats_t p = finish_group(&value, bias, end.slope, end.intercept);
        memcpy(scores + start, &value, sizeof value);
        memcpy(probabilities + start, &p, sizeof p);
      } else {
        const unsigned long bytes = sizeof(float) * (unsigned long)(width - start);
        memcpy(&value, scores + start, bytes);
        memcpy(&bias, end.biases + first + start, bytes);
        const floats_t p = finish_group(&value, bias, end.slope, end.intercept);
        memcpy(scores + start, &value, bytes);
        memcpy(probabilities + start, &p, bytes);
      }
    }
  }
}

INLINE void products(
    int most, const float *a, int rows, int inner, const float *panels, int columns, float *c,
    const struct ending *end) {
  for (int first = 0; first < columns; first += ROUTEREC_PANEL) {
    const float *panel = panels + (long)first * inner;
    const int width = columns - first < ROUTEREC_PANEL ? columns - first : ROUTEREC_PANEL;
    int row = 0;
    for (; row + most <= rows; row += most) {
      const long offset = (long)row * columns + first;
      tile(most, a + (long)row * inner, inner, panel, width, c + offset, columns);
      if (end) finish(most, *end, first, width, c, offset, columns);
    }
    for (; row < rows; row++) {
      const long offset = (long)row * columns + first;
      tile(1, a + (long)row * inner, inner, panel, width, c + offset, columns);
      if (end) finish(1, *end, first, width, c, offset, columns);
    }
  }
}

#define DEFINE_PRODUCTS(name, attributes, HEIGHT)                                                              \
  attributes static void name(                                                                                 \
      const float *a, int rows, int inner, const float *panels, int columns, float *c,                         \
      const struct ending *end) {                                                                              \
    if (end)                                                                                                   \
      products(HEIGHT, a, rows, inner, panels, columns, c, end);                                               \
    else                                                                                                       \
      products(HEIGHT, a, rows, inner, panels, columns, c, 0);                                                 \
  }

DEFINE_PRODUCTS(products_portable, , 1)

#ifdef __x86_64__
DEFINE_PRODUCTS(products_avx2, __attribute__((target("avx2,fma"))), 1)
DEFINE_PRODUCTS(products_avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), 6)
#endif

static void multiply(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    float *c, const struct ending *end) {
#ifdef __x86_64__
  if (processor == ROUTEREC_AVX512) return products_avx512(a, rows, inner, panels, columns, c, end);
  if (processor == ROUTEREC_AVX2) return products_avx2(a, rows, inner, panels, columns, c, end);
#endif
  products_portable(a, rows, inner, panels, columns, c, end);
}

void routerec_multiply(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    float *c) {
  multiply(processor, a, rows, inner, panels, columns, c, 0);
}

void routerec_score(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    const float *biases, float slope, float intercept, float *z, float *p) {
  const struct ending end = {biases, slope, intercept, p};
  multiply(processor, a, rows, inner, panels, columns, z, &end);
}
