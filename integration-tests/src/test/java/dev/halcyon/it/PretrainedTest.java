package dev.halcyon.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Weights trained elsewhere, in PyTorch, give the accuracy here that they were measured to have. */
class PretrainedTest {
    @Test
    void resnet20ClassifiesCifarAsMeasuredElsewhere() {
        Cli eval = Cli.run("eval", SharedData.require("pretrained/resnet20-cifar10.safetensors"), "--model", "resnet20",
                "--data", SharedData.require("cifar10-jpeg.tar.gz"), "--json");
        assertEquals(0, eval.status(), eval.err());
        assertEquals(10_000, eval.json().getAsJsonObject().get("images").getAsInt());
        assertEquals(0.8103, eval.json().getAsJsonObject().get("top1").getAsDouble(), 0.0003);
    }
}
