package io.tern.decoding.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Sha256;
import io.tern.base.TernException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversionCacheTest {
    @TempDir
    private Path folder;

    private Path gguf;
    private ConversionCache cache;

    @BeforeEach
    void write() throws IOException {
        gguf = TinyLlama.tied(1).writeTo(folder.resolve("tiny.gguf"));
        cache = new ConversionCache(folder.resolve("cache"));
    }

    @Test
    void namesTheFolderByWhatTheModelWasMadeOf() throws IOException {
        ConvertedModel converted = cache.convert(ModelSource.of(gguf), Precision.INT8);
        assertThat(converted.sourceSha256()).isEqualTo(Sha256.of(gguf));
        assertThat(converted.folder())
                .hasFileName(Sha256.of(gguf) + "-int8-" + ModelConverter.VERSION)
                .isDirectoryContaining(path -> path.equals(converted.model()));
        assertThat(cache.convert(ModelSource.of(gguf), Precision.FP32).folder()).isNotEqualTo(converted.folder());
    }

    @Test
    void usesAConversionAgain() throws IOException {
        ConvertedModel first = cache.convert(ModelSource.of(gguf), Precision.INT8);
        Path note = Files.writeString(first.folder().resolve("note"), "still here");
        assertThat(cache.convert(ModelSource.of(gguf), Precision.INT8)).isEqualTo(first);
        assertThat(note).hasContent("still here");
    }

    @Test
    void givesTheSameBytesEachTime() throws IOException {
        Path one = cache.convert(ModelSource.of(gguf), Precision.INT8).folder();
        Path other = new ConversionCache(folder.resolve("other"))
                .convert(ModelSource.of(gguf), Precision.INT8)
                .folder();
        for (String file : List.of(ConvertedModel.MODEL_FILE, ConvertedModel.WEIGHT_FILE)) {
            assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
        }
    }

    @Test
    void makesADamagedConversionAgain() throws IOException {
        ConvertedModel first = cache.convert(ModelSource.of(gguf), Precision.INT8);
        Path weights = first.folder().resolve(ConvertedModel.WEIGHT_FILE);
        String hash = Sha256.of(weights);
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);
        cache.convert(ModelSource.of(gguf), Precision.INT8);
        assertThat(Sha256.of(weights)).isEqualTo(hash);
        Files.delete(weights);
        cache.convert(ModelSource.of(gguf), Precision.INT8);
        assertThat(Sha256.of(weights)).isEqualTo(hash);
    }

    @Test
    void clearsAwayWhatACrashHasLeft() throws IOException {
        Path target = cache.convert(ModelSource.of(gguf), Precision.INT8).folder();
        Path left = Files.createDirectory(target.resolveSibling(target.getFileName() + ".tmp"));
        Files.writeString(left.resolve(ConvertedModel.WEIGHT_FILE), "half");
        Files.delete(target.resolve("SHA256SUMS"));
        cache.convert(ModelSource.of(gguf), Precision.INT8);
        assertThat(left).doesNotExist();
        assertThat(Manifest.holds(target)).isTrue();
    }

    @Test
    void leavesNothingOfAFileThatItRefuses() throws IOException {
        Path bad = TinyLlama.tied(1).text("llama.expert_count", "8").writeTo(folder.resolve("bad.gguf"));
        assertThatThrownBy(() -> cache.convert(ModelSource.of(bad), Precision.INT8))
                .isInstanceOf(TernException.class);
        try (Stream<Path> left = Files.list(folder.resolve("cache"))) {
            assertThat(left).allMatch(path -> path.toString().endsWith(".lock"));
        }
    }

    @Test
    void convertsOnceForManyThreads() throws Exception {
        int threads = 8;
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ConvertedModel>> results = new ArrayList<>();
            Callable<ConvertedModel> work = () -> {
                start.await();
                return new ConversionCache(folder.resolve("cache")).convert(ModelSource.of(gguf), Precision.INT8);
            };
            for (int i = 0; i < threads; i++) {
                results.add(executor.submit(work));
            }
            start.countDown();
            for (Future<ConvertedModel> result : results) {
                assertThat(Manifest.holds(result.get().folder())).isTrue();
            }
        }
    }
}
