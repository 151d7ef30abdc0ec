package dev.halcyon.cli;

import dev.halcyon.data.DataException;
import dev.halcyon.device.DeviceException;
import dev.halcyon.io.FormatException;
import dev.halcyon.train.TrainingException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code halcyon}. Exit status: 0 on success, 2 if it was called wrongly, 1 otherwise. */
@Command(name = "halcyon", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
        abbreviateSynopsis = true, scope = ScopeType.INHERIT,
        description = "Trains image classifiers, on NVIDIA GPUs and on CPUs.",
        subcommands = {TrainCommand.class, EvalCommand.class, PredictCommand.class, ExplainCommand.class,
            AnatomyCommand.class, DemoCommand.class, BenchCommand.class, ModelsCommand.class, DataCommand.class,
            DoctorCommand.class})
public final class Main implements Runnable {
    private static final int USAGE = 2;
    private static final int FAILURE = 1;

    @Spec
    private CommandSpec spec;

    /** Called by picocli. */
    public Main() {
    }

    /** Runs one command and ends the process. */
    public static void main(String[] arguments) {
        StandardError.restore();
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /** Runs one command; returns its exit status. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
        line.setParameterExceptionHandler((failure, given) -> misused(failure));
        line.setOverwrittenOptionsAllowed(true);
        try {
            return line.execute(RecipeFile.expand(arguments));
        } catch (FormatException e) {
            err.println("halcyon: " + e.getMessage());
            return FAILURE;
        } catch (OutOfMemoryError e) {
            err.println("halcyon: the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB is too small; give it more with HALCYON_JVM_OPTS=-Xmx8g, or use smaller images or fewer");
            return FAILURE;
        }
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        command.getErr().println("halcyon: " + sentence(failure));
        UnmatchedArgumentException.printSuggestions(failure, command.getErr());
        command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    private static int failed(Exception failure, CommandLine command) {
        OptionSpec debug = command.getCommandSpec().findOption("--debug");
        if (debug != null && Boolean.TRUE.equals(debug.getValue())) {
            failure.printStackTrace(command.getErr());
        }
        command.getErr().println("halcyon: " + sentence(failure));
        return failure instanceof IllegalArgumentException ? USAGE : FAILURE;
    }

    /** What went wrong, as commands say it. */
    static String sentence(Throwable failure) {
        return switch (failure) {
            case UnmatchedArgumentException e -> unmatched(e);
            case ParameterException e -> e.getMessage();
            case DataException e -> e.getMessage();
            case FormatException e -> e.getMessage();
            case TrainingException e -> e.getMessage();
            case DeviceException e -> e.getMessage();
            case IllegalArgumentException e -> e.getMessage();
            case UncheckedIOException e -> sentence(e.getCause());
            case FileSystemException e -> e.getFile() + ": " + reason(e);
            default -> "failed unexpectedly: " + failure + " (run again with --debug to see where)";
        };
    }

    private static String unmatched(UnmatchedArgumentException failure) {
        CommandLine command = failure.getCommandLine();
        String first = failure.getUnmatched().getFirst();
        String kind = failure.isUnknownOption() ? "unknown option"
                : command.getSubcommands().isEmpty() ? "unexpected argument" : "unknown command";
        return kind + " '" + first + "'";
    }

    /** Why a file cannot be used, where Java's own words for it are the name of a class. */
    static String reason(FileSystemException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case FileAlreadyExistsException _ -> "there is a file of that name";
            case AccessDeniedException _ -> "permission denied";
            default -> failure.getReason() != null ? failure.getReason() : failure.getClass().getSimpleName();
        };
    }
}
