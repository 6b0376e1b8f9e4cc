package io.tern.decoding.tokenizer;

import io.tern.base.TernException;
import io.tern.decoding.convert.ModelSource;
import io.tern.text.Tokenizer;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.chat.TemplateException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model reads and writes text.
 *
 * @param template null for a model without one: it completes texts and does not chat
 */
public record ModelText(Tokenizer tokenizer, @Nullable ChatTemplate template) {
    /**
     * @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built
     * @throws IOException if a file cannot be read
     */
    public static ModelText read(ModelSource source) throws IOException {
        return source.isFolder() ? FolderText.read(source.path()) : GgufText.read(source.path());
    }

    /**
     * The same with ids 0..size-1. A vocabulary is often filled up to a round number, and now and then has tokens that the
     * model does not know.
     */
    public ModelText sized(int size) {
        return tokenizer.vocabularySize() == size ? this : new ModelText(new SizedTokenizer(tokenizer, size), template);
    }

    /**
     * @param where the template stands
     * @param tokens what it calls by name: {@code bos_token}
     */
    static ChatTemplate template(String where, String template, Map<String, String> tokens) {
        try {
            return ChatTemplate.parse(template, tokens);
        } catch (TemplateException e) {
            throw TernException.invalid(where, e.getMessage(), "a template that is supported");
        }
    }
}
