package io.tern.detection.service;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder whose pictures jobs may read, and nothing outside of it; what links lead to is left out.
 *
 * @param root null: none
 */
record PictureFolder(@Nullable Path root) {
    private static final int MOST_FILES = 100_000;
    private static final int LARGEST_FILE = 20 << 20;
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp");

    /**
     * The pictures of a folder in it, by name.
     *
     * @param folder relative to the root
     * @throws TernException INVALID_ARGUMENT if it is not there, leads outside, or has none or too many pictures
     */
    List<Path> pictures(String folder) {
        if (root == null) {
            throw TernException.invalid(
                    "folder", folder, "a server with a folder of pictures, tern.detection.pictures");
        }
        try (Stream<Path> files = Files.list(inside(root, folder))) {
            List<Path> pictures = files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(PictureFolder::isPicture)
                    .limit(MOST_FILES + 1L)
                    .sorted()
                    .toList();
            TernException.require(
                    !pictures.isEmpty() && pictures.size() <= MOST_FILES,
                    "folder",
                    folder,
                    "1.." + MOST_FILES + " pictures in it");
            return pictures;
        } catch (IOException e) {
            throw TernException.invalid("folder", folder, "a folder that can be read");
        }
    }

    private static Path inside(Path root, String folder) {
        try {
            Path real = root.toRealPath();
            Path wanted = real.resolve(folder).toRealPath();
            TernException.require(
                    wanted.startsWith(real) && Files.isDirectory(wanted), "folder", folder, "one in the server's own");
            return wanted;
        } catch (IOException | IllegalArgumentException e) {
            throw TernException.invalid("folder", folder, "one in the server's own");
        }
    }

    /** @throws TernException INVALID_ARGUMENT if it cannot be read, or is too large */
    static byte[] read(Path picture) {
        try {
            long size = Files.size(picture);
            TernException.require(size <= LARGEST_FILE, "image", size + " bytes", "at most " + LARGEST_FILE);
            return Files.readAllBytes(picture);
        } catch (IOException e) {
            throw TernException.invalid("image", picture.getFileName(), "a file that can be read");
        }
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }
}
