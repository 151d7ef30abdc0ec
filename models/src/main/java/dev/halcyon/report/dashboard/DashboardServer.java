package dev.halcyon.report.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Serves the page, its pictures, its events and its controls, a virtual thread for each request. Everything lies below
 * {@code /TOKEN/}: whoever does not know the token finds nothing.
 */
final class DashboardServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;
    private static final int UNAVAILABLE = 503;
    private static final int LARGEST_COMMAND = 1024;
    /** Viewers are sent several events at once: waking for each of them would cost more than sending it. */
    private static final long PACE_MILLIS = 500;
    private static final long FAREWELL_MILLIS = 1000;
    private static final long END_SECONDS = 5;
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Access access;
    private final Feed feed;
    private final UnaryOperator<String> commands;
    private final String host;
    private final Map<String, PageFile> files = new ConcurrentHashMap<>(PageFile.all());

    /**
     * Starts to serve.
     *
     * @param host name or address to be reached under
     * @param port 0 for any that is free
     * @param commands takes a command that a viewer gave and returns what is wrong with it, or an empty text
     * @throws IllegalArgumentException if the port is taken or the host is not this machine's
     */
    DashboardServer(String host, int port, Feed feed, UnaryOperator<String> commands) throws IOException {
        this.host = host;
        this.feed = feed;
        this.commands = commands;
        this.server = bind(host, port);
        this.access = new Access(host, server.getAddress());
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("halcyon-dashboard-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer bind(String host, int port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("--dashboard-host: there is no host " + host + "; use an address of this"
                    + " machine, or 0.0.0.0 for all of them");
        }
        try {
            return HttpServer.create(address, 0);
        } catch (BindException e) {
            throw new IllegalArgumentException("--dashboard: port " + port + " of " + host + " cannot be used ("
                    + e.getMessage() + "); another program may have it: choose another port, or give none to take one"
                    + " that is free", e);
        }
    }

    /** Where the page is. */
    URI address() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create("http://" + name + ":" + server.getAddress().getPort() + "/" + access.token() + "/");
    }

    /** Adds a picture to the page's files. */
    void addPicture(String name, byte[] png) {
        files.put(name, new PageFile("image/png", png));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().substring(1).split("/", 2);
            boolean steering = exchange.getRequestMethod().equals("POST");
            if (!access.isOwn(exchange.getRequestHeaders(), steering)) {
                answer(exchange, FORBIDDEN, "this page is for its own origin alone; open the address that was printed");
            } else if (path.length < 2 || !access.isToken(path[0])) {
                answer(exchange, NOT_FOUND, "nothing here; open the whole address that was printed");
            } else if (steering) {
                steer(exchange, path[1]);
            } else if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, METHOD_NOT_ALLOWED, "expected GET or POST");
            } else if (path[1].equals("events")) {
                follow(exchange);
            } else {
                serve(exchange, Optional.ofNullable(files.get(path[1])));
            }
        }
    }

    private void serve(HttpExchange exchange, Optional<PageFile> file) throws IOException {
        if (file.isEmpty()) {
            answer(exchange, NOT_FOUND, "there is no such file");
        } else {
            answer(exchange, OK, file.get());
        }
    }

    private void steer(HttpExchange exchange, String path) throws IOException {
        if (!path.equals("control")) {
            answer(exchange, NOT_FOUND, "controls are at control");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_COMMAND + 1);
        if (body.length > LARGEST_COMMAND) {
            answer(exchange, TOO_LARGE, "expected a command of at most " + LARGEST_COMMAND + " bytes");
            return;
        }
        String problem = commands.apply(new String(body, StandardCharsets.UTF_8));
        answer(exchange, problem.isEmpty() ? OK : BAD_REQUEST, problem);
    }

    private static void answer(HttpExchange exchange, int status, String message) throws IOException {
        answer(exchange, status, new PageFile("text/plain; charset=utf-8", message.getBytes(StandardCharsets.UTF_8)));
    }

    private static void answer(HttpExchange exchange, int status, PageFile file) throws IOException {
        head(exchange, file.type());
        exchange.sendResponseHeaders(status, file.content().length == 0 ? -1 : file.content().length);
        exchange.getResponseBody().write(file.content());
    }

    private static void head(HttpExchange exchange, String type) {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", POLICY);
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
    }

    private void follow(HttpExchange exchange) throws IOException {
        Optional<Viewer> joined = feed.join();
        if (joined.isEmpty()) {
            answer(exchange, UNAVAILABLE, "there are " + Feed.MOST_VIEWERS + " viewers already");
            return;
        }
        Viewer viewer = joined.get();
        try {
            head(exchange, "text/event-stream");
            exchange.sendResponseHeaders(OK, 0);
            OutputStream out = exchange.getResponseBody();
            for (List<Event> events = feed.next(viewer); !events.isEmpty(); events = feed.next(viewer)) {
                for (Event event : events) {
                    out.write(event.bytes());
                }
                out.flush();
                Thread.sleep(PACE_MILLIS);
            }
            out.close(); // before leaving: once all have left, the server cuts connections
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            feed.leave(viewer);
        }
    }

    /** Lets viewers read to the end, for a moment, and ends all connections and threads. */
    @Override
    public void close() {
        feed.end();
        try {
            feed.awaitLeaving(FAREWELL_MILLIS);
            server.stop(0);
            threads.shutdownNow();
            threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            server.stop(0);
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
