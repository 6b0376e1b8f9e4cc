package io.tern.serving;

import io.tern.base.TernException;
import io.tern.model.v1.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The models of a service: those of the catalogue, which stay, and those that people bring, which come and go while
 * requests run. Safe for use by many threads.
 *
 * @param <T> what a request needs of a model
 */
public final class LoadedModels<T> implements ModelLoading, AutoCloseable {
    private final ServedModels served;
    private final Function<BroughtModel, LoadedModel<T>> opener;
    private final Map<String, Place<T>> places = new HashMap<>(); // guarded by this
    /** One at a time: a model that is replaced stays in memory beside it, for as long as requests use it. */
    private final Lock loading = new ReentrantLock();

    private final ExecutorService leaving = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param served is told what comes and goes
     * @param opener makes a model that people bring run, or throws INVALID_ARGUMENT
     */
    public LoadedModels(ServedModels served, Function<BroughtModel, LoadedModel<T>> opener) {
        this.served = served;
        this.opener = opener;
    }

    /** Serves a model of the catalogue. */
    public void add(LoadedModel<T> model) {
        var _ = put(new Place<>(model, null));
    }

    /**
     * The model that is meant, for one request; empty means the default one.
     *
     * @throws TernException MODEL_NOT_FOUND
     */
    public synchronized Lease<T> lease(String id) {
        return place(id).lease();
    }

    @Override
    public Model load(BroughtModel brought, boolean replace) {
        @Nullable Place<T> before;
        LoadedModel<T> model;
        loading.lock();
        try {
            requireFree(brought, replace);
            TernException.require(
                    Files.exists(brought.path()), "path", brought.path(), "a file or folder that is there");
            model = opener.apply(brought);
            before = put(new Place<>(model, brought.path()));
        } finally {
            loading.unlock();
        }
        if (before != null) {
            leave(before);
        }
        return model.description();
    }

    @Override
    public void unload(String name) {
        leave(take(name));
    }

    /** Whether there is a model of this name among them. */
    public synchronized boolean has(String name) {
        return places.containsKey(name);
    }

    @Override
    public synchronized boolean serves(Model model) {
        Place<T> place = places.get(model.getId());
        return place != null && place.model.description() == model; // and not one that is equal
    }

    /** A request may go on for hours, and nobody is to wait for it. */
    private void leave(Place<T> place) {
        leaving.execute(place::closeWhenUnused);
    }

    /** Waits until no request is open. */
    @Override
    public void close() {
        Map<String, Place<T>> all;
        synchronized (this) {
            all = Map.copyOf(places);
            places.clear();
            all.keySet().forEach(served::remove);
        }
        all.values().forEach(Place::closeWhenUnused);
        leaving.close();
    }

    /** Among the models here: a service may serve others beside. */
    private synchronized Place<T> place(String id) {
        String resolved = served.resolve("model", id, model -> places.containsKey(model.getId()));
        return Objects.requireNonNull(places.get(resolved), "a served model is not loaded");
    }

    private synchronized void requireFree(BroughtModel brought, boolean replace) {
        Place<T> taken = places.get(brought.name());
        if (taken == null) {
            TernException.require(
                    !served.has(brought.name()),
                    "name",
                    brought.name() + ", which is served as something else",
                    "a name that is free");
            return;
        }
        if (brought.path().equals(taken.origin)) {
            return;
        }
        if (taken.origin == null) {
            throw TernException.invalid("name", brought.name() + ", which is the catalogue's", "a name that is free");
        }
        TernException.require(
                replace,
                "name",
                brought.name() + ", which is the model at " + taken.origin,
                "a name that is free, or that this is to replace it");
    }

    private synchronized @Nullable Place<T> put(Place<T> place) {
        Model description = place.model.description();
        served.add(description);
        return places.put(description.getId(), place);
    }

    private synchronized Place<T> take(String name) {
        TernException.require(!name.isEmpty(), "name", name, "a model's name");
        Place<T> place = place(name);
        TernException.require(place.origin != null, "name", name, "a model that was brought; the catalogue's stay");
        served.remove(name);
        places.remove(name);
        return place;
    }

    /** A model and how many use it. */
    private static final class Place<T> {
        private final LoadedModel<T> model;
        private final @Nullable Path origin; // null: the catalogue
        private int leases; // guarded by this

        Place(LoadedModel<T> model, @Nullable Path origin) {
            this.model = model;
            this.origin = origin;
        }

        synchronized Lease<T> lease() {
            leases++;
            return new Lease<>(model.description().getId(), model.model(), this::giveBack);
        }

        private synchronized void giveBack() {
            leases--;
            notifyAll();
        }

        /** For who has taken it out of the list, so that no lease can be added. */
        void closeWhenUnused() {
            awaitUnused();
            model.close().run();
        }

        private synchronized void awaitUnused() {
            boolean interrupted = false;
            while (leases > 0) {
                try {
                    wait();
                } catch (InterruptedException _) {
                    interrupted = true; // freeing what is in use would end the process
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
