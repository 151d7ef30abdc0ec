package dev.halcyon.report.dashboard;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A viewer without a page: reads the server's events one after the other. */
final class EventReader implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader reader;

    /** An event. */
    record Message(String name, JsonElement data) {
    }

    private EventReader(Socket socket) throws IOException {
        this.socket = socket;
        this.reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    static EventReader connect(URI page) throws IOException {
        Socket socket = new Socket(page.getHost(), page.getPort());
        RawHttp.send(socket, "GET", page.getPath() + "events", page.getHost() + ":" + page.getPort(), null, "");
        return new EventReader(socket);
    }

    /** The next event; null at the end. */
    Message next() throws IOException {
        String name = null;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                return new Message(name, JsonParser.parseString(line.substring("data: ".length())));
            }
        }
        return null;
    }

    /** All events up to the first of a name that is as wanted. */
    List<Message> until(String name, Predicate<JsonElement> wanted) throws IOException {
        List<Message> messages = new ArrayList<>();
        for (Message message = next(); message != null; message = next()) {
            messages.add(message);
            if (message.name().equals(name) && wanted.test(message.data())) {
                return messages;
            }
        }
        throw new IOException("the events ended before " + name + " came: " + messages);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
