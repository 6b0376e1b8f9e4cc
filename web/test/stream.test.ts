import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ApiError } from '../src/api/http';
import { stream } from '../src/api/stream';

let server: Server | undefined;

afterEach(() => server?.close());

/** A real server that answers every request with `respond`. */
function serve(respond: (response: ServerResponse) => void): Promise<string> {
  return new Promise((resolve) => {
    server = createServer((_, response) => respond(response)).listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server!.address() as AddressInfo).port}/`);
    });
  });
}

async function all(url: string) {
  const seen = [];
  for await (const event of stream(url, { method: 'POST' })) seen.push(event);
  return seen;
}

const events = (body: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.end(body);
};

test('yields events in order and ends at [DONE]', async () => {
  const url = await serve(events('event: a\ndata: {"n":1}\n\n: heartbeat\n\ndata: {"n":2}\n\ndata: [DONE]\n\ndata: {"n":3}\n\n'));
  expect(await all(url)).toEqual([
    { event: 'a', data: { n: 1 } },
    { event: 'message', data: { n: 2 } },
  ]);
});

test('joins an event that comes in pieces, also within a character', async () => {
  const bytes = Buffer.from('data: {"text":"naïve 🎉"}\n\n');
  const url = await serve((response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(bytes.subarray(0, 18));
    setImmediate(() => {
      response.write(bytes.subarray(18, 24));
      setImmediate(() => response.end(bytes.subarray(24)));
    });
  });
  expect(await all(url)).toEqual([{ event: 'message', data: { text: 'naïve 🎉' } }]);
});

test('throws the sentence of an error in the stream', async () => {
  const url = await serve(events('data: {"n":1}\n\ndata: {"error":{"message":"model went away","code":"unavailable"}}\n\n'));
  await expect(all(url)).rejects.toThrow('model went away');
});

test('throws the sentence and the field of an error status', async () => {
  const url = await serve((response) => {
    response.writeHead(400, { 'Content-Type': 'application/json' });
    response.end('{"error":{"message":"steps: -1 (expected: 1..1000)","param":"steps"}}');
  });
  const error = await all(url).catch((e: unknown) => e as ApiError);
  expect(error).toMatchObject({ message: 'steps: -1 (expected: 1..1000)', field: 'steps', status: 400 });
});

test('closes the connection when the reader leaves', async () => {
  let left: () => void;
  const closed = new Promise<void>((resolve) => (left = resolve));
  const url = await serve((response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write('data: {"n":1}\n\n');
    response.on('close', () => left());
  });
  for await (const event of stream(url, { method: 'POST' })) {
    expect(event.data).toEqual({ n: 1 });
    break;
  }
  await closed;
});
