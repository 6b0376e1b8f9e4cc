import { call, post } from './http';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired';

export interface Job {
  id: string;
  type: 'detection' | 'generation' | 'decoding';
  state: JobState;
  progress: number;
  attempt: number;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
  error?: { code: string; message: string } | null;
  result?: { content_type: string; size_bytes: number; url: string } | null;
}

export const isLive = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

export const jobs = async (): Promise<Job[]> => (await call<{ data: Job[] }>('/v1/jobs?limit=6')).data;

export const submit = (type: Job['type'], request: unknown): Promise<Job> => call<Job>('/v1/jobs', post({ type, request }));

export const cancel = (id: string): Promise<Job> => call<Job>(`/v1/jobs/${id}/cancel`, { method: 'POST' });

/** Seconds between the job's begin and its end, or until now. */
export function seconds(job: Job, now: number): number | undefined {
  if (!job.started_at) return undefined;
  const end = job.finished_at ? Date.parse(job.finished_at) : now;
  return Math.max(0, (end - Date.parse(job.started_at)) / 1000);
}
