package io.tern.detection.service;

import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The folder whose pictures jobs may read, and nothing outside of it; what links lead to is left out.
 *
 * @param root null: none
 */
record PictureFolder(@Nullable Path root) {
    private static final int MOST_FILES = 100_000;
    /** Of what is skipped. */
    private static final int MOST_NAMES = 20;

    private static final int LARGEST_FILE = 20 << 20;
    private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp");

    /**
     * What is in a folder.
     *
     * @param pictures by name
     * @param skipped how many files are not named as pictures, and how many folders and links there are
     * @param skippedNames of the first of those, by name
     */
    record Contents(List<Path> pictures, long skipped, List<String> skippedNames) {}

    /**
     * The pictures of a folder in it, by name, and what is none.
     *
     * @param folder relative to the root
     * @throws TernException INVALID_ARGUMENT if it is not there, leads outside, or has none or too many pictures
     */
    Contents contents(String folder) {
        if (root == null) {
            throw TernException.invalid(
                    "folder", folder, "a server with a folder of pictures, tern.detection.pictures");
        }
        List<Path> pictures = new ArrayList<>();
        TreeSet<String> skipped = new TreeSet<>();
        long count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(inside(root, folder))) {
            for (Path file : files) {
                if (isPicture(file)) {
                    pictures.add(file);
                    require(pictures.size() <= MOST_FILES, folder);
                } else {
                    count++;
                    skipped.add(file.getFileName().toString());
                    if (skipped.size() > MOST_NAMES) {
                        skipped.pollLast();
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw TernException.invalid("folder", folder, "a folder that can be read");
        }
        require(!pictures.isEmpty(), folder + (count == 0 ? "" : " with " + String.join(", ", skipped)));
        return new Contents(pictures.stream().sorted().toList(), count, List.copyOf(skipped));
    }

    private static void require(boolean holds, String folder) {
        TernException.require(
                holds, "folder", folder, "1.." + MOST_FILES + " pictures in it, " + String.join(", ", ENDINGS));
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
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && ENDINGS.stream().anyMatch(name::endsWith);
    }
}
