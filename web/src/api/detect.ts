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
  data: { width: number; height: number; detections: Detection[] }[];
  timings?: { total_ms?: number };
}

export function detect(picture: Blob, threshold: number, signal: AbortSignal): Promise<Detections> {
  const form = new FormData();
  form.append('image', picture, 'picture');
  form.append('threshold', String(threshold));
  return call<Detections>('/v1/detections', { method: 'POST', body: form, signal });
}
