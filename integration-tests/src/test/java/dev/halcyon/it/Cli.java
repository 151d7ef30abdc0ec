package dev.halcyon.it;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import dev.halcyon.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs commands in this process and keeps what they say. */
public record Cli(int status, String out, String err) {
    /** Runs one command. */
    public static Cli run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = arguments[i].toString();
        }
        int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
        return new Cli(status, out.toString(), err.toString());
    }

    /** What was said on standard output, which is one JSON document. */
    public JsonElement json() {
        return new Gson().fromJson(out, JsonElement.class);
    }
}
