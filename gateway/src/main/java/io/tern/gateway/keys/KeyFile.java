package io.tern.gateway.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of keys: a line for each, {@code NAME SHA256 [LIMIT=NUMBER ...]}; {@code #} begins a remark. */
final class KeyFile {
    private KeyFile() {}

    /** @throws IllegalArgumentException for a line that is none, with its number */
    static List<ApiKey> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                try {
                    keys.add(key(line.split("\\s+")));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ", line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return keys;
    }

    private static ApiKey key(String[] words) {
        if (words.length < 2 || !words[1].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("no key (expected: NAME SHA256 [LIMIT=NUMBER ...])");
        }
        Map<String, Integer> settings = new LinkedHashMap<>();
        for (int i = 2; i < words.length; i++) {
            String[] setting = words[i].split("=", 2);
            if (setting.length != 2 || !setting[1].matches("[1-9][0-9]{0,8}")) {
                throw new IllegalArgumentException(words[i] + " (expected: LIMIT=NUMBER, from 1 on)");
            }
            settings.put(setting[0], Integer.parseInt(setting[1]));
        }
        KeyLimits limits = KeyLimits.of(settings);
        if (!settings.isEmpty()) {
            throw new IllegalArgumentException(settings.keySet().iterator().next()
                    + " (expected: requests-per-minute, steps, pixels or pictures)");
        }
        return new ApiKey(words[0], words[1], limits);
    }
}
