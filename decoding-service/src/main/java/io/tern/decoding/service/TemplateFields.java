package io.tern.decoding.service;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import io.tern.decoding.v1.GenerateRequest;
import io.tern.decoding.v1.TokenizeRequest;
import io.tern.text.MarkedText;
import io.tern.text.chat.ChatMessage;
import io.tern.text.chat.ChatTemplate;
import io.tern.text.chat.Conversation;
import io.tern.text.chat.TemplateException;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What a caller gives the chat template beside messages and tools.
 *
 * @param length characters of all of it
 */
record TemplateFields(
        Map<String, JsonNode> variables, List<JsonNode> documents, boolean addGenerationPrompt, long length) {
    private static final int MOST_VARIABLES = 64;
    private static final int MOST_DOCUMENTS = 128;

    /** @throws TernException INVALID_ARGUMENT */
    static TemplateFields of(GenerateRequest request) {
        boolean opens = !request.hasAddGenerationPrompt() || request.getAddGenerationPrompt();
        require(
                opens || (request.getAnswerPrefix().isEmpty() && !request.getCallRequired()),
                "add_generation_prompt",
                false,
                "true where the assistant's turn is begun");
        boolean given = !request.getChatTemplateKwargs().isEmpty() || request.getDocumentsCount() > 0 || !opens;
        require(
                !given || request.getMessagesCount() > 0,
                request.getDocumentsCount() > 0
                        ? "documents"
                        : opens ? "chat_template_kwargs" : "add_generation_prompt",
                "without messages",
                "only together with messages");
        return of(request.getChatTemplateKwargs(), request.getDocumentsList(), opens);
    }

    /** @throws TernException INVALID_ARGUMENT */
    static TemplateFields of(TokenizeRequest request) {
        boolean opens = !request.hasAddGenerationPrompt() || request.getAddGenerationPrompt();
        return of(request.getChatTemplateKwargs(), List.of(), opens);
    }

    private static TemplateFields of(String variables, List<String> documents, boolean opens) {
        Map<String, JsonNode> named = new LinkedHashMap<>();
        if (!variables.isEmpty()) {
            JsonTexts.object("chat_template_kwargs", variables).forEachEntry(named::put);
        }
        require(
                named.size() <= MOST_VARIABLES,
                "chat_template_kwargs",
                named.size() + " names",
                "at most " + MOST_VARIABLES);
        require(
                documents.size() <= MOST_DOCUMENTS,
                "documents",
                documents.size() + " documents",
                "at most " + MOST_DOCUMENTS);
        List<JsonNode> read = documents.stream()
                .<JsonNode>map(document -> JsonTexts.object("documents", document))
                .toList();
        long length = variables.length()
                + documents.stream().mapToLong(String::length).sum();
        return new TemplateFields(named, read, opens, length);
    }

    /** @throws TernException INVALID_ARGUMENT for documents that the model would not be told of */
    void checkAgainst(ChatTemplate template) {
        require(
                documents.isEmpty() || template.tellsDocuments(),
                "documents",
                documents.size() + " documents",
                "none: the model's chat template does not tell of documents");
    }

    Conversation conversation(List<ChatMessage> messages, List<JsonNode> tools) {
        return new Conversation(messages, tools, documents, variables, addGenerationPrompt, LocalDateTime.now());
    }

    /** @throws TernException INVALID_ARGUMENT also where the template fails with what the caller gave it */
    MarkedText render(ChatTemplate template, Conversation conversation) {
        try {
            return template.render(conversation);
        } catch (TemplateException e) {
            if (variables.isEmpty() && documents.isEmpty()) {
                throw e;
            }
            throw TernException.invalid(
                    variables.isEmpty() ? "documents" : "chat_template_kwargs",
                    "refused by the model's chat template: " + e.getMessage(),
                    "what it can read");
        }
    }
}
