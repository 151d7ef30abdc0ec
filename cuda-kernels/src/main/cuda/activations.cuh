// Activations by number, for kernels that are told which one follows.
#pragma once

#include "functions.cuh"

// in the order of dev.halcyon.device.Unary
enum Unary {
    IDENTITY,
    RELU,
    RELU6,
    GELU,
    SILU,
    SIGMOID,
    TANH,
    HARD_SWISH,
    HARD_SIGMOID,
    SOFTPLUS,
    EXP,
    LOG,
    SQRT,
    SQUARE,
    RECIPROCAL,
    ABS,
    NEGATE
};

__device__ inline float activated(int unary, float x) {
    switch (unary) {
        case RELU: return relu::value(x);
        case RELU6: return relu6::value(x);
        case GELU: return gelu::value(x);
        case SILU: return silu::value(x);
        case SIGMOID: return logistic::value(x);
        case TANH: return hyperbolic_tangent::value(x);
        case HARD_SWISH: return hard_swish::value(x);
        case HARD_SIGMOID: return hard_sigmoid::value(x);
        case SOFTPLUS: return softplus::value(x);
        case EXP: return exponential::value(x);
        case LOG: return logarithm::value(x);
        case SQRT: return square_root::value(x);
        case SQUARE: return square::value(x);
        case RECIPROCAL: return reciprocal::value(x);
        case ABS: return absolute::value(x);
        case NEGATE: return negative::value(x);
        default: return x;
    }
}
