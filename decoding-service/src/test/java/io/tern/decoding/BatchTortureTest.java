package io.tern.decoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.convert.TinyLlama;
import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.draft.Drafters;
import io.tern.decoding.model.TinyModel;
import io.tern.decoding.sampling.SamplingParameters;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;
import io.tern.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that begin, end and go away at random beside each other: each is what it is alone, and nothing is left behind. */
@Timeout(180)
class BatchTortureTest {
    private static final int REQUESTS = 1000;
    private static final int KINDS = 40;
    private static final int AT_ONCE = 14;
    private static final int MOODS = 8;
    private static final int UNDISTURBED = 7;
    private static final List<DrafterKind> DRAFTERS =
            List.of(DrafterKind.NONE, DrafterKind.NGRAM, DrafterKind.RETRIEVAL, DrafterKind.AUTO);
    /** Too little for all that are there at once, so that some wait for memory. */
    private static final int BUDGET_TOKENS = 8 * TinyLlama.CONTEXT;

    private static final Tokenizer TOKENIZER = new FakeTokenizer(IntStream.range(0, TinyLlama.VOCABULARY)
            .mapToObj(id -> Character.toString('0' + id).getBytes(StandardCharsets.UTF_8))
            .toList());

    private enum Ending {
        COMPLETE,
        CANCELLED,
        DEADLINE_EXCEEDED
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void everyTextIsTheOneThatItIsAlone(long seed) throws Exception {
        Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
        try (TinyModel tiny = TinyModel.load(BUDGET_TOKENS, BUDGET_TOKENS / 4)) {
            Random random = new Random(seed);
            List<DecodingRequest> requests = new ArrayList<>();
            List<List<Integer>> alone = new ArrayList<>();
            for (int i = 0; i < KINDS; i++) {
                requests.add(request(random));
                alone.add(Recording.of(tiny.model(), TOKENIZER, requests.getLast())
                        .ids());
            }
            Semaphore places = new Semaphore(AT_ONCE);
            List<Future<Ending>> texts = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < REQUESTS; i++) {
                    int kind = random.nextInt(KINDS);
                    int mood = random.nextInt(8);
                    int patience = random.nextInt(20);
                    places.acquire();
                    texts.add(callers.submit(() -> {
                        try {
                            return write(tiny, requests.get(kind), alone.get(kind), mood, patience);
                        } finally {
                            places.release();
                        }
                    }));
                }
            }
            for (Future<Ending> text : texts) {
                endings.merge(text.get(), 1, Integer::sum);
            }
            assertThat(tiny.model().budget().usedBytes()).isZero();
            // In the crowd there may be no memory for beginnings; behind it there is.
            for (int kind = 0; kind < KINDS; kind++) {
                write(tiny, requests.get(kind), alone.get(kind), UNDISTURBED, 0);
                write(tiny, requests.get(kind), alone.get(kind), UNDISTURBED, 0);
            }
            assertThat(tiny.model().budget().prefixes().foundTokens()).isPositive();
            assertThat(tiny.waiting()).isZero();
            assertThat(tiny.model().isAlive()).isTrue();
            assertThat(tiny.batches().sequences())
                    .as("texts ran together")
                    .isGreaterThan(tiny.batches().runs());
        }
        assertThat(endings).containsOnlyKeys(Ending.values());
    }

    /** @param mood whether it is cancelled after some events, has little time, or neither */
    private static Ending write(TinyModel tiny, DecodingRequest request, List<Integer> alone, int mood, int patience) {
        Cancellation cancellation = mood == 0 ? Cancellation.withTimeout(patience * 500_000L) : Cancellation.none();
        Recording recording = new Recording();
        try {
            new Decoder(tiny.model(), TOKENIZER, Drafters.lookups().withAuto(tiny.model()), "tenant")
                    .decode(
                            request,
                            event -> {
                                recording.events.add(event);
                                if (mood == 1 && recording.events.size() > patience) {
                                    cancellation.cancel();
                                }
                            },
                            cancellation);
            assertThat(recording.ids()).isEqualTo(alone);
            return Ending.COMPLETE;
        } catch (TernException e) {
            assertThat(recording.ids())
                    .isEqualTo(alone.subList(0, recording.ids().size()));
            assertThat(mood).as("who was not disturbed has the whole text").isLessThan(2);
            assertThat(e.code()).isIn(ErrorCode.CANCELLED, ErrorCode.DEADLINE_EXCEEDED);
            return Ending.valueOf(e.code().name());
        }
    }

    private static DecodingRequest request(Random random) {
        int prompt = 1 + random.nextInt(random.nextInt(3) == 0 ? 90 : 20);
        int tokens = 1 + random.nextInt(30);
        // Of few different tokens, so that drafts are found.
        List<Integer> ids = random.ints(prompt, 10, 16).boxed().toList();
        SamplingParameters sampling =
                random.nextBoolean() ? SamplingParameters.greedy() : SamplingParameters.plain(random.nextLong(1000));
        DrafterKind drafter = DRAFTERS.get(random.nextInt(DRAFTERS.size()));
        Speculation speculation = new Speculation(
                drafter,
                1 + random.nextInt(6),
                random.nextBoolean(),
                true,
                AcceptanceKind.GREEDY,
                TypicalThreshold.DEFAULT);
        return new DecodingRequest(
                ids, tokens, sampling, List.of(), random.nextBoolean(), speculation, OptionalInt.empty(), false);
    }
}
