// Looking for one number among many: a loop that may end at every element is not made into vectors by a compiler.

#include "CVectorKernels.h"
#include "lanes.h"

#include <string.h>

INLINE ints_t is_sought(enum routerec_sought what, floats_t value, float low, float high) {
  switch (what) {
  case ROUTEREC_NOT_FINITE: return ((ints_t)value & 0x7F800000) == 0x7F800000;
  case ROUTEREC_OUTSIDE: return ~((value >= low) & (value <= high));
  case ROUTEREC_INSIDE: return (value >= low) & (value <= high);
  }
  return (ints_t){0};
}

INLINE long find(enum routerec_sought what, const float *values, long from, long count, float low, float high) {
  long place = from;
  for (; place + LANES <= count; place += LANES) {
    floats_t value;
    memcpy(&value, values + place, sizeof value);
    if (__builtin_reduce_or(is_sought(what, value, low, high))) break;
  }
  for (; place < count; place++) {
    if (is_sought(what, splat(values[place]), low, high)[0]) return place;
  }
  return count;
}

INLINE float highest(const float *values, long count) {
  floats_t best = splat(values[0]);
  long place = 0;
  for (; place + LANES <= count; place += LANES) {
    floats_t value;
    memcpy(&value, values + place, sizeof value);
    best = select_lanes(value > best, value, best);
  }
  float result = best[0];
  for (int lane = 1; lane < LANES; lane++) result = best[lane] > result ? best[lane] : result;
  for (; place < count; place++) result = values[place] > result ? values[place] : result;
  return result;
}

// What is looked for is settled when this is compiled.
#define DEFINE_SCANS(suffix, attributes)                                                                       \
  attributes static long find_##suffix(                                                                        \
      enum routerec_sought what, const float *values, long from, long count, float low, float high) {          \
    switch (what) {                                                                                            \
    case ROUTEREC_NOT_FINITE: return find(ROUTEREC_NOT_FINITE, values, from, count, low, high);                \
    case ROUTEREC_OUTSIDE: return find(ROUTEREC_OUTSIDE, values, from, count, low, high);                      \
    case ROUTEREC_INSIDE: return find(ROUTEREC_INSIDE, values, from, count, low, high);                        \
    }                                                                                                          \
    return count;                                                                                              \
  }                                                                                                            \
  attributes static float highest_##suffix(const float *values, long count) { return highest(values, count); }

DEFINE_SCANS(portable, )

#ifdef __x86_64__
DEFINE_SCANS(avx2, __attribute__((target("avx2,fma"))))
DEFINE_SCANS(avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))))
#endif

long routerec_find(
    enum routerec_processor processor, enum routerec_sought what, const float *values, long from, long count,
    float low, float high) {
#ifdef __x86_64__
  if (processor == ROUTEREC_AVX512) return find_avx512(what, values, from, count, low, high);
  if (processor == ROUTEREC_AVX2) return find_avx2(what, values, from, count, low, high);
#endif
  return find_portable(what, values, from, count, low, high);
}

float routerec_highest(enum routerec_processor processor, const float *values, long count) {
#ifdef __x86_64__
  if (processor == ROUTEREC_AVX512) return highest_avx512(values, count);
  if (processor == ROUTEREC_AVX2) return highest_avx2(values, count);
#endif
  return highest_portable(values, count);
}
