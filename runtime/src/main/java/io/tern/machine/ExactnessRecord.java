package io.tern.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the probe of a model found, so that the next start need not probe again. */
public final class ExactnessRecord {
    private static final String BIT_EXACT = "bit_exact";
    private static final String MINIMUM_ROWS = "minimum_rows";

    private final MachineRecord record;

    /** @param conditions all that the result depends on */
    public ExactnessRecord(Path folder, String conditions) {
        this.record = new MachineRecord(folder, "exactness", conditions);
    }

    public Exactness readOr(Supplier<Exactness> probe) throws IOException {
        Optional<Exactness> known = record.read().flatMap(ExactnessRecord::parse);
        if (known.isPresent()) {
            return known.get();
        }
        Exactness found = probe.get();
        Properties properties = new Properties();
        properties.setProperty(BIT_EXACT, Boolean.toString(found.bitExact()));
        properties.setProperty(MINIMUM_ROWS, Integer.toString(found.minimumRows()));
        record.write(properties);
        return found;
    }

    private static Optional<Exactness> parse(Properties properties) {
        @Nullable String exact = properties.getProperty(BIT_EXACT);
        try {
            int rows = Integer.parseInt(properties.getProperty(MINIMUM_ROWS, ""));
            return exact == null ? Optional.empty() : Optional.of(new Exactness(Boolean.parseBoolean(exact), rows));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
