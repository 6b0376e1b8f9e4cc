package io.tern.gateway.jobs;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.webhook.WebhookHosts;
import io.tern.jobs.JobOwner;
import io.tern.jobs.kafka.JobListener;
import io.tern.jobs.kafka.JobPage;
import io.tern.jobs.kafka.StoredResult;
import io.tern.jobs.v1.Job;
import io.tern.jobs.v1.ListJobsRequest;
import io.tern.jobs.v1.SubmitRequest;

/** The jobs of one caller: another's are not there. */
record OwnedJobs(JobDesk desk, WebhookHosts webhooks, JobOwner owner) {
    Job submit(SubmitRequest request) {
        if (!request.getWebhook().isEmpty()) {
            webhooks.check(request.getWebhook());
        }
        return desk.submit(request, owner);
    }

    Job get(String id) {
        return desk.get(own(id));
    }

    JobPage list(ListJobsRequest request) {
        return desk.list(request, owner);
    }

    JobDesk.Watch watch(String id, long afterSequence, JobListener listener) {
        return desk.watch(own(id), afterSequence, listener);
    }

    Job cancel(String id) {
        return desk.cancel(own(id));
    }

    void delete(String id) {
        desk.delete(own(id));
    }

    StoredResult result(String id) {
        return desk.result(own(id));
    }

    private String own(String id) {
        if (!owner.owns(id)) {
            throw new TernException(ErrorCode.NOT_FOUND, "id: " + id + " (expected: a job)", "id", null);
        }
        return id;
    }
}
