package dev.halcyon.report.dashboard;

import com.sun.net.httpserver.Headers;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;

/**
 * Who may look and steer: whoever knows the token, which is in the address that was printed, from a page that this server
 * sent. Other sites that are open in the same browser cannot, even if they make their name resolve to this machine.
 */
final class Access {
    private static final int TOKEN_BYTES = 18;

    private final String token;
    private final String host;
    private final boolean everyAddress;
    private final int port;

    /**
     * Access to a server.
     *
     * @param host as it was asked for
     * @param address to which the server is bound
     */
    Access(String host, InetSocketAddress address) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        this.host = host.toLowerCase(Locale.ROOT);
        this.everyAddress = address.getAddress().isAnyLocalAddress();
        this.port = address.getPort();
    }

    /** The secret part of the page's address. */
    String token() {
        return token;
    }

    boolean isToken(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether a request was addressed to this server under a name of its own, and not sent by another site's page.
     *
     * @param steering whether it is to change something: then its origin must be given
     */
    boolean isOwn(Headers headers, boolean steering) {
        String asked = headers.getFirst("Host");
        if (asked == null || !isOwnHost(asked.toLowerCase(Locale.ROOT))) {
            return false;
        }
        String origin = headers.getFirst("Origin");
        return origin == null ? !steering : origin.equalsIgnoreCase("http://" + asked);
    }

    private boolean isOwnHost(String asked) {
        String suffix = ":" + port;
        if (!asked.endsWith(suffix)) {
            return false;
        }
        String name = asked.substring(0, asked.length() - suffix.length());
        return name.equals(host) || name.equals("[" + host + "]") || name.equals("localhost")
                || name.equals("127.0.0.1") || name.equals("[::1]") || everyAddress && isNumeric(name);
    }

    /** A name that no name server has a say in. */
    private static boolean isNumeric(String name) {
        return name.matches("\\d+\\.\\d+\\.\\d+\\.\\d+") || name.matches("\\[[0-9a-f:.]+]");
    }
}
