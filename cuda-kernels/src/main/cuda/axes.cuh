// Positions in two tensors at once, by one index. dev.halcyon.cuda.Axes makes the descriptions.
#pragma once

constexpr int MAX_AXES = 8;

// Division of numbers below 2^31 by a fixed one, as a multiplication (Granlund and Montgomery 1994): a division would
// cost some twenty instructions.
struct Divisor {
    unsigned value;
    unsigned factor;
    unsigned shift;
    unsigned unused;

    __device__ unsigned quotient(unsigned n) const {
        return (__umulhi(n, factor) + n) >> shift;
    }
};

// One axis: its extent, and how far its neighbours are apart in each tensor; 0 where a tensor is stretched.
struct Axis {
    Divisor extent;
    long long a;
    long long b;
};

// Row-major axes, outermost first; an index is below 2^31.
struct Axes {
    int count;
    int unused;
    Axis axis[MAX_AXES];

    __device__ void offsets(unsigned index, long long& a, long long& b) const {
        a = 0;
        b = 0;
#pragma unroll 1
        for (int k = count - 1; k > 0; k--) {
            unsigned rest = axis[k].extent.quotient(index);
            unsigned position = index - rest * axis[k].extent.value;
            a += position * axis[k].a;
            b += position * axis[k].b;
            index = rest;
        }
        a += index * axis[0].a;
        b += index * axis[0].b;
    }
};
