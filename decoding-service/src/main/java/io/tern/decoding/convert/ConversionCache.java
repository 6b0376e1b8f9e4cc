package io.tern.decoding.convert;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Converted models, one folder each, named by the hash of the source, the precision and the converter's version. A folder
 * appears whole or not at all, is checked against its manifest before it is used, and is made again if it is damaged.
 * Safe for use by several threads and processes.
 */
public final class ConversionCache {
    /** A file lock excludes other processes only; this one excludes the threads of ours. */
    private static final Object LOCK = new Object();

    private final Path folder;

    public ConversionCache(Path folder) {
        this.folder = folder;
    }

    /**
     * The model of a file or folder: takes seconds the first time, then as long as hashing what it was converted to.
     *
     * @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built
     */
    public ConvertedModel convert(ModelSource source, Precision precision) throws IOException {
        String name = source.key() + "-" + precision.wireName() + "-" + ModelConverter.VERSION;
        Path target = folder(name, unfinished -> {
            try (DecoderCheckpoint checkpoint = source.open()) {
                ModelConverter.convert(checkpoint, precision, unfinished);
            }
        });
        return new ConvertedModel(target, source.sha256());
    }

    /**
     * The same model with keys and values that are kept as int8. Its unchanged one is converted for it and run once.
     *
     * @param scales asked where the conversion is not there yet
     * @param version what the scales depend on beside the model
     * @throws TernException INVALID_ARGUMENT as {@link #convert(ModelSource, Precision)}
     */
    public ConvertedModel convert(ModelSource source, Precision precision, KvScales.Source scales, String version)
            throws IOException {
        String name = Sha256.of(source.key() + version) + "-kv8-" + precision.wireName() + "-" + ModelConverter.VERSION;
        // Found before the lock is taken, which others need for their conversions; whether it is whole is seen there.
        Optional<KvScales> found = Files.exists(folder.resolve(name))
                ? Optional.empty()
                : Optional.of(scales.of(convert(source, precision)));
        Path target = folder(name, unfinished -> {
            KvScales steps = found.isPresent() ? found.get() : scales.of(convert(source, precision));
            try (DecoderCheckpoint checkpoint = source.open()) {
                ModelConverter.convert(checkpoint, precision, steps, unfinished);
            }
        });
        return new ConvertedModel(target, source.sha256());
    }

    /**
     * A smaller model made of a part of one, as {@link #convert(ModelSource, Precision)}.
     *
     * @throws TernException INVALID_ARGUMENT if the part does not fit the model
     */
    public ConvertedModel convert(ModelSource source, Precision precision, ModelPart part) throws IOException {
        String name = Sha256.of(source.key() + part.identity()) + "-part-" + precision.wireName() + "-"
                + ModelConverter.VERSION;
        Path target = folder(name, unfinished -> {
            try (DecoderCheckpoint checkpoint = part.of(source.open())) {
                ModelConverter.convert(checkpoint, precision, unfinished);
            }
        });
        return new ConvertedModel(target, source.sha256());
    }

    /** A folder for what is found out about a model that needs no conversion. */
    public Path facts(String sha256) throws IOException {
        return Files.createDirectories(folder.resolve(sha256 + "-facts"));
    }

    /** Fills a new folder, the manifest included. */
    @FunctionalInterface
    interface Conversion {
        void write(Path folder) throws IOException;
    }

    /** The folder of this name, made if it is not there whole. */
    Path folder(String name, Conversion conversion) throws IOException {
        Path target = folder.resolve(name);
        Files.createDirectories(folder);
        synchronized (LOCK) {
            try (FileChannel channel = openLock(name);
                    FileLock _ = channel.lock()) {
                if (!Manifest.holds(target)) {
                    make(conversion, target);
                }
            }
        }
        return target;
    }

    private FileChannel openLock(String name) throws IOException {
        return FileChannel.open(folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Whoever holds the lock may delete what a process that died has left. */
    private void make(Conversion conversion, Path target) throws IOException {
        Path unfinished = folder.resolve(target.getFileName() + ".tmp");
        delete(unfinished);
        delete(target);
        Files.createDirectory(unfinished);
        try {
            conversion.write(unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(unfinished);
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(tree)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
