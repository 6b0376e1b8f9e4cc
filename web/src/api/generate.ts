import { call, post } from './http';
import { stream } from './stream';

export interface ImageSettings {
  prompt: string;
  seed: number;
  steps: number;
  guidance: number;
  sampler: string;
  /** A picture to start from, as a data: URI, and how much of it is given up. */
  source?: { uri: string; strength: number };
}

export type ImageEvent =
  | { kind: 'progress'; step: number; steps: number }
  | { kind: 'preview'; url: string }
  | { kind: 'image'; url: string };

export const imageRequest = (s: ImageSettings) => ({
  prompt: s.prompt,
  seed: s.seed,
  steps: s.steps,
  guidance_scale: s.guidance,
  sampler: s.sampler,
  ...(s.source ? { image: s.source.uri, strength: s.source.strength } : {}),
});

/** Names of the samplers that the server has. */
export const samplers = async (): Promise<string[]> => (await call<{ name: string }[]>('/sdapi/v1/samplers')).map((s) => s.name);

export async function* generate(settings: ImageSettings, signal: AbortSignal): AsyncGenerator<ImageEvent> {
  const body = { ...imageRequest(settings), stream: true, preview_every: 2 };
  for await (const { event, data } of stream('/v1/images/generations', post(body, signal))) {
    const d = data as { type?: string; step?: number; steps?: number; b64_json?: string };
    const type = d.type ?? event;
    if (type.endsWith('progress')) yield { kind: 'progress', step: d.step ?? 0, steps: d.steps ?? settings.steps };
    if (type.endsWith('partial_image')) yield { kind: 'preview', url: `data:image/png;base64,${d.b64_json}` };
    if (type.endsWith('completed')) yield { kind: 'image', url: `data:image/png;base64,${d.b64_json}` };
  }
}
