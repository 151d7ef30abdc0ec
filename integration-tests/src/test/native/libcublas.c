/* libcublas.so.12 of the emulated GPU: a test instrument that stands in for NVIDIA's cuBLAS. */

enum { NOT_INITIALIZED = 1, NOT_SUPPORTED = 15, CUDART_VERSION = 12060 };

#define FUNCTIONS "cublas.functions"
#include "functions.h"

static uintptr_t detached(int function) {
    (void)function;
    return NOT_INITIALIZED;
}

static const struct {
    int code;
    const char *name, *text;
} statuses[] = {
#define E(code, name, text) {code, #name, text},
#include "cublas.errors"
};

static const char *describe(int code, int by_name) {
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (statuses[i].code == code) {
            return by_name ? statuses[i].name : statuses[i].text;
        }
    }
    return "unknown status";
}

EXPORT const char *cublasGetStatusName(int code) { return describe(code, 1); }

EXPORT const char *cublasGetStatusString(int code) { return describe(code, 0); }

EXPORT size_t cublasGetCudartVersion(void) { return CUDART_VERSION; }
