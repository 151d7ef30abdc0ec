package dev.halcyon.report.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final Access HERE = new Access("127.0.0.1", new InetSocketAddress("127.0.0.1", 8000));
    private static final Access EVERYWHERE = new Access("0.0.0.0", new InetSocketAddress("0.0.0.0", 8000));

    @Test
    void onlyNamesOfThisServerAreAnswered() {
        for (String host : new String[] {"127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"}) {
            assertTrue(HERE.isOwn(headers("Host", host), false), host);
        }
        for (String host : new String[] {"evil.example:8000", "127.0.0.1", "127.0.0.1:80",
            "127.0.0.1.evil.example:8000",
            "192.168.1.7:8000", ""}) {
            assertFalse(HERE.isOwn(headers("Host", host), false), host);
        }
        assertFalse(HERE.isOwn(new Headers(), false));
    }

    @Test
    void aServerForAllAddressesIsKnownByNumbersAndNotByNames() {
        assertTrue(EVERYWHERE.isOwn(headers("Host", "192.168.1.7:8000"), false));
        assertTrue(EVERYWHERE.isOwn(headers("Host", "[fe80::1]:8000"), false));
        assertFalse(EVERYWHERE.isOwn(headers("Host", "evil.example:8000"), false));
    }

    @Test
    void otherOriginsMayNotEvenLook() {
        String host = "127.0.0.1:8000";
        assertTrue(HERE.isOwn(headers("Host", host, "Origin", "http://127.0.0.1:8000"), true));
        for (String origin : new String[] {"http://evil.example", "http://127.0.0.1:8001", "https://127.0.0.1:8000",
            "null", "http://localhost:8000"}) {
            assertFalse(HERE.isOwn(headers("Host", host, "Origin", origin), false), origin);
            assertFalse(HERE.isOwn(headers("Host", host, "Origin", origin), true), origin);
        }
    }

    @Test
    void steeringNeedsAnOrigin() {
        assertTrue(HERE.isOwn(headers("Host", "127.0.0.1:8000"), false));
        assertFalse(HERE.isOwn(headers("Host", "127.0.0.1:8000"), true));
    }

    @Test
    void tokensCannotBeGuessed() {
        assertNotEquals(HERE.token(), EVERYWHERE.token());
        assertEquals(24, HERE.token().length());
        assertTrue(HERE.isToken(HERE.token()));
        assertFalse(HERE.isToken(HERE.token().substring(1)));
        assertFalse(HERE.isToken(""));
    }

    private static Headers headers(String... pairs) {
        Headers headers = new Headers();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }
}
