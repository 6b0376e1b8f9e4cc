import { expect, test } from 'vitest';
import { errorOf } from '../src/api/http';
import { isLive, seconds, type Job } from '../src/api/jobs';

const job: Job = { id: 'j', type: 'generation', state: 'running', progress: 0, attempt: 1, created_at: '2026-01-01T00:00:00Z' };

test('a job counts its time from its begin to its end', () => {
  const now = Date.parse('2026-01-01T00:00:09Z');
  expect(seconds(job, now)).toBeUndefined();
  expect(seconds({ ...job, started_at: '2026-01-01T00:00:01Z' }, now)).toBe(8);
  expect(seconds({ ...job, started_at: '2026-01-01T00:00:01Z', finished_at: '2026-01-01T00:00:03.500Z' }, now)).toBe(2.5);
});

test('only queued and running jobs live', () => {
  const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
  expect(states.filter((state) => isLive({ ...job, state }))).toEqual(['queued', 'running']);
});

test('both error shapes of the API are read', () => {
  expect(errorOf(400, { detail: 'threshold: 2 (expected: 0..1)', code: 'invalid_argument' }).message).toBe('threshold: 2 (expected: 0..1)');
  expect(errorOf(503, null).message).toBe('the server answered 503');
});
