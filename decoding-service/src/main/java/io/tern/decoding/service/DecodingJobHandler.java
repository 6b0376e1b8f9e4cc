package io.tern.decoding.service;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.Work;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.v1.JobRequest;
import io.tern.jobs.v1.TextsRequest;
import io.tern.wire.text.TextAnswer;
import io.tern.wire.text.TextRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes jobs. Texts of one job are written one after the other, each with the memory of one. The result is the JSON of the
 * synchronous route: a chat completion for messages, a text completion for all else.
 */
final class DecodingJobHandler implements JobHandler {
    private final LanguageModels models;

    DecodingJobHandler(LanguageModels models) {
        this.models = models;
    }

    @Override
    public JobOutput handle(JobRequest job, Priority priority, JobProgress progress, Cancellation cancellation) {
        TextRequest request = TextRequest.of(job.hasTexts() ? job.getTexts() : single(job.getDecoding()));
        List<ResolvedRequest> texts = new ArrayList<>();
        try {
            request.choices().forEach(choice -> texts.add(models.resolve(choice))); // all, before any compute
            List<TextAnswer> answers = new ArrayList<>();
            for (ResolvedRequest text : texts) {
                Watcher watcher = new Watcher(
                        progress, answers.size(), texts.size(), text.request().maxTokens());
                text.run(Work.ofJob(priority), null, watcher::see, cancellation); // a job does not say whose it is
                answers.add(watcher.answer);
            }
            String json = request.answer(answers).toString();
            return new JobOutput("application/json", json.getBytes(StandardCharsets.UTF_8));
        } finally {
            texts.forEach(ResolvedRequest::close);
        }
    }

    /** Such a message does not say for whom the prompt is echoed: its ids are shown, and its text by a completion. */
    private static TextsRequest single(GenerateRequest request) {
        return TextsRequest.newBuilder()
                .addPrompts(request)
                .setReturnTokenIds(request.getEcho())
                .setEchoText(request.getEcho())
                .build();
    }

    /** Tells those who watch a job what the events of its first text say, and keeps the answer. Owned by one job. */
    private static final class Watcher {
        private final JobProgress progress;
        private final int index;
        private final int texts;
        private final int maxTokens;
        private final TextAnswer answer = new TextAnswer();

        Watcher(JobProgress progress, int index, int texts, int maxTokens) {
            this.progress = progress;
            this.index = index;
            this.texts = texts;
            this.maxTokens = Math.max(1, maxTokens); // none where a prompt is only scored
        }

        void see(GenerateResponse event) {
            answer.add(event);
            progress.fraction((index + (double) answer.tokens().size() / maxTokens) / texts);
            String text = event.getStep().getText() + event.getFinished().getText();
            if (index == 0 && !text.isEmpty()) {
                progress.token(text);
            }
        }
    }
}
