package dev.halcyon.report.dashboard;

import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;

/**
 * One server-sent event, as bytes that all viewers share.
 *
 * @param name by which the page listens for it
 * @param bytes as they go over the wire
 */
record Event(String name, byte[] bytes) {
    /** A comment, which keeps a connection alive and shows whether there still is one. */
    static final Event HEARTBEAT = new Event("", ":\n\n".getBytes(StandardCharsets.UTF_8));

    /** An event whose data is a JSON document, which has no line feeds. */
    static Event of(String name, JsonElement data) {
        return new Event(name, ("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
}
