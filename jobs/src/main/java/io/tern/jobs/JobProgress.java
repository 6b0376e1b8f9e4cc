package io.tern.jobs;

/**
 * What a running job tells those who watch it. None of it waits: where Kafka cannot keep up, events are lost, and the
 * result alone is complete.
 */
public interface JobProgress {
    /** @param done 0..1; less than before is ignored */
    void fraction(double done);

    /** @param png a picture on its way; one of more than 768 KiB is not shown */
    void preview(byte[] png);

    /** @param text what is certain now and follows the text told before */
    void token(String text);
}
