import { EventSourceParserStream } from 'eventsource-parser/stream';
import { errorOf } from './http';
import { withKey } from './key';

export interface ServerEvent {
  event: string;
  data: unknown;
}

/**
 * Posts and yields the events of the answer as they come; ends at `[DONE]` or when the server closes. An event that
 * holds an error is thrown. Leaving the loop or aborting the signal closes the connection, which stops the work.
 */
export async function* stream(path: string, init: RequestInit): AsyncGenerator<ServerEvent> {
  const answer = await fetch(path, withKey(init));
  if (!answer.ok || answer.body === null) {
    throw errorOf(answer.status, await answer.json().catch(() => null));
  }
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done || value.data === '[DONE]') return;
      const data: unknown = JSON.parse(value.data);
      if (typeof data === 'object' && data !== null && 'error' in data) throw errorOf(answer.status, data);
      yield { event: value.event ?? 'message', data };
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
