import { useEffect, useRef, useState } from 'react';
import { generate, type ImageSettings } from '../api/generate';

export interface Variant {
  label: string;
  change: Partial<ImageSettings>;
}

interface Props {
  title: string;
  hint: string;
  settings: ImageSettings;
  variants: Variant[];
}

/** One prompt and seed with one thing changed from picture to picture: where they agree, and where they part. */
export function Sheet({ title, hint, settings, variants }: Props) {
  const [drawn, setDrawn] = useState<Record<string, { url: string; whole: boolean }>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function drawAll() {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setDrawn({});
    setProblem(null);
    try {
      for (const { label, change } of variants) {
        for await (const event of generate({ ...settings, ...change }, abort.signal)) {
          if (event.kind !== 'progress') setDrawn((found) => ({ ...found, [label]: { url: event.url, whole: event.kind === 'image' } }));
        }
      }
    } catch (e) {
      if (!abort.signal.aborted) setProblem((e as Error).message);
    }
  }

  return (
    <section className="sheet" aria-label={title}>
      <h3>{title}</h3>
      <p className="hint">{hint}</p>
      <button type="button" onClick={() => void drawAll()}>
        Draw all {variants.length}
      </button>
      {problem && <p className="problem">{problem}</p>}
      <div className="sheet-grid">
        {variants.map(({ label }) => (
          <figure key={label} data-whole={drawn[label]?.whole ?? false}>
            {drawn[label] ? <img src={drawn[label].url} alt={`${settings.prompt}, ${label}`} /> : <div className="noise" aria-hidden="true" />}
            <figcaption>{label}</figcaption>
          </figure>
        ))}
      </div>
    </section>
  );
}
