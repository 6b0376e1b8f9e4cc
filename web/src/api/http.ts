import { withKey } from './key';

/** What the server said was wrong: its own sentence, and the field if it named one. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly field?: string,
  ) {
    super(message);
  }
}

/** Reads both error shapes of the API: OpenAI's `{error: {message}}` and RFC 9457's `{detail}`. */
export function errorOf(status: number, body: unknown): ApiError {
  const o = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const inner = (typeof o['error'] === 'object' && o['error'] !== null ? o['error'] : o) as Record<string, unknown>;
  const text = [inner['message'], inner['detail'], inner['title']].find((t) => typeof t === 'string' && t !== '');
  const field = typeof inner['param'] === 'string' ? inner['param'] : undefined;
  return new ApiError((text as string | undefined) ?? `the server answered ${status}`, status, field);
}

export async function call<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(path, withKey(init));
  const body: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw errorOf(answer.status, body);
  return body as T;
}

/** An address that an element of the page can load: where the server asks for a key, of a copy that must be revoked. */
export async function source(path: string): Promise<string> {
  const answer = await fetch(path, withKey());
  if (!answer.ok) throw errorOf(answer.status, await answer.json().catch(() => null));
  return URL.createObjectURL(await answer.blob());
}

export const post = (body: unknown, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
  ...(signal ? { signal } : {}),
});
