#ifndef ROUTEREC_VECTOR_KERNELS_H
#define ROUTEREC_VECTOR_KERNELS_H

#include <stdint.h>

/// What becomes of z, the model's number for a cell with the response y and the weight w, 1 where there are none.
enum routerec_cell_function {
  /// w·(y − σ(z)); the loss is −w·log p(y) = w·(max(z, 0) − y·z + log(1 + e^−|z|)).
  ROUTEREC_LOGISTIC_RESIDUAL,
  /// w·σ(z)·(1 − σ(z)).
  ROUTEREC_LOGISTIC_CURVATURE,
  /// w·(1 + gain·y)·(y − z); the loss is ½·w·(1 + gain·y)·(y − z)².
  ROUTEREC_SQUARED_RESIDUAL,
  /// w·(1 + gain·y)·z.
  ROUTEREC_WEIGHTED,
};

/// The processors that the kernels are compiled for, each able to run those before it.
enum routerec_processor {
  ROUTEREC_ANY,
  ROUTEREC_AVX2,
  ROUTEREC_AVX512,
};

/// The last of them that this machine is.
enum routerec_processor routerec_this_processor(void);

/// Replaces z by a function of it for `count` cells, at most 512 and with room for whole groups of 16.
///
/// Responses are bits, the highest of a byte first, or floats; `observed` has a bit for each cell, or is null where
/// none is missing; `weights` has a finite number ≥ 0 for each observed cell, or is null where all are 1. Missing cells,
/// and those beyond `count` in the last group, become 0. Returns the loss of the observed cells, where it is wanted
/// and the function has one, else 0.
double routerec_change_cells(
    enum routerec_processor processor, enum routerec_cell_function function, float gain, float *z,
    const uint8_t *bits, const float *floats, const uint8_t *observed, const float *weights, int count,
    int wants_loss);

/// The columns of a panel of `routerec_multiply`.
#define ROUTEREC_PANEL 64

/// C = A·B for row-major A, rows × inner, and C, rows × columns; each element is summed in the order of its terms.
///
/// B, inner × columns, is cut into panels of 64 columns, one after the other: inner × 64 numbers, row-major, the last
/// panel filled up with zeros.
void routerec_multiply(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    float *c);

/// Scores Z = A·B + biases and probabilities P = σ(slope·Z + intercept), both rows × columns; P to 3e-7 of itself.
void routerec_score(
    enum routerec_processor processor, const float *a, int rows, int inner, const float *panels, int columns,
    const float *biases, float slope, float intercept, float *z, float *p);

/// What is looked for among numbers.
enum routerec_sought {
  /// An infinity or a NaN.
  ROUTEREC_NOT_FINITE,
  /// A number outside [low, high], or a NaN.
  ROUTEREC_OUTSIDE,
  /// A number inside [low, high].
  ROUTEREC_INSIDE,
};

/// The place of the first such number from a place on; `count` where there is none.
long routerec_find(
    enum routerec_processor processor, enum routerec_sought what, const float *values, long from, long count,
    float low, float high);

/// The highest of one or more numbers, none of them a NaN.
float routerec_highest(enum routerec_processor processor, const float *values, long count);

#endif
