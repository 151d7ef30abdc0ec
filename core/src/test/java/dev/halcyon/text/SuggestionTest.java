package dev.halcyon.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("lenet", "resnet9", "resnet18", "convnet");

    @Test
    void slipsOfTheFingerAreUnderstood() {
        assertEquals(Optional.of("resnet18"), Suggestion.nearest("resnet81", KNOWN));
        assertEquals(Optional.of("lenet"), Suggestion.nearest("LeNte", KNOWN));
        assertEquals(Optional.of("convnet"), Suggestion.nearest("covnet", KNOWN));
        assertEquals(Optional.empty(), Suggestion.nearest("transformer", KNOWN));
    }

    @Test
    void messagesListWhatThereIs() {
        assertEquals("; did you mean 'lenet'? (known: lenet, resnet9, resnet18, convnet)",
                Suggestion.among("lnet", KNOWN));
        assertEquals(" (known: lenet, resnet9, resnet18, convnet)", Suggestion.among("transformer", KNOWN));
    }
}
