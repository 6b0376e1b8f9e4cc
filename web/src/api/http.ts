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
  const answer = await fetch(path, init);
  const body: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw errorOf(answer.status, body);
  return body as T;
}

export const post = (body: unknown, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
  ...(signal ? { signal } : {}),
});
