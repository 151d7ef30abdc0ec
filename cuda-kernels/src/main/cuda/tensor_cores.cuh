// The instructions of compute_80 that tensor cores need, under names: asynchronous copies, fragments, products.
//
// A fragment is a small matrix spread over the registers of a warp. Lane l has of each matrix of 8 rows of 16 bytes the
// word l % 4 of row l / 4; of a product, row l / 4 (and 8 more), columns 2 (l % 4) and the next.
#pragma once

// Starts to copy 16 bytes to shared memory, or zeros from null; `any` is some address in global memory.
__device__ inline void copyAsync(char* to, const void* from, const void* any) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"((unsigned)__cvta_generic_to_shared(to)),
                 "l"(from ? from : any), "r"(from ? 16 : 0)
                 : "memory");
}

// Ends a group of copies, which may be empty.
__device__ inline void commitCopies() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most N groups of this thread's copies are under way.
template <int N> __device__ void awaitCopies() {
    asm volatile("cp.async.wait_group %0;" ::"n"(N) : "memory");
}

// Four matrices of 8 rows of 16 bytes; lane l gives the address of row l % 8 of matrix l / 8.
__device__ inline void loadMatrices(unsigned (&x)[4], const char* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
                 : "r"((unsigned)__cvta_generic_to_shared(row))
                 : "memory");
}

// The same, each matrix of 8 x 8 halves of a word transposed.
__device__ inline void loadTransposed(unsigned (&x)[4], const char* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(x[0]), "=r"(x[1]), "=r"(x[2]), "=r"(x[3])
                 : "r"((unsigned)__cvta_generic_to_shared(row))
                 : "memory");
}

// To nearest with 10 bits of fraction, ties away from zero.
__device__ inline unsigned toTf32(unsigned x) {
    unsigned rounded;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(__uint_as_float(x)));
    return rounded;
}

// Two numbers as bfloat16, to nearest, ties to even.
__device__ inline unsigned toBfloat16s(float low, float high) {
    unsigned rounded;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(rounded) : "f"(high), "f"(low));
    return rounded;
}

// c += a b for 16 x 8 (TF32) by 8 x 8.
__device__ inline void addTf32(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// c += a b for 16 x 16 (bfloat16) by 16 x 8.
__device__ inline void addBfloat16(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}
