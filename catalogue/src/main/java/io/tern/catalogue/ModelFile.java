package io.tern.catalogue;

/**
 * One file of a model.
 *
 * @param path relative path below the model's folder, with forward slashes
 * @param source where it comes from
 * @param sha256 lower-case hexadecimal
 * @param sizeBytes exact size
 */
public record ModelFile(String path, Source source, String sha256, long sizeBytes) {
    public ModelFile {
        if (path.isEmpty() || path.startsWith("/") || path.contains("\\") || ("/" + path + "/").contains("/../")) {
            throw new IllegalArgumentException("path: " + path + " (expected: a relative path without '..')");
        }
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "sha256 of " + path + ": " + sha256 + " (expected: 64 hexadecimal digits)");
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("size of " + path + ": " + sizeBytes + " (expected: >= 0)");
        }
    }
}
