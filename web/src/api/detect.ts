import { call } from './http';

export interface Detection {
  class: string;
  class_id: number;
  score: number;
  /** x1, y1, x2, y2 in pixels of the picture. */
  box: [number, number, number, number];
}

export interface Detections {
  model: string;
  data: { width: number; height: number; detections: Detection[]; annotated?: string }[];
  timings?: { total_ms?: number };
}

export interface Wishes {
  /** Empty: the default one. */
  model: string;
  threshold: number;
  /** As `2x2`; empty: in the whole picture only. */
  tiles: string;
}

export function detect(picture: Blob, wishes: Wishes, signal: AbortSignal): Promise<Detections> {
  return ask(picture, wishes, {}, signal);
}

/** The picture as a PNG with its boxes drawn, as a data: URI. */
export async function drawn(picture: Blob, wishes: Wishes): Promise<string> {
  const found = await ask(picture, wishes, { annotate: 'true' });
  return `data:image/png;base64,${found.data[0]?.annotated ?? ''}`;
}

function ask(picture: Blob, wishes: Wishes, more: Record<string, string>, signal?: AbortSignal): Promise<Detections> {
  const form = new FormData();
  form.append('image', picture, 'picture');
  for (const [name, value] of Object.entries({ ...wishes, ...more })) form.append(name, String(value));
  return call<Detections>('/v1/detections', { method: 'POST', body: form, signal });
}
