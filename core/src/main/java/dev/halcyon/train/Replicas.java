package dev.halcyon.train;

import dev.halcyon.autograd.Tape;
import dev.halcyon.autograd.ops.Elementwise;
import dev.halcyon.data.HostBatch;
import dev.halcyon.device.Backend;
import dev.halcyon.loss.Loss;
import dev.halcyon.nn.Dropout;
import dev.halcyon.nn.Model;
import dev.halcyon.nn.Parameter;
import dev.halcyon.optim.Optimizer;
import dev.halcyon.tensor.Shape;
import dev.halcyon.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Copies of one model on several devices, which learn together: each computes the gradient of its part of a batch, the
 * parts' gradients are added up on the first device in the order of the devices, and every copy moves along the sum. So
 * all copies have the same bits at any time, and the step is that of the whole batch on one device, but for rounding and
 * for batch norms, whose statistics are those of a part.
 *
 * <p>What belongs to the first copy alone (running statistics) is what is evaluated and saved.
 */
final class Replicas implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final List<Replica> replicas = new ArrayList<>();
    private final Loss loss;

    /** A copy, and the thread that alone uses its device while all work. */
    private static final class Replica {
        private final Model model;
        private final Optimizer optimizer;
        private final ExecutorService thread;
        /** Those of all parameters, side by side. */
        private final Tensor gradients;
        private Tape tape;
        private Tensor logits;
        private Tensor share;

        Replica(Model model, Optimizer optimizer) {
            this.model = model;
            this.optimizer = optimizer;
            gradients = sideBySide(model.network().parameters().stream().filter(Parameter::isLearned)
                    .map(Parameter::tensor).toList());
            thread = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("halcyon-replica-" + model.device()).factory());
        }

        Backend backend() {
            return model.device().backend();
        }

        /** Has the gradients of tensors collected in one, which copies and sums need not know the parts of. */
        private static Tensor sideBySide(List<Tensor> tensors) {
            long elements = tensors.stream().mapToLong(tensor -> whole(tensor.shape().elements())).sum();
            Tensor all = Tensor.zeros(tensors.getFirst().device(), tensors.getFirst().type(), Shape.of(elements));
            long first = 0;
            for (Tensor tensor : tensors) {
                tensor.trackGradientIn(all, first);
                first += whole(tensor.shape().elements());
            }
            return all;
        }

        /** Each begins at a multiple of so many elements, as tensors of their own would. */
        private static long whole(long elements) {
            return Math.ceilDiv(elements, ALIGNMENT) * ALIGNMENT;
        }

        void step(Runnable work) {
            model.device().step(work);
        }

        /** The part's answers, and its share of the batch's loss. */
        void answer(HostBatch part, Loss loss, double weight) {
            tape = model.device().record();
            logits = model.forward(model.prepare(part));
            share = Elementwise.scale(weight, loss.of(logits, model.labels(part)));
        }

        void close() {
            if (tape != null) {
                tape.close();
                tape = null;
            }
        }
    }

    /**
     * The copies.
     *
     * @param model the first, with its optimiser, which the caller closes
     * @param others on other devices; their parameters are overwritten
     */
    Replicas(Model model, Optimizer optimizer, List<Model> others, Optimizer.Settings settings, Loss loss) {
        this.loss = loss;
        replicas.add(new Replica(model, optimizer));
        others.forEach(other -> replicas.add(new Replica(other, settings.on(other.network().parameters()))));
    }

    /** Gives every copy the state of the first. */
    void synchronize() {
        Replica first = replicas.getFirst();
        for (Replica other : replicas.subList(1, replicas.size())) {
            Map<String, Tensor> state = other.optimizer.state();
            first.optimizer.state().forEach((name, tensor) -> copy(first, tensor, other, state.get(name)));
            other.optimizer.steps(first.optimizer.steps());
            List<Parameter> parameters = other.model.network().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                copy(first, first.model.network().parameters().get(i).tensor(), other, parameters.get(i).tensor());
            }
        }
        alignDraws();
    }

    private static void copy(Replica from, Tensor source, Replica to, Tensor destination) {
        to.backend().copyFrom(from.backend(), source.view(), destination.view());
    }

    /** Dropout of all copies goes on where the first's does, which is what a checkpoint keeps. */
    private void alignDraws() {
        List<Dropout> first = dropouts(replicas.getFirst());
        for (Replica other : replicas) {
            List<Dropout> own = dropouts(other);
            for (int i = 0; i < own.size(); i++) {
                own.get(i).drawn(first.get(i).drawn());
            }
        }
    }

    private static List<Dropout> dropouts(Replica replica) {
        return replica.model.network().modules().stream().filter(Dropout.class::isInstance).map(Dropout.class::cast)
                .toList();
    }

    /**
     * Takes a step.
     *
     * @param answered is told of each part and its logits, before any gradient is computed
     * @param gradientsKnown is called when the first copy has the gradients of the whole batch
     * @param lossKnown is given the batch's mean loss on the first device
     */
    void learn(HostBatch batch, double rate, BiConsumer<HostBatch, Tensor> answered, Runnable gradientsKnown,
            Consumer<Tensor> lossKnown) {
        List<HostBatch> parts = batch.split(replicas.size());
        List<Replica> busy = replicas.subList(0, parts.size());
        try {
            all(busy, replica -> {
                HostBatch part = parts.get(replicas.indexOf(replica));
                replica.step(() -> replica.answer(part, loss, (double) part.size() / batch.size()));
            });
            busy.forEach(replica -> answered.accept(parts.get(replicas.indexOf(replica)), replica.logits));
            all(busy, replica -> replica.step(() -> replica.tape.backward(replica.share)));
            addGradients(busy);
            gradientsKnown.run();
            lossKnown.accept(totalLoss(busy));
            all(replicas, replica -> replica.step(() -> replica.optimizer.step(rate)));
            alignDraws();
        } finally {
            all(busy, Replica::close);
        }
    }

    /** The gradients of all parts, added on the first device in the devices' order, and handed to every copy. */
    private void addGradients(List<Replica> busy) {
        Replica first = replicas.getFirst();
        busy.subList(1, busy.size()).forEach(other -> add(other, other.gradients, first.gradients));
        replicas.subList(1, replicas.size())
                .forEach(other -> copy(first, first.gradients, other, other.gradients));
    }

    /** Adds what another device has to what the first has. */
    private void add(Replica other, Tensor term, Tensor sum) {
        Replica first = replicas.getFirst();
        try (Tensor copy = Tensor.empty(sum.device(), sum.type(), sum.shape())) {
            copy(other, term, first, copy);
            first.backend().scaleAdd(1, copy.view(), 1, sum.view());
        }
    }

    private Tensor totalLoss(List<Replica> busy) {
        Tensor total = busy.getFirst().share;
        busy.subList(1, busy.size()).forEach(other -> add(other, other.share, total));
        return total;
    }

    /** Runs work for each copy on its own thread, and waits for all of it. */
    private static void all(List<Replica> replicas, Consumer<Replica> work) {
        List<Future<?>> running = new ArrayList<>();
        replicas.forEach(replica -> running.add(replica.thread.submit(() -> work.accept(replica))));
        Throwable failure = null;
        for (Future<?> future : running) {
            Throwable own = failure(future);
            failure = failure != null ? failure : own;
        }
        switch (failure) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Why a copy's work failed, or null. An interrupt does not end the wait: the work would use memory given back. */
    private static Throwable failure(Future<?> work) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    work.get();
                    return null;
                } catch (ExecutionException e) {
                    return e.getCause();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the threads and releases the other copies' optimisers. The parameters keep their gradients. */
    @Override
    public void close() {
        replicas.forEach(replica -> replica.thread.close());
        replicas.subList(1, replicas.size()).forEach(other -> other.optimizer.close());
        replicas.forEach(replica -> replica.gradients.close());
    }
}
