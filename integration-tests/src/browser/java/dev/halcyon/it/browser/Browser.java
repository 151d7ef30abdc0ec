package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.DoubleStream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The installed Chromium without a window, and what every page of Halcyon has to fulfil in it. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<String> GRAVE = Set.of("serious", "critical");

    private final ChromeDriver driver;

    Browser() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed("chromium"));
        // The sandbox needs rights that a container does not have; the pages are our own.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000");
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(installed("chromedriver")).build(), options);
    }

    private static File installed(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program)).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IllegalStateException(program
                        + " is not installed; on Debian: apt-get install chromium chromium-driver"))
                .toFile();
    }

    /** A browser that shows a page from disk, whose scripts have filled it. */
    static Browser at(URI page) {
        Browser browser = new Browser();
        browser.open(page);
        browser.await("the page is filled",
                () -> (Boolean) browser.script("return document.documentElement.dataset.ready === 'true'"));
        return browser;
    }

    void open(URI page) {
        driver.get(page.toString());
    }

    void reload() {
        driver.navigate().refresh();
    }

    WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> elements(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The texts of all matching elements, visible or not. */
    List<String> texts(String selector) {
        return elements(selector).stream().map(element -> element.getDomProperty("textContent")).toList();
    }

    /** Runs the body of an asynchronous function in the page and returns its value. */
    Object script(String body) {
        return driver.executeScript("return (async () => { " + body + " })()");
    }

    /** What a function of a page's script gives, as JSON: the page carries its scripts by name. */
    String call(String module, String call) {
        return (String) script("const module = await import('halcyon/" + module + "'); return JSON.stringify(module."
                + call + ")");
    }

    /** The exact numbers that elements carry in an attribute beside their rounded texts. */
    DoubleStream exact(String selector, String attribute) {
        return elements(selector).stream()
                .mapToDouble(element -> Double.parseDouble(element.getDomAttribute(attribute)));
    }

    /** Scrolls an element into the middle, where nothing covers it. */
    void show(WebElement element) {
        driver.executeScript("arguments[0].scrollIntoView({block: 'center'})", element);
    }

    /** Waits for something to become true, or fails and says what did not. */
    void await(String what, BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE).withMessage(what).until(any -> condition.getAsBoolean());
    }

    /** Shows the page as on a screen of this width, in the light or the dark colours. */
    void show(int width, String colours) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** Writes what the window shows to {@code target/pictures}. */
    void picture(String name) throws IOException {
        Path file = Path.of("target", "pictures", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /** axe-core finds nothing serious, and the page is not wider than the screen. */
    void assertAccessible(String state) {
        List<String> faults = new AxeBuilder().analyze(driver).getViolations().stream()
                .filter(rule -> GRAVE.contains(rule.getImpact())).map(Browser::described).toList();
        assertEquals(List.of(), faults, state);
        assertEquals(0L, script("return Math.max(0, document.scrollingElement.scrollWidth - innerWidth)"),
                () -> state + ": pixels beyond the right edge");
    }

    /** The same in the light and the dark colours, on a phone and on a large screen. */
    void assertAccessibleEverywhere() {
        for (String colours : List.of("light", "dark")) {
            for (int width : new int[] {390, 1400}) {
                show(width, colours);
                assertAccessible(colours + " colours at a width of " + width);
            }
        }
        show(1400, "light");
    }

    private static String described(Rule rule) {
        return rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream().map(node -> node.getHtml()).toList();
    }

    /** Since the last look the console had no warning or error, and every request went where the page came from. */
    void assertQuietAndLocal(URI page) {
        assertEquals(List.of(), driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue()).toList());
        List<String> elsewhere = driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(Browser::message).filter(message -> isRequest(message)).map(Browser::address)
                .filter(address -> !address.startsWith("data:") && !isOf(page, URI.create(address)))
                .toList();
        assertEquals(List.of(), elsewhere);
    }

    /** Whether an address is of the server that the page came from; a page from disk may ask for itself alone. */
    private static boolean isOf(URI page, URI address) {
        return page.getAuthority() == null ? page.getPath().equals(address.getPath())
                : page.getAuthority().equals(address.getAuthority());
    }

    private static JsonObject message(LogEntry entry) {
        return JsonParser.parseString(entry.getMessage()).getAsJsonObject().getAsJsonObject("message");
    }

    private static boolean isRequest(JsonObject message) {
        return message.get("method").getAsString().equals("Network.requestWillBeSent");
    }

    private static String address(JsonObject message) {
        return message.getAsJsonObject("params").getAsJsonObject("request").get("url").getAsString();
    }

    ChromeDriver driver() {
        return driver;
    }

    @Override
    public void close() {
        driver.quit();
    }
}
