package io.tern.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Finds the native files in ONNX Runtime's jar on the class path and keeps them in a cache folder, from where they can be
 * loaded: extracted once, checked each time. Tested on Linux x64; the names for the other systems are those of the jar.
 */
final class OrtNatives {
    /** Where to keep the files, if no folder is given. */
    static final String CACHE_PROPERTY = "tern.native.cache";

    private static final String RESOURCES = "/ai/onnxruntime/native/";

    /** The GPU jar's library opens the last two from its own folder; the CPU jar has not got them. */
    private static final List<String> NAMES =
            List.of("onnxruntime", "onnxruntime_providers_shared", "onnxruntime_providers_cuda");

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private OrtNatives() {}

    static Path defaultCache() {
        String given = System.getProperty(CACHE_PROPERTY);
        return given != null
                ? Path.of(given)
                : privateFolder(Path.of(
                        System.getProperty("java.io.tmpdir"), "tern-native-" + System.getProperty("user.name")));
    }

    /** Another user's folder of that name in a shared temporary folder must not give us code to run. */
    static Path privateFolder(Path folder) {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return folder; // Windows has a temporary folder per user
        }
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Path ours = Files.createTempFile(folder, "owner", ".probe");
            UserPrincipal us = Files.getOwner(ours);
            Files.delete(ours);
            if (!Files.getOwner(folder).equals(us) || !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(folder))) {
                throw new IllegalStateException("cache folder: open to other users (expected: " + CACHE_PROPERTY
                        + " names a folder, or the temporary one is only its owner's)");
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cache folder: not writable", e);
        }
    }

    /** The main library's file, its companions beside it. */
    static Path extract(Path cache) {
        String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        String main = System.mapLibraryName(NAMES.getFirst());
        URL library = OrtNatives.class.getResource(RESOURCES + platform + "/" + main);
        if (library == null) {
            throw new IllegalStateException("ONNX Runtime: no natives for " + platform + " on the class path"
                    + " (expected: " + RESOURCES + platform + "/" + main + ")");
        }
        try {
            // The check sum in the name keeps two releases, or the CPU and the GPU jar, apart.
            Path folder = Files.createDirectories(
                    cache.resolve(platform + "-" + Contents.of(library).name()));
            for (String name : NAMES) {
                String fileName = System.mapLibraryName(name);
                URL resource = OrtNatives.class.getResource(RESOURCES + platform + "/" + fileName);
                if (resource != null) {
                    keep(resource, folder.resolve(fileName));
                }
            }
            return folder.resolve(main);
        } catch (IOException e) {
            throw new UncheckedIOException("ONNX Runtime: its natives cannot be kept in the cache folder", e);
        }
    }

    /** The jar's name for a system: {@code linux-x64}. */
    static String platform(String osName, String osArch) {
        String system = osName.toLowerCase(Locale.ROOT);
        String os = system.startsWith("linux") ? "linux" : system.startsWith("mac") ? "osx" : "win";
        String arch = osArch.equals("aarch64") || osArch.equals("arm64") ? "aarch64" : "x64";
        return os + "-" + arch;
    }

    /** Extracts the file unless it is there and whole. A second process doing the same does no harm. */
    static void keep(URL resource, Path file) throws IOException {
        Contents expected = Contents.of(resource);
        if (Files.isRegularFile(file) && Contents.of(file).equals(expected)) {
            return;
        }
        Path part = Files.createTempFile(file.getParent(), "extract", ".part");
        try {
            try (InputStream in = resource.openStream()) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            if (!Contents.of(part).equals(expected)) {
                throw new IOException("extracted file differs from the jar's: " + file.getFileName());
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Size and CRC-32, which the jar's directory has without unpacking: they find damage, the folder's owner fraud. */
    record Contents(long sizeBytes, long crc) {
        static Contents of(URL resource) throws IOException {
            URLConnection connection = resource.openConnection();
            if (connection instanceof JarURLConnection jar) {
                return new Contents(
                        jar.getJarEntry().getSize(), jar.getJarEntry().getCrc());
            }
            try (InputStream in = connection.getInputStream()) {
                return of(in);
            }
        }

        static Contents of(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return of(in);
            }
        }

        String name() {
            return HexFormat.of().toHexDigits((int) crc);
        }

        private static Contents of(InputStream in) throws IOException {
            CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
            byte[] buffer = new byte[1 << 16];
            long size = 0;
            for (int read = checked.read(buffer); read >= 0; read = checked.read(buffer)) {
                size += read;
            }
            return new Contents(size, checked.getChecksum().getValue());
        }
    }
}
