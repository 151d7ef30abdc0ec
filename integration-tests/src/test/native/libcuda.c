/*
 * libcuda.so.1 of the emulated GPU: a test instrument that stands in for NVIDIA's driver. What it does on its own is what
 * a driver does without any device; all else is done by whoever attached.
 */

enum { SUCCESS = 0, INVALID_VALUE = 1, NOT_INITIALIZED = 3, NO_DEVICE = 100, NOT_FOUND = 500, NOT_SUPPORTED = 801 };

#define FUNCTIONS "cuda.functions"
#include "functions.h"

static uintptr_t detached(int function) { return function == INDEX_cuInit ? NO_DEVICE : NOT_INITIALIZED; }

static const struct {
    int code;
    const char *name, *text;
} errors[] = {
#define E(code, name, text) {code, #name, text},
#include "cuda.errors"
};

static int describe(int code, const char **target, int by_name) {
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].code == code) {
            *target = by_name ? errors[i].name : errors[i].text;
            return SUCCESS;
        }
    }
    *target = NULL;
    return INVALID_VALUE;
}

EXPORT int cuGetErrorName(int code, const char **name) { return describe(code, name, 1); }

EXPORT int cuGetErrorString(int code, const char **text) { return describe(code, text, 0); }

/* The tables that the CUDA runtime asks for are known to NVIDIA alone: the runtime does not work on this driver. */
EXPORT int cuGetExportTable(const void **table, const void *id) {
    (void)id;
    *table = NULL;
    return NOT_FOUND;
}
