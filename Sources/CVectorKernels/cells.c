// The same source is compiled for three kinds of processor, and the best one that the machine has is chosen at run
// time: Swift has no way to do that, and code for the oldest processor alone costs a sweep twice its time.

#include "CVectorKernels.h"
#include "lanes.h"

#include <math.h>
#include <string.h>

/// All ones in the lanes whose bit is set, the highest of the first byte first.
INLINE ints_t lanes_of_bits(unsigned bits) {
  const ints_t place = {0x8000, 0x4000, 0x2000, 0x1000, 0x800, 0x400, 0x200, 0x100,
                        0x80,   0x40,   0x20,   0x10,   0x8,   0x4,   0x2,   0x1};
  return ((ints_t){0} + (int32_t)bits & place) != 0;
}

/// The two bytes of a group of cells; the second may not be there.
INLINE unsigned two_bytes(const uint8_t *bytes, int group, int count) {
  unsigned high = bytes[2 * group];
  unsigned low = LANES * group + 8 < count ? bytes[2 * group + 1] : 0;
  return high << 8 | low;
}

/// log(1 + x) for x in [0, 1], relative error below 3e-7.
INLINE floats_t log_one_plus(floats_t x) {
  // Twice the area hyperbolic tangent of s = x / (2 + x) ≤ 1/3, whose series has odd powers only.
  floats_t s = x / (x + 2.0f);
  floats_t square = s * s;
  floats_t series = square * 6.66666667e-2f + 7.69230769e-2f;
  series = series * square + 9.09090909e-2f;
  series = series * square + 0.111111111f;
  series = series * square + 0.142857143f;
  series = series * square + 0.2f;
  series = series * square + 0.333333333f;
  series = series * square + 1.0f;
  return 2.0f * s * series;
}

INLINE double change_cells(
    enum routerec_cell_function function, float gain, float *z, const uint8_t *bits, const float *floats,
    const uint8_t *observed, const float *weights, int count, int wants_loss) {
  floats_t linear = splat(0.0f);
  // At most 32 factors 1 + e^−a ≤ 2 a lane stay inside a float's range, which leaves one logarithm at the end.
  floats_t product = splat(1.0f);
  for (int group = 0; LANES * group < count; group++) {
    floats_t value, y = splat(0.0f);
    int rest = count - LANES * group;
    memcpy(&value, z + LANES * group, sizeof value);
    if (bits) {
      y = select_lanes(lanes_of_bits(two_bytes(bits, group, count)), splat(1.0f), y);
    } else if (floats) {
      memcpy(&y, floats + LANES * group, rest < LANES ? 4 * (size_t)rest : sizeof y);
    }
    floats_t own = splat(0.0f);
    if (weights) memcpy(&own, weights + LANES * group, rest < LANES ? 4 * (size_t)rest : sizeof own);
    floats_t result, loss = splat(0.0f), factor = splat(1.0f);
    if (function == ROUTEREC_LOGISTIC_RESIDUAL || function == ROUTEREC_LOGISTIC_CURVATURE) {
      ints_t positive = value >= 0.0f;
      floats_t small = exp_negative(select_lanes(positive, value, -value));
      factor = small + 1.0f;
      floats_t larger = 1.0f / factor;
      if (function == ROUTEREC_LOGISTIC_CURVATURE) {
        result = small * larger * larger;
      } else {
        result = y - select_lanes(positive, larger, small * larger);
        loss = select_lanes(positive, value, splat(0.0f)) - y * value;
        if (weights && wants_loss) {
          // A weight of 1 leaves its factor to the product, and so changes no bit.
          ints_t plain = own == 1.0f;
          loss = own * loss + select_lanes(plain, splat(0.0f), own * log_one_plus(small));
          factor = select_lanes(plain, factor, splat(1.0f));
        }
      }
      if (weights) result *= own;
    } else {
      floats_t weight = 1.0f + gain * y;
      if (weights) weight *= own;
      result = weight * (function == ROUTEREC_WEIGHTED ? value : y - value);
      loss = 0.5f * result * (y - value);
    }
    if (observed || rest < LANES) {
      unsigned seen = observed ? two_bytes(observed, group, count) : 0xFFFFu;
      if (rest < LANES) seen &= 0xFFFF0000u >> rest;
      ints_t lanes = lanes_of_bits(seen);
      result = (floats_t)(lanes & (ints_t)result);
      loss = (floats_t)(lanes & (ints_t)loss);
      factor = select_lanes(lanes, factor, splat(1.0f));
    }
    memcpy(z + LANES * group, &result, sizeof result);
    if (wants_loss) {
      linear += loss;
      product *= factor;
    }
  }
  if (!wants_loss || function == ROUTEREC_LOGISTIC_CURVATURE || function == ROUTEREC_WEIGHTED) return 0.0;
  double sum = 0.0, factors = 1.0;
  for (int lane = 0; lane < LANES; lane++) {
    sum += linear[lane];
    factors *= product[lane];
  }
  return sum + log(factors);
}

// Whether there are weights is settled when this is compiled: cells without any pay nothing for those with.
#define DEFINE_CHANGE(name, attributes)                                                                        \
  attributes static double name(                                                                               \
      enum routerec_cell_function function, float gain, float *z, const uint8_t *bits, const float *floats,    \
      const uint8_t *observed, int count, int wants_loss) {                                                    \
    switch (function) {                                                                                        \
    case ROUTEREC_LOGISTIC_RESIDUAL:                                                                           \
      if (bits && !observed && !wants_loss)                                                                    \
        return change_cells(ROUTEREC_LOGISTIC_RESIDUAL, gain, z, bits, 0, 0, 0, count, 0);                     \
      return change_cells(ROUTEREC_LOGISTIC_RESIDUAL, gain, z, bits, floats, observed, 0, count, wants_loss);  \
    case ROUTEREC_LOGISTIC_CURVATURE:                                                                          \
      return change_cells(ROUTEREC_LOGISTIC_CURVATURE, gain, z, bits, floats, observed, 0, count, wants_loss); \
    case ROUTEREC_SQUARED_RESIDUAL:                                                                            \
      return change_cells(ROUTEREC_SQUARED_RESIDUAL, gain, z, bits, floats, observed, 0, count, wants_loss);   \
    case ROUTEREC_WEIGHTED:                                                                                    \
      return change_cells(ROUTEREC_WEIGHTED, gain, z, bits, floats, observed, 0, count, wants_loss);           \
    }                                                                                                          \
    return 0.0;                                                                                                \
  }                                                                                                            \
  attributes static double name##_weighted(                                                                    \
      enum routerec_cell_function function, float gain, float *z, const uint8_t *bits, const float *floats,    \
      const uint8_t *observed, const float *weights, int count, int wants_loss) {                              \
    switch (function) {                                                                                        \
    case ROUTEREC_LOGISTIC_RESIDUAL:                                                                           \
      return change_cells(                                                                                     \
          ROUTEREC_LOGISTIC_RESIDUAL, gain, z, bits, floats, observed, weights, count, wants_loss);            \
    case ROUTEREC_LOGISTIC_CURVATURE:                                                                          \
      return change_cells(                                                                                     \
          ROUTEREC_LOGISTIC_CURVATURE, gain, z, bits, floats, observed, weights, count, wants_loss);           \
    case ROUTEREC_SQUARED_RESIDUAL:                                                                            \
      return change_cells(                                                                                     \
          ROUTEREC_SQUARED_RESIDUAL, gain, z, bits, floats, observed, weights, count, wants_loss);             \
    case ROUTEREC_WEIGHTED:                                                                                    \
      return change_cells(ROUTEREC_WEIGHTED, gain, z, bits, floats, observed, weights, count, wants_loss);     \
    }                                                                                                          \
    return 0.0;                                                                                                \
  }

DEFINE_CHANGE(change_cells_portable, )

#ifdef __x86_64__
DEFINE_CHANGE(change_cells_avx2, __attribute__((target("avx2,fma"))))
DEFINE_CHANGE(change_cells_avx512, __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))))
#endif

enum routerec_processor routerec_this_processor(void) {
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return ROUTEREC_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return ROUTEREC_AVX2;
#endif
  return ROUTEREC_ANY;
}

double routerec_change_cells(
    enum routerec_processor processor, enum routerec_cell_function function, float gain, float *z,
    const uint8_t *bits, const float *floats, const uint8_t *observed, const float *weights, int count,
    int wants_loss) {
#ifdef __x86_64__
  if (processor == ROUTEREC_AVX512)
    return weights
        ? change_cells_avx512_weighted(function, gain, z, bits, floats, observed, weights, count, wants_loss)
        : change_cells_avx512(function, gain, z, bits, floats, observed, count, wants_loss);
  if (processor == ROUTEREC_AVX2)
    return weights
        ? change_cells_avx2_weighted(function, gain, z, bits, floats, observed, weights, count, wants_loss)
        : change_cells_avx2(function, gain, z, bits, floats, observed, count, wants_loss);
#endif
  return weights
      ? change_cells_portable_weighted(function, gain, z, bits, floats, observed, weights, count, wants_loss)
      : change_cells_portable(function, gain, z, bits, floats, observed, count, wants_loss);
}
