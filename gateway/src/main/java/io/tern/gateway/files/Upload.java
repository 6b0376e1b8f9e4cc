package io.tern.gateway.files;

import io.tern.base.TernException;
import io.tern.gateway.web.RequestBody;
import io.tern.wire.Fields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.codec.multipart.FilePartEvent;
import org.springframework.http.codec.multipart.FormPartEvent;

/**
 * One upload as its parts come: fields are kept, the file goes to the disk. What is refused is read on for a while, because
 * many clients see the answer only after they have sent all. One thread at a time.
 */
final class Upload implements AutoCloseable {
    private static final String FILE = "file";
    private static final String ANCHOR = "expires_after[anchor]";
    private static final String SECONDS = "expires_after[seconds]";
    private static final int MAX_FILENAME_LENGTH = 255;

    private final FileDraft draft;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private @Nullable String filename;
    private boolean whole;
    private @Nullable TernException refusal;
    private long thrownAway;

    Upload(FileDraft draft) {
        this.draft = draft;
    }

    void take(Piece piece) {
        try {
            switch (piece.event()) {
                case FormPartEvent field -> keep(field);
                case FilePartEvent file -> keep(file, piece.content());
                default -> {
                    // The end of a part that was neither: nothing is in it.
                }
            }
        } catch (TernException e) {
            refusal = refusal == null ? e : refusal;
        }
        thrownAway += refusal == null ? 0 : piece.content().length;
        if (refusal != null && thrownAway > RequestBody.DRAIN_LIMIT) {
            throw refusal;
        }
    }

    /** @throws TernException INVALID_ARGUMENT, PAYLOAD_TOO_LARGE, UNAVAILABLE (the disk) */
    StoredFile finish() {
        if (refusal != null) {
            throw refusal;
        }
        Fields sent = Fields.form(fields);
        String purpose = sent.text("purpose").orElseThrow(() -> wrongPurpose(null));
        if (!purpose.equals(FilePurpose.BATCH.wireName())) {
            throw wrongPurpose(purpose);
        }
        Expiry expiry = Expiry.ofForm(sent, ANCHOR, SECONDS);
        sent.refuseUnknown();
        if (filename == null || !whole) {
            throw TernException.invalid(FILE, "missing", "a file");
        }
        String name = filename;
        return FileStore.storing(() -> draft.keep(name, FilePurpose.BATCH, expiry.secondsOr(Expiry.OF_INPUT)));
    }

    @Override
    public void close() throws IOException {
        draft.close();
    }

    private void keep(FormPartEvent field) {
        TernException.require(!field.name().equals(FILE), FILE, "text", "a file");
        TernException.require(
                fields.putIfAbsent(field.name(), field.value()) == null, field.name(), "several", "one value");
    }

    private void keep(FilePartEvent file, byte[] content) {
        if (refusal != null) {
            return;
        }
        if (filename == null || whole) {
            begin(file);
        }
        FileStore.storing(() -> {
            draft.write(ByteBuffer.wrap(content));
            return draft;
        });
        whole = file.isLast();
    }

    private void begin(FilePartEvent file) {
        if (!FILE.equals(file.name())) {
            throw TernException.invalid("body", "a file elsewhere", "one file, in field " + FILE);
        }
        TernException.require(filename == null, FILE, "several", "one file");
        String name = String.valueOf(file.filename());
        TernException.require(
                name.length() <= MAX_FILENAME_LENGTH,
                "filename",
                name.length() + " characters",
                "at most " + MAX_FILENAME_LENGTH);
        filename = name;
    }

    private static TernException wrongPurpose(@Nullable String purpose) {
        return TernException.invalid(
                "purpose", purpose == null ? "missing" : purpose, "batch; nothing here reads other files");
    }
}
