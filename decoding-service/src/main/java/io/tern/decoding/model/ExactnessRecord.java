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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the probe found, kept beside the converted model: one file for each machine, number of threads and release of
 * ONNX Runtime, so that the next start need not probe again.
 */
final class ExactnessRecord {
    private static final String CONDITIONS = "conditions";
    private static final String BIT_EXACT = "bit_exact";
    private static final String MINIMUM_ROWS = "minimum_rows";
    private static final int NAME_DIGITS = 16;

    private final Path file;
    private final String conditions;

    /** @param conditions all that the result depends on */
    ExactnessRecord(Path folder, String conditions) {
        String hash = Sha256.of(conditions);
        this.file = folder.resolve("exactness-" + hash.substring(0, NAME_DIGITS) + ".properties");
        this.conditions = conditions;
    }

    Exactness readOr(Supplier<Exactness> probe) throws IOException {
        Optional<Exactness> known = read();
        if (known.isPresent()) {
            return known.get();
        }
        Exactness found = probe.get();
        write(found);
        return found;
    }

    /** Empty also for a file that makes no sense: probing again is cheap. */
    private Optional<Exactness> read() throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
            @Nullable String exact = properties.getProperty(BIT_EXACT);
            int rows = Integer.parseInt(properties.getProperty(MINIMUM_ROWS, ""));
            return exact == null || !conditions.equals(properties.getProperty(CONDITIONS))
                    ? Optional.empty()
                    : Optional.of(new Exactness(Boolean.parseBoolean(exact), rows));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private void write(Exactness found) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(CONDITIONS, conditions);
        properties.setProperty(BIT_EXACT, Boolean.toString(found.bitExact()));
        properties.setProperty(MINIMUM_ROWS, Integer.toString(found.minimumRows()));
        Path unfinished = Files.createTempFile(file.getParent(), "exactness-", ".tmp");
        try (Writer out = Files.newBufferedWriter(unfinished)) {
            properties.store(out, null);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
