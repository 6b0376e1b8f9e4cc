import { post } from './http';
import { stream } from './stream';

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** A piece of text and whether it was drafted ahead and accepted, or chosen by the model itself. */
export interface Piece {
  text: string;
  drafted: boolean;
}

/** A drafted token: `parent` is its place in the draft, or -1 where it follows the text. */
export interface Drafted {
  text: string;
  parent: number;
  accepted: boolean;
}

export interface Speculation {
  drafter: string;
  steps: number;
  drafted_tokens: number;
  accepted_tokens: number;
  mean_acceptance_length: number;
}

export interface ChatSettings {
  drafter: string;
  tree: boolean;
  temperature: number;
  repetitionPenalty: number;
}

/** A model of this size repeats itself when it is greedy; a little of both keeps it going and to the point. */
export const CHAT_DEFAULTS: ChatSettings = { drafter: 'auto', tree: false, temperature: 0.3, repetitionPenalty: 1.15 };

export type ChatEvent = { pieces: Piece[]; draft: Drafted[] } | { usage: { completion_tokens: number }; speculation?: Speculation };

interface Chunk {
  choices: { delta: { content?: string | null } }[];
  usage?: { completion_tokens: number } | null;
  metrics?: { speculative_decoding?: Speculation };
  tern?: { tokens?: { text: string; drafted?: boolean }[]; draft?: Drafted[] };
}

export async function* chat(messages: Message[], settings: ChatSettings, signal: AbortSignal): AsyncGenerator<ChatEvent> {
  const body = {
    messages,
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 400,
    temperature: settings.temperature,
    repetition_penalty: settings.repetitionPenalty,
    speculation: settings.drafter === 'none' ? 'off' : { drafter: settings.drafter, tree: settings.tree },
  };
  for await (const { data } of stream('/v1/chat/completions', post(body, signal))) {
    const chunk = data as Chunk;
    const content = chunk.choices[0]?.delta.content;
    const draft = chunk.tern?.draft ?? [];
    if (content || draft.length > 0) yield { pieces: content ? pieces(content, chunk.tern?.tokens ?? []) : [], draft };
    if (chunk.usage) {
      const speculation = chunk.metrics?.speculative_decoding;
      yield { usage: chunk.usage, ...(speculation ? { speculation } : {}) };
    }
  }
}

/**
 * Splits a chunk's text by its tokens. A token that ends within a character has no text of its own yet; then the tokens
 * do not add up to the text, and the chunk is one piece, drafted if most of its tokens were.
 */
export function pieces(content: string, tokens: { text: string; drafted?: boolean }[]): Piece[] {
  if (tokens.length > 0 && tokens.map((t) => t.text).join('') === content) {
    return tokens.map((t) => ({ text: t.text, drafted: t.drafted ?? false }));
  }
  const drafted = tokens.filter((t) => t.drafted).length;
  return [{ text: content, drafted: drafted * 2 > tokens.length }];
}
