// What the kernels of cells and of probabilities share. Vectors are passed between functions that are always inlined, so
// no calling convention is at stake.

#ifndef ROUTEREC_LANES_H
#define ROUTEREC_LANES_H

#include <stdint.h>

#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
typedef float floats_t __attribute__((vector_size(4 * LANES)));
typedef int32_t ints_t __attribute__((vector_size(4 * LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE floats_t splat(float value) { return value - (floats_t){0}; }

INLINE floats_t select_lanes(ints_t condition, floats_t yes, floats_t no) {
  return (floats_t)((condition & (ints_t)yes) | (~condition & (ints_t)no));
}

/// e^−a for a ≥ 0, relative error below 3e-7; arguments beyond 87 give e^−87.
INLINE floats_t exp_negative(floats_t a) {
  floats_t exponent = select_lanes(a > 87.0f, splat(-126.0f), a * -1.44269504f);
  // Adding 1.5·2²³ rounds to an integer and leaves it in the low bits.
  const floats_t magic = splat(12582912.0f);
  floats_t shifted = exponent + magic;
  floats_t fraction = exponent - (shifted - magic);
  // Taylor series of 2^f on |f| ≤ 1/2.
  floats_t power = fraction * 1.54035304e-4f + 1.33335581e-3f;
  power = power * fraction + 9.61812911e-3f;
  power = power * fraction + 5.55041087e-2f;
  power = power * fraction + 0.240226507f;
  power = power * fraction + 0.693147181f;
  power = power * fraction + 1.0f;
  return (floats_t)((ints_t)power + ((ints_t)shifted << 23));
}

#endif
