import { useRef, useState } from 'react';
import { generate, type ImageSettings } from '../api/generate';

interface Props {
  settings: ImageSettings;
  names: string[];
}

/** One prompt and seed under every sampler, side by side: where they agree, and where they part. */
export function SamplerSheet({ settings, names }: Props) {
  const [urls, setUrls] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController | null>(null);

  async function drawAll() {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setUrls({});
    setProblem(null);
    try {
      for (const sampler of names) {
        for await (const event of generate({ ...settings, sampler }, abort.signal)) {
          if (event.kind !== 'progress') setUrls((found) => ({ ...found, [sampler]: event.url }));
        }
      }
    } catch (e) {
      if (!abort.signal.aborted) setProblem((e as Error).message);
    }
  }

  return (
    <details className="sheet" onToggle={(e) => e.currentTarget.open || running.current?.abort()}>
      <summary>Same seed, every sampler</summary>
      <button type="button" onClick={() => void drawAll()}>
        Draw all {names.length}
      </button>
      {problem && <p className="problem">{problem}</p>}
      <div className="sheet-grid">
        {names.map((name) => (
          <figure key={name}>
            {urls[name] ? <img src={urls[name]} alt={`${settings.prompt} by ${name}`} /> : <div className="noise" aria-hidden="true" />}
            <figcaption>{name}</figcaption>
          </figure>
        ))}
      </div>
    </details>
  );
}
