package dev.halcyon.report.dashboard;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Requests with whatever headers a test wants, even those that Java's client sees to by itself. Of HTTP 1.0, in which
 * answers are not cut into chunks.
 */
record RawHttp(String name, int port) {
    RawHttp(URI page) {
        this(page.getHost(), page.getPort());
    }

    String host() {
        return name + ":" + port;
    }

    String origin() {
        return "http://" + host();
    }

    String get(String path) throws IOException {
        return request("GET", path, host(), null, "");
    }

    String post(String path, String body) throws IOException {
        return request("POST", path, host(), origin(), body);
    }

    /** The whole answer, with its status and headers. */
    String request(String method, String path, String host, String origin, String body) throws IOException {
        try (Socket socket = new Socket(name, port)) {
            send(socket, method, path, host, origin, body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static void send(Socket socket, String method, String path, String host, String origin, String body)
            throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.0\r\nHost: " + host + "\r\n"
                + (origin == null ? "" : "Origin: " + origin + "\r\n") + "Content-Length: " + content.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(content);
        socket.getOutputStream().flush();
    }
}
