package dev.halcyon.it.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.it.DashboardRun;
import dev.halcyon.it.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions that the page's scripts export, called in the browser that runs them. */
@Timeout(60)
class ScriptModulesTest {
    @TempDir
    private static Path folder;
    private static DashboardRun training;
    private static Browser browser;

    @BeforeAll
    static void openAPage() throws IOException, InterruptedException {
        training = DashboardRun.start(Pictures.folder(folder.resolve("photos"), 20, 16), folder.resolve("run"),
                "--epochs", "100000");
        browser = new Browser();
        browser.open(training.address());
        browser.element("#pause").click();
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        if (training != null) {
            training.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            format.js    | number(0)                             | "0"
            format.js    | number(0.123456)                      | "0.123"
            format.js    | number(-12.345)                       | "−12.3"
            format.js    | number(12345)                         | "12,345"
            format.js    | number(2500000)                       | "2.5e6"
            format.js    | number(-0.0000123)                    | "−1.2e−5"
            format.js    | number(NaN)                           | "–"
            format.js    | number(null)                          | "–"
            format.js    | probability(0.25)                     | "0.250"
            format.js    | probability(-0.00002)                 | "≈ 0"
            format.js    | probability(0)                        | "0.000"
            format.js    | percent(0.0449)                       | "4.5 %"
            format.js    | percent(undefined)                    | "–"
            bands.js     | likeliest([[4, 0.2], [7, 0.5], [1, 0.3]]) | [7,0.5]
            confusion.js | shares([[3, 1], [0, 0]])              | [[0.75,0.25],[0,0]]
            thinning.js  | merged([1, 2, null], [3, 4, 5])       | [3,3,5]
            thinning.js  | thinned([[1, 2], [2, 4], [3, 9]], 4)  | [[1,2],[2,4],[3,9]]
            thinning.js  | thinned([[1, 2], [2, 4], [3, 9]], 3)  | [[2,3],[3,9]]
            layers.js    | outline([0, 4, 2])                    | "M0 1L0 1L1 1L1 0L2 0L2 0.5L3 0.5L3 1Z"
            layers.js    | inWords({low: -1, high: 1, counts: [0, 0, 3, 1]}) | "from −1 to 1, most near 0.25"
            """, quoteCharacter = '`')
    void itsFunctionsAnswer(String module, String call, String expected) {
        assertEquals(expected, browser.script("return import('./" + module + "').then(module => JSON.stringify(module."
                + call + "))"));
    }
}
