package io.tern.machine;

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
 * What was found out about a model on this machine, kept in a file so that the next start need not find it out again: one
 * for each set of conditions.
 */
public final class MachineRecord {
    private static final String CONDITIONS = "conditions";
    private static final int NAME_DIGITS = 16;

    private final Path file;
    private final String conditions;

    /**
     * @param kind what the file's name begins with
     * @param conditions all that the result depends on
     */
    public MachineRecord(Path folder, String kind, String conditions) {
        String hash = Sha256.of(conditions);
        this.file = folder.resolve(kind + "-" + hash.substring(0, NAME_DIGITS) + ".properties");
        this.conditions = conditions;
    }

    /** Empty also for a file that makes no sense: finding out again is cheap. */
    public Optional<Properties> read() throws IOException {
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

    public void write(Properties properties) throws IOException {
        properties.setProperty(CONDITIONS, conditions);
        Files.createDirectories(file.getParent());
        Path unfinished = Files.createTempFile(file.getParent(), "record-", ".tmp");
        try (Writer out = Files.newBufferedWriter(unfinished)) {
            properties.store(out, null);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
