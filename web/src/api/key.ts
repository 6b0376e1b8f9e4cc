const NAME = 'tern.key';

/** The key that this browser calls with, where the server asks for one. */
export const key = {
  get: () => globalThis.localStorage?.getItem(NAME) ?? '',
  set: (value: string) => localStorage.setItem(NAME, value),
};

export function withKey(init: RequestInit = {}): RequestInit {
  if (key.get() === '') return init;
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${key.get()}`);
  return { ...init, headers };
}
