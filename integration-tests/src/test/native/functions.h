/*
 * What the stand-in libraries share: each function of a list becomes a C function that puts its arguments into an array of
 * 64-bit words and hands them, with its place in the list, to whoever attached (the emulator, in Java).
 *
 * Integers and pointers travel in such words on every 64-bit ABI that JCuda knows; 32-bit arguments leave the upper half of
 * theirs undefined. Numbers in floating point and structures are never passed by value to a function of the lists.
 *
 * To be set before this is read: FUNCTIONS, the file of the list, and NOT_SUPPORTED.
 */
#include <stddef.h>
#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))

typedef uintptr_t (*dispatcher)(int function, const uintptr_t *arguments);

static dispatcher attached;

/* Hands every later call to a dispatcher; NULL detaches it. */
EXPORT void emulated_gpu_attach(dispatcher to) { attached = to; }

#define F(name, arity) INDEX_##name,
#define N(name)
enum {
#include FUNCTIONS
};
#undef F

/* The names of the functions, by their place in the list; NULL ends them. */
#define F(name, arity) #name,
EXPORT const char *const emulated_gpu_functions[] = {
#include FUNCTIONS
    NULL,
};
#undef F
#undef N

#define P0 void
#define P1 uintptr_t a
#define P2 P1, uintptr_t b
#define P3 P2, uintptr_t c
#define P4 P3, uintptr_t d
#define P5 P4, uintptr_t e
#define P6 P5, uintptr_t f
#define P7 P6, uintptr_t g
#define P11 P7, uintptr_t h, uintptr_t i, uintptr_t j, uintptr_t k
#define P14 P11, uintptr_t l, uintptr_t m, uintptr_t n
#define P18 P14, uintptr_t o, uintptr_t p, uintptr_t q, uintptr_t r
#define P19 P18, uintptr_t s
#define P23 P19, uintptr_t t, uintptr_t u, uintptr_t v, uintptr_t w

#define A0 0
#define A1 a
#define A2 A1, b
#define A3 A2, c
#define A4 A3, d
#define A5 A4, e
#define A6 A5, f
#define A7 A6, g
#define A11 A7, h, i, j, k
#define A14 A11, l, m, n
#define A18 A14, o, p, q, r
#define A19 A18, s
#define A23 A19, t, u, v, w

/* What a function answers while nothing is attached. */
static uintptr_t detached(int function);

#define F(name, arity)                                                                                                   \
    EXPORT uintptr_t name(P##arity) {                                                                                    \
        const uintptr_t arguments[] = {A##arity};                                                                        \
        return attached ? attached(INDEX_##name, arguments) : detached(INDEX_##name);                                    \
    }
#define N(name)                                                                                                          \
    EXPORT uintptr_t name(void) { return NOT_SUPPORTED; }

#include FUNCTIONS
