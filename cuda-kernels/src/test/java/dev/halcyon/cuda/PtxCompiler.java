package dev.halcyon.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompileResult;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** Compiles PTX for an architecture: by the compiler inside JCuda, or by the toolkit's ptxas. */
final class PtxCompiler {
    private static final int SUCCESS = nvPTXCompileResult.NVPTXCOMPILE_SUCCESS;

    static {
        Natives.load(() -> JNvPTXCompiler.setExceptionsEnabled(false));
    }

    private PtxCompiler() {
    }

    /** Without a toolkit; knows the architectures up to sm_90. */
    static Map<String, KernelUse> compile(String ptx, Architecture architecture) {
        byte[] text = ptx.getBytes(StandardCharsets.UTF_8);
        nvPTXCompilerHandle compiler = new nvPTXCompilerHandle();
        assertEquals(SUCCESS, JNvPTXCompiler.nvPTXCompilerCreate(compiler, text.length,
                Arrays.copyOf(text, text.length + 1)));
        try {
            String[] options = {"--gpu-name=" + architecture.option(), "--verbose"};
            int result = JNvPTXCompiler.nvPTXCompilerCompile(compiler, options.length, options);
            assertEquals(SUCCESS, result, () -> errors(compiler));
            return KernelUse.parse(information(compiler));
        } finally {
            JNvPTXCompiler.nvPTXCompilerDestroy(compiler);
        }
    }

    private static String errors(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetErrorLog(compiler, log);
        return new String(log, StandardCharsets.UTF_8);
    }

    private static String information(nvPTXCompilerHandle compiler) {
        long[] size = new long[1];
        JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(compiler, size);
        byte[] log = new byte[(int) size[0] + 1];
        JNvPTXCompiler.nvPTXCompilerGetInfoLog(compiler, log);
        return new String(log, StandardCharsets.UTF_8);
    }

    /** By ptxas, which has to be there. */
    static Map<String, KernelUse> compileWithToolkit(String ptx, Architecture architecture, Path folder)
            throws IOException, InterruptedException {
        Path source = Files.writeString(folder.resolve("kernels.ptx"), ptx);
        String log = Tool.run(folder, "ptxas", "--verbose", "--gpu-name=" + architecture.option(), "--output-file",
                folder.resolve("kernels.cubin").toString(), source.toString());
        return KernelUse.parse(log);
    }
}
