package io.tern.wire.text;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Token;
import java.util.ArrayList;
import java.util.List;

/** The events of one decoding stream, put together. One thread at a time. */
public final class TextAnswer {
    private Started started = Started.getDefaultInstance();
    private Finished finished = Finished.getDefaultInstance();
    private boolean complete;
    private final List<Token> tokens = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    public TextAnswer add(GenerateResponse event) {
        switch (event.getEventCase()) {
            case STARTED -> started = event.getStarted();
            case STEP -> {
                tokens.addAll(event.getStep().getTokensList());
                text.append(event.getStep().getText());
            }
            case FINISHED -> {
                finished = event.getFinished();
                text.append(finished.getText());
                complete = true;
            }
            case EVENT_NOT_SET -> {} // an event of a later version
        }
        return this;
    }

    /** @throws TernException INTERNAL_ERROR if the stream ended without its last event */
    public Finished finished() {
        if (!complete) {
            throw new TernException(ErrorCode.INTERNAL_ERROR, "the answer ended before it was finished");
        }
        return finished;
    }

    public Started started() {
        return started;
    }

    public List<Token> tokens() {
        return tokens;
    }

    public String text() {
        return text.toString();
    }
}
