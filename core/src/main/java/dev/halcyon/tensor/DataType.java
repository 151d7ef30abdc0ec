package dev.halcyon.tensor;

/** The element types a tensor can have. Stored little-endian, as in memory on every machine Halcyon runs on. */
public enum DataType {
    /** IEEE 754 single precision: the type everything trains in unless said otherwise. */
    FLOAT32(4, "F32"),
    /** IEEE 754 double precision: the reference backend computes gradient checks in it. */
    FLOAT64(8, "F64"),
    /** The upper half of a float32: its range with 8 bits of precision. */
    BFLOAT16(2, "BF16"),
    /** IEEE 754 half precision. */
    FLOAT16(2, "F16"),
    /** Signed 32-bit integers: indices within a row, placements of crops. */
    INT32(4, "I32"),
    /** Signed 64-bit integers: class labels, row indices, counters. */
    INT64(8, "I64"),
    /** Unsigned bytes: pixels. */
    UINT8(1, "U8");

    private final int bytes;
    private final String code;

    DataType(int bytes, String code) {
        this.bytes = bytes;
        this.code = code;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The name that safetensors files give this type, such as {@code F32}. */
    public String code() {
        return code;
    }

    /**
     * The type of the parameters, statistics, sums and losses that go with data of this type: float32 for the 16-bit
     * types, whose few digits would lose the small changes that training consists of (Micikevicius et al. 2018).
     */
    public DataType parameterType() {
        return this == BFLOAT16 || this == FLOAT16 ? FLOAT32 : this;
    }

    /** Whether elements are floating-point numbers. */
    public boolean isFloating() {
        return switch (this) {
            case FLOAT32, FLOAT64, BFLOAT16, FLOAT16 -> true;
            case INT32, INT64, UINT8 -> false;
        };
    }
}
