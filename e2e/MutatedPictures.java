import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceBlockingStub;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Pictures that nobody meant, sent to a running Tern: each is answered, or refused with a code, the field and what was
 * expected. Prints one line a finding and, last, {@code N sent, N wrong}. Run as source, with the gateway's jar for a class
 * path: {@code java -cp gateway.jar MutatedPictures.java URL HOST:PORT MUTATIONS PICTURE FOLDER...}
 */
final class MutatedPictures {
    private static final Set<String> REFUSALS =
            Set.of("invalid_argument", "payload_too_large", "unsupported_media_type");
    private static final Pattern CODE = Pattern.compile("\"code\"\\s*:\\s*\"([a-z_]+)\"");
    /** Of an answer that is the same whenever it is asked for. */
    private static final Pattern DETECTIONS = Pattern.compile("\"detections\"\\s*:\\s*\\[.*?\\]\\s*[,}]", Pattern.DOTALL);

    private static final int THREADS = 3;
    private static final String BOUNDARY = "a-line-that-no-picture-has";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI url;
    private final ManagedChannel channel;
    private final DetectionServiceBlockingStub stub;
    /** Milliseconds by way and verdict. Guarded by this, like all below. */
    private final Map<String, List<Double>> millis = new TreeMap<>();

    private int sent;
    private int wrong;

    private MutatedPictures(String url, ManagedChannel channel) {
        this.url = URI.create(url + "/v1/detections");
        this.channel = channel;
        stub = DetectionServiceGrpc.newBlockingStub(channel);
    }

    /** What came of a picture: {@code ok}, a code of ours, or whatever else came, which is wrong. */
    private record Verdict(String code, boolean isGood, String text) {}

    private record Case(String name, byte[] file) {}

    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel = ManagedChannelBuilder.forTarget(arguments[1]).usePlaintext().build();
        try {
            MutatedPictures run = new MutatedPictures(arguments[0], channel);
            byte[] picture = Files.readAllBytes(Path.of(arguments[3]));
            List<Case> seeds = new ArrayList<>();
            for (String folder : Arrays.asList(arguments).subList(4, arguments.length)) {
                try (var files = Files.list(Path.of(folder))) {
                    for (Path file : files.sorted().toList()) {
                        seeds.add(new Case(file.getFileName().toString(), Files.readAllBytes(file)));
                    }
                }
            }
            run.all(Integer.parseInt(arguments[2]), picture, seeds);
            System.exit(run.wrong == 0 ? 0 : 1);
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private void all(int mutations, byte[] picture, List<Case> seeds) throws Exception {
        control();
        String before = detections(picture);
        for (Case bomb : bombs()) {
            judge(bomb, true);
            judge(bomb, false);
        }
        report("made by hand");
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < mutations; i++) {
                int seed = i;
                running.add(threads.submit(() -> {
                    Case from = seeds.get(seed % seeds.size());
                    byte[] mutated = mutate(from.file(), new Random(seed));
                    judge(new Case("mutation " + seed + " of " + from.name(), mutated), seed / seeds.size() % 2 == 0);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        report("mutations");
        messages(mutations / 5, seeds.getFirst().file());
        report("messages");
        crowd(picture);
        if (!detections(picture).equals(before)) {
            wrong("the picture itself", "other detections than before");
        }
        System.out.println(sent + " sent, " + wrong + " wrong");
    }

    /** A check that cannot fail says nothing. */
    private void control() {
        int[] statuses = {500, 200, 400, 400, 400, 404};
        String[] bodies = {
            "{\"code\":\"internal_error\"}",
            "nothing found",
            "{\"code\":\"invalid_argument\",\"detail\":\"a bad one\"}",
            "{\"code\":\"internal_error\",\"detail\":\"image: x (expected: y)\"}",
            "bad request",
            "{\"code\":\"model_not_found\",\"detail\":\"image: x (expected: y)\"}"
        };
        for (int i = 0; i < statuses.length; i++) {
            if (restVerdict(statuses[i], bodies[i]).isGood()) {
                wrong("control " + i, "is let pass");
            }
        }
        if (grpcVerdict(Status.INTERNAL.asRuntimeException()).isGood()
                || grpcVerdict(Status.INVALID_ARGUMENT.asRuntimeException()).isGood()
                || grpcVerdict(Status.UNAVAILABLE.asRuntimeException()).isGood()) {
            wrong("control of gRPC", "is let pass");
        }
    }

    private void judge(Case one, boolean rest) throws Exception {
        long begun = System.nanoTime();
        Verdict verdict = rest ? overRest(one.file()) : overGrpc(one.file());
        double took = (System.nanoTime() - begun) / 1e6;
        synchronized (this) {
            sent++;
            millis.computeIfAbsent((rest ? "REST " : "gRPC ") + verdict.code(), _ -> new ArrayList<>())
                    .add(took);
        }
        if (!verdict.isGood()) {
            wrong(one.name() + (rest ? " over REST" : " over gRPC"), verdict.text());
        }
        if (one.file().length < 200_000 && took > 2000) {
            System.out.printf("slow: %s: %.0f ms, %s%n", one.name(), took, verdict.code());
        }
    }

    private synchronized void wrong(String name, String what) {
        wrong++;
        System.out.println("wrong: " + name + ": " + what.substring(0, Math.min(300, what.length())));
    }

    private Verdict overRest(byte[] file) throws Exception {
        HttpResponse<String> answer = http.send(request(file), HttpResponse.BodyHandlers.ofString());
        return restVerdict(answer.statusCode(), answer.body());
    }

    private HttpRequest request(byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build();
    }

    private static Verdict restVerdict(int status, String body) {
        if (status == 200) {
            boolean found = DETECTIONS.matcher(body).find();
            return new Verdict("ok", found, status + " " + body);
        }
        Matcher code = CODE.matcher(body);
        String told = code.find() ? code.group(1) : "none";
        boolean typed = (status == 400 || status == 413 || status == 415) && REFUSALS.contains(told);
        return new Verdict(told, typed && body.contains("image") && body.contains("(expected: "), status + " " + body);
    }

    private Verdict overGrpc(byte[] file) {
        try {
            var answer = stub.withDeadlineAfter(60, TimeUnit.SECONDS)
                    .detect(DetectRequest.newBuilder().setImage(ByteString.copyFrom(file)).build());
            return new Verdict("ok", answer.getResultsCount() == 1, answer.toString());
        } catch (StatusRuntimeException e) {
            return grpcVerdict(e);
        }
    }

    private static Verdict grpcVerdict(StatusRuntimeException error) {
        String reason = "none";
        String field = "";
        var details = StatusProto.fromThrowable(error);
        try {
            for (var detail : details == null ? List.<com.google.protobuf.Any>of() : details.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    reason = detail.unpack(ErrorInfo.class).getReason();
                } else if (detail.is(BadRequest.class)) {
                    field = detail.unpack(BadRequest.class).getFieldViolations(0).getField();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            reason = "unreadable";
        }
        String text = String.valueOf(error.getMessage());
        boolean typed = error.getStatus().getCode() == Status.Code.INVALID_ARGUMENT
                && REFUSALS.contains(reason)
                && field.equals("image");
        String code = reason.equals("none") ? "status " + error.getStatus().getCode() : reason;
        return new Verdict(code, typed && text.contains("(expected: "), text);
    }

    /** What is no message at all, or one with other fields, of a call that takes bytes for what they are. */
    private void messages(int count, byte[] picture) {
        MethodDescriptor<byte[], byte[]> method = DetectionServiceGrpc.getDetectMethod().toBuilder(new Bytes(), new Bytes())
                .build();
        byte[] message = DetectRequest.newBuilder()
                .setImage(ByteString.copyFrom(picture))
                .setThreshold(0.5f)
                .addClasses("cat")
                .setTiles("2x2")
                .build()
                .toByteArray();
        for (int seed = 0; seed < count; seed++) {
            byte[] mutated = mutate(message, new Random(seed));
            long begun = System.nanoTime();
            Verdict verdict;
            try {
                ClientCalls.blockingUnaryCall(
                        channel, method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), mutated);
                verdict = new Verdict("ok", true, "");
            } catch (StatusRuntimeException e) {
                Verdict refused = grpcVerdict(e);
                boolean typed = REFUSALS.contains(refused.code()) || refused.code().equals("model_not_found");
                verdict = new Verdict(refused.code(), typed, refused.text());
            }
            synchronized (this) {
                sent++;
                millis.computeIfAbsent("gRPC " + verdict.code(), _ -> new ArrayList<>())
                        .add((System.nanoTime() - begun) / 1e6);
            }
            if (!verdict.isGood()) {
                wrong("message " + seed, verdict.text());
            }
        }
    }

    private record Bytes() implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private String detections(byte[] picture) throws Exception {
        Matcher found = DETECTIONS.matcher(
                http.send(request(picture), HttpResponse.BodyHandlers.ofString()).body());
        return found.find() ? found.group() : "none";
    }

    /** The largest files that are taken, of many clients at once: answered, refused, or told to come again. */
    private void crowd(byte[] picture) throws Exception {
        byte[] large = Arrays.copyOf(picture, (20 << 20) - 1024); // what follows IEND is not looked at
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            boolean rest = i % 4 == 0;
            calls.add(() -> {
                Verdict verdict = rest ? overRest(large) : overGrpc(large);
                if (!Set.of("ok", "overloaded").contains(verdict.code())) {
                    wrong("one of a crowd of large pictures", verdict.text());
                }
                return (rest ? "REST " : "gRPC ") + verdict.code();
            });
        }
        Map<String, Integer> counts = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(calls.size())) {
            for (Future<String> answer : threads.invokeAll(calls)) {
                String code;
                try {
                    code = answer.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    code = "REST " + e.getCause();
                }
                counts.merge(code, 1, Integer::sum);
            }
        }
        System.out.println("48 clients with 20 MB each at once: " + counts);
    }

    private synchronized void report(String part) {
        millis.forEach((name, times) -> {
            double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            System.out.printf(
                    "%s: %s: %d, p50 %.1f ms, p99 %.1f ms, most %.1f ms%n",
                    part,
                    name,
                    sorted.length,
                    sorted[sorted.length / 2],
                    sorted[(int) (0.99 * (sorted.length - 1))],
                    sorted[sorted.length - 1]);
        });
        millis.clear();
    }

    /** Files that cost more to read than to write. */
    private static List<Case> bombs() {
        byte[] zeros = new byte[16 << 20];
        List<Case> bombs = new ArrayList<>();
        bombs.add(new Case("no bytes but one", new byte[1]));
        bombs.add(new Case("a text", "GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
        bombs.add(new Case("a GIF of 65535 x 32767", bytes("GIF89a", 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0xff,
                0xff, 0xff, 0x7f, 0, 2, 1, 0x44, 0, 0x3b)));
        bombs.add(new Case("a PNG of 100000 x 100000", png(100_000, 100_000, 2, new byte[10])));
        bombs.add(new Case("a PNG of 25 million black pixels", png(5000, 5000, 2, packed(new byte[5000 * 15_001]))));
        bombs.add(new Case("a PNG of 25 million pixels without pixels", png(5000, 5000, 2, packed(new byte[10]))));
        bombs.add(new Case("a PNG with a packed text of 16 MB", png(1, 1, 2, packed(new byte[4]), "zTXt", packed(zeros))));
        bombs.add(new Case("a PNG with a packed profile of 16 MB", png(1, 1, 2, packed(new byte[4]), "iCCP", packed(zeros))));
        bombs.add(new Case("a PNG with 16 MB more than its pixels", png(1, 1, 2, packed(zeros))));
        bombs.add(new Case("a PNG of a thousand frames", png(1, 1, 2, packed(new byte[4]), "fdAT", new byte[1000])));
        bombs.add(new Case("a PNG that ends in its header", Arrays.copyOf(png(9, 9, 2, new byte[0]), 20)));
        bombs.add(new Case("a JPEG of 65500 x 65500", jpeg(65_500, 65_500, 1)));
        bombs.add(new Case("a JPEG of a thousand scans", jpeg(4000, 4000, 1000)));
        bombs.add(new Case("a BMP of 2147483647 x 1", bmp(Integer.MAX_VALUE, 1)));
        bombs.add(new Case("a BMP of 1 x -2147483648", bmp(1, Integer.MIN_VALUE)));
        bombs.add(new Case("a BMP of 5000 x 5000 without pixels", bmp(5000, 5000)));
        bombs.add(new Case("a WebP of 16384 x 16384", webp(16_384, 16_384)));
        bombs.add(new Case("a WebP of 5000 x 5000 without pixels", webp(5000, 5000)));
        bombs.add(new Case("a TIFF", bytes("II*\0", 8, 0, 0, 0)));
        bombs.add(new Case("an SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>".getBytes(StandardCharsets.US_ASCII)));
        bombs.add(new Case("a GIF that is a ZIP as well", bytes("GIF89aPK\3\4", 1, 0, 0x2c)));
        bombs.add(new Case("more than 20 MB", Arrays.copyOf(bytes("GIF89a"), (20 << 20) + 1)));
        return bombs;
    }

    private static byte[] bytes(String start, int... rest) {
        byte[] bytes = Arrays.copyOf(start.getBytes(StandardCharsets.ISO_8859_1), start.length() + rest.length);
        for (int i = 0; i < rest.length; i++) {
            bytes[start.length() + i] = (byte) rest[i];
        }
        return bytes;
    }

    private static byte[] packed(byte[] data) {
        try (Deflater deflater = new Deflater(9)) {
            deflater.setInput(data);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] png(int width, int height, int colourType, byte[] data) {
        return png(width, height, colourType, data, "tEXt", new byte[] {'a', 0});
    }

    private static byte[] png(int width, int height, int colourType, byte[] data, String chunk, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes("\u0089PNG\r\n\u001a\n"));
        out.writeBytes(chunk("IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8)
                .put((byte) colourType).array()));
        out.writeBytes(chunk(chunk, chunk.equals("tEXt") || chunk.equals("fdAT") ? content : concat(bytes("a\0\0"), content)));
        out.writeBytes(chunk("IDAT", data));
        out.writeBytes(chunk("IEND", new byte[0]));
        return out.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] typed = concat(bytes(type), data);
        CRC32 crc = new CRC32();
        crc.update(typed);
        return ByteBuffer.allocate(typed.length + 8).putInt(data.length).put(typed).putInt((int) crc.getValue()).array();
    }

    /** Progressive, with scans of nothing. */
    private static byte[] jpeg(int width, int height, int scans) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes("\u00ff\u00d8\u00ff\u00c2", 0, 11, 8, height >> 8, height, width >> 8, width, 1, 1, 0x11, 0));
        for (int i = 0; i < scans; i++) {
            out.writeBytes(bytes("\u00ff\u00da", 0, 8, 1, 1, 0, 0, 0, 0));
        }
        out.writeBytes(bytes("\u00ff\u00d9"));
        return out.toByteArray();
    }

    private static byte[] bmp(int width, int height) {
        ByteBuffer out = ByteBuffer.allocate(54).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        out.put(bytes("BM")).putInt(54).putInt(0).putInt(54).putInt(40).putInt(width).putInt(height);
        return out.putShort((short) 1).putShort((short) 24).array();
    }

    private static byte[] webp(int width, int height) {
        int size = width - 1 | (height - 1) << 14;
        return bytes("RIFF\u0011\0\0\0WEBPVP8L\5\0\0\0/", size, size >> 8, size >> 16, size >> 24, 0);
    }

    private static byte[] mutate(byte[] file, Random random) {
        byte[] bytes = file.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 1; changes--) {
            // Half of the changes hit the headers.
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
            int count = Math.min(1 + random.nextInt(8), bytes.length - at);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(bytes, at, at + count, (byte) 0xff);
                case 3 -> Arrays.fill(bytes, at, at + count, (byte) 0);
                case 4 -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(bytes.length)));
                case 5 -> bytes = concat(bytes, Arrays.copyOfRange(bytes, at, bytes.length));
                default -> System.arraycopy(bytes, random.nextInt(bytes.length - count + 1), bytes, at, count);
            }
        }
        if (random.nextInt(3) > 0) {
            repairChecksums(bytes); // or most changes of a PNG would end there
        }
        return bytes;
    }

    /** Of the chunks of a PNG, as far as they can be found. */
    private static void repairChecksums(byte[] file) {
        ByteBuffer png = ByteBuffer.wrap(file);
        if (file.length < 8 || png.getInt(0) != 0x89504e47) {
            return;
        }
        int at = 8;
        while (at >= 8 && at <= file.length - 12) {
            long length = Integer.toUnsignedLong(png.getInt(at));
            if (length > file.length - at - 12) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(file, at + 4, (int) length + 4);
            png.putInt(at + 8 + (int) length, (int) crc.getValue());
            at += 12 + (int) length;
        }
    }
}
