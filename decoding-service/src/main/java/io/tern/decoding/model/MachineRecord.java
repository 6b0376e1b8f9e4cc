package io.tern.decoding.model;

import io.tern.base.Sha256;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/**
 * What was found out about a converted model, kept beside it: one file for each machine, number of threads and release of
 * ONNX Runtime, so that the next start need not find it out again.
 */
final class MachineRecord {
    private static final String CONDITIONS = "conditions";
    private static final int NAME_DIGITS = 16;

    private final Path file;
    private final String conditions;

    /**
     * @param kind what the file's name begins with
     * @param conditions all that the result depends on
     */
    MachineRecord(Path folder, String kind, String conditions) {
        String hash = Sha256.of(conditions);
        this.file = folder.resolve(kind + "-" + hash.substring(0, NAME_DIGITS) + ".properties");
        this.conditions = conditions;
    }

    /** Empty also for a file that makes no sense: finding out again is cheap. */
    Optional<Properties> read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
            return conditions.equals(properties.getProperty(CONDITIONS)) ? Optional.of(properties) : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    void write(Properties properties) throws IOException {
        properties.setProperty(CONDITIONS, conditions);
        Path unfinished = Files.createTempFile(file.getParent(), "record-", ".tmp");
        try (Writer out = Files.newBufferedWriter(unfinished)) {
            properties.store(out, null);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
