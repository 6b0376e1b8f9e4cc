package io.tern.text.chat;

/** One turn of a conversation. */
public record ChatMessage(String role, String content) {}
