package io.tern.gateway.jobs;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.gateway.keys.KeyInterceptor;
import io.tern.gateway.webhook.WebhookHosts;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.SequencedEvent;
import io.tern.jobs.v1.CancelJobRequest;
import io.tern.jobs.v1.DeleteJobRequest;
import io.tern.jobs.v1.DeleteJobResponse;
import io.tern.jobs.v1.GetJobRequest;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.JobEvent;
import io.tern.jobs.v1.JobServiceGrpc.JobServiceImplBase;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.ListJobsResponse;
import io.tern.jobs.v1.SubmitRequest;
import io.tern.jobs.v1.WatchRequest;
import io.tern.serving.ServerCalls;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** {@code tern.jobs.v1.JobService}. The desk blocks, and gRPC calls us on network threads: each call gets its own. */
public final class JobGrpc extends JobServiceImplBase {
    private final JobDesk desk;
    private final WebhookHosts webhooks;
    private final Executor threads;

    public JobGrpc(JobDesk desk, WebhookHosts webhooks, Executor threads) {
        this.desk = desk;
        this.webhooks = webhooks;
        this.threads = threads;
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<Job> observer) {
        answer(observer, jobs -> jobs.submit(request));
    }

    @Override
    public void get(GetJobRequest request, StreamObserver<Job> observer) {
        answer(observer, jobs -> jobs.get(request.getId()));
    }

    @Override
    public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
        answer(observer, jobs -> {
            JobPage page = jobs.list(request);
            return ListJobsResponse.newBuilder()
                    .addAllJobs(page.jobs())
                    .setHasMore(page.hasMore())
                    .build();
        });
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<JobEvent> observer) {
        OwnedJobs jobs = jobs();
        ServerCalls.stream(observer, (send, cancellation) -> watch(jobs, request.getId(), send, cancellation));
    }

    @Override
    public void cancel(CancelJobRequest request, StreamObserver<Job> observer) {
        answer(observer, jobs -> jobs.cancel(request.getId()));
    }

    @Override
    public void delete(DeleteJobRequest request, StreamObserver<DeleteJobResponse> observer) {
        answer(observer, jobs -> {
            jobs.delete(request.getId());
            return DeleteJobResponse.getDefaultInstance();
        });
    }

    private <A> void answer(StreamObserver<A> observer, Function<OwnedJobs, A> body) {
        OwnedJobs jobs = jobs();
        threads.execute(Context.current().wrap(() -> ServerCalls.unary(observer, _ -> body.apply(jobs))));
    }

    /** Of the caller whose call this is. */
    private OwnedJobs jobs() {
        return new OwnedJobs(desk, webhooks, KeyInterceptor.caller().owner());
    }

    private static void watch(OwnedJobs jobs, String id, Consumer<JobEvent> send, Cancellation cancellation) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        JobListener listener = new JobListener() {
            @Override
            public void event(SequencedEvent event) {
                try {
                    send.accept(event.event());
                } catch (RuntimeException gone) {
                    over.completeExceptionally(gone);
                    throw gone;
                }
            }

            @Override
            public void ended() {
                over.complete(null);
            }

            @Override
            public void failed(TernException failure) {
                over.completeExceptionally(failure);
            }
        };
        try (JobDesk.Watch watch = jobs.watch(id, 0, listener);
                var registration = cancellation.onCancel(() -> over.complete(null))) {
            over.join();
            cancellation.throwIfCancelled();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
