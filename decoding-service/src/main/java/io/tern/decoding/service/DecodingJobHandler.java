package io.tern.decoding.service;

import io.tern.base.Cancellation;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.wire.AnswerHead;
import io.tern.wire.ChatJson;
import io.tern.wire.CompletionsJson;
import io.tern.wire.TextAnswer;
import io.tern.wire.TextRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes jobs. They are not admitted like requests: the worker's slots bound them, and the rest waits in Kafka. The
 * result is the JSON of the synchronous route: a chat completion for messages, a text completion for all else.
 */
final class DecodingJobHandler implements JobHandler {
    private final LanguageModels models;

    DecodingJobHandler(LanguageModels models) {
        this.models = models;
    }

    @Override
    public JobOutput handle(JobRequest job, JobProgress progress, Cancellation cancellation) {
        try (ResolvedRequest resolved = models.resolve(job.getDecoding())) {
            Watcher watcher = new Watcher(progress, resolved.request().maxTokens());
            resolved.run(null, watcher::see, cancellation); // a job does not say whose it is
            String json = answer(job.getDecoding(), watcher.answer).toString();
            return new JobOutput("application/json", json.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ObjectNode answer(GenerateRequest request, TextAnswer answer) {
        // A job's message does not say for whom the prompt is echoed: its ids are shown, and its text by a completion.
        boolean echo = request.getEcho();
        TextRequest shown = new TextRequest(List.of(request), 1, false, false, echo, echo);
        long created = Instant.now().getEpochSecond();
        return request.getMessagesCount() > 0
                ? ChatJson.answer(shown, List.of(answer), new AnswerHead("chatcmpl-" + UUID.randomUUID(), created))
                : CompletionsJson.answer(shown, List.of(answer), new AnswerHead("cmpl-" + UUID.randomUUID(), created));
    }

    /** Tells those who watch a job what its events say, and keeps the answer. Owned by one job. */
    private static final class Watcher {
        private final JobProgress progress;
        private final int maxTokens;
        private final TextAnswer answer = new TextAnswer();

        Watcher(JobProgress progress, int maxTokens) {
            this.progress = progress;
            this.maxTokens = maxTokens;
        }

        void see(GenerateResponse event) {
            answer.add(event);
            progress.fraction((double) answer.tokens().size() / maxTokens);
            String text = event.getStep().getText() + event.getFinished().getText();
            if (!text.isEmpty()) {
                progress.token(text);
            }
        }
    }
}
