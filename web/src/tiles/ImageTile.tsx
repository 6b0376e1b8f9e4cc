import { useState, type FormEvent } from 'react';
import { generate, imageRequest, type ImageSettings } from '../api/generate';
import { submit } from '../api/jobs';
import { useSamplers } from '../parts/useSamplers';

const IDEAS = ['red apple', 'blue cat', 'grinning face', 'panda', 'strawberry', 'blue frog'];

interface Props {
  onJob: () => Promise<void>;
}

export function ImageTile({ onJob }: Props) {
  const [settings, setSettings] = useState<ImageSettings>({ prompt: 'red apple', seed: 7, steps: 20, guidance: 3, sampler: 'ddim' });
  const [url, setUrl] = useState<string | null>(null);
  const [step, setStep] = useState<{ done: number; of: number } | null>(null);
  const [figures, setFigures] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const samplers = useSamplers();
  const set = (change: Partial<ImageSettings>) => setSettings({ ...settings, ...change });

  async function draw(s: ImageSettings) {
    running?.abort();
    const abort = new AbortController();
    const begun = performance.now();
    setRunning(abort);
    setProblem(null);
    setFigures(null);
    setUrl(null);
    setStep({ done: 0, of: s.steps });
    try {
      for await (const event of generate(s, abort.signal)) {
        if (event.kind === 'progress') setStep({ done: event.step, of: event.steps });
        else setUrl(event.url);
        if (event.kind === 'image') setFigures(`seed ${s.seed} · ${s.steps} steps of ${s.sampler} · ${((performance.now() - begun) / 1000).toFixed(1)} s`);
      }
    } catch (e) {
      if (!abort.signal.aborted) setProblem((e as Error).message);
    } finally {
      setRunning((r) => (r === abort ? null : r));
    }
  }

  async function asJob() {
    try {
      await submit('generation', imageRequest(settings));
      setProblem(null);
      await onJob();
    } catch (e) {
      setProblem((e as Error).message);
    }
  }

  const send = (e: FormEvent) => {
    e.preventDefault();
    void draw(settings);
  };

  return (
    <section className="tile image" aria-labelledby="image-title">
      <h2 id="image-title">Generate</h2>
      <p className="hint">A small diffusion model that knows emoji: faces, animals, food, and colours.</p>
      <div className="canvas">
        {url ? <img src={url} alt={settings.prompt} /> : <div className="noise" aria-hidden="true" />}
        {step && <progress max={step.of} value={step.done} aria-label="steps" />}
      </div>
      {figures && (
        <p className="figures">
          {figures} · <a href={url ?? ''} download={`${settings.prompt}.png`}>save</a> ·{' '}
          {settings.source ? (
            <button type="button" className="link" onClick={() => set({ source: undefined })}>
              start from noise again
            </button>
          ) : (
            <button type="button" className="link" onClick={() => set({ source: { uri: url ?? '', strength: 0.6 } })}>
              start from this
            </button>
          )}
        </p>
      )}
      {problem && <p className="problem">{problem}</p>}
      <form onSubmit={send}>
        <input value={settings.prompt} onChange={(e) => set({ prompt: e.target.value })} placeholder="What to draw" aria-label="Prompt" list="ideas" />
        <datalist id="ideas">
          {IDEAS.map((i) => (
            <option key={i} value={i} />
          ))}
        </datalist>
        {running ? (
          <button type="button" onClick={() => running.abort()}>
            Stop
          </button>
        ) : (
          <button type="submit">Draw</button>
        )}
        <button type="button" onClick={() => void asJob()} title="Queue it in Kafka and watch it below">
          As job
        </button>
      </form>
      <div className="knobs">
        <label>
          seed
          <input type="number" min={0} value={settings.seed} onChange={(e) => set({ seed: Number(e.target.value) })} />
        </label>
        <label>
          steps
          <input type="number" min={1} max={200} value={settings.steps} onChange={(e) => set({ steps: Number(e.target.value) })} />
        </label>
        <label>
          guidance
          <input type="number" min={1} max={10} step={0.5} value={settings.guidance} onChange={(e) => set({ guidance: Number(e.target.value) })} />
        </label>
        <label>
          sampler
          <select value={settings.sampler} onChange={(e) => set({ sampler: e.target.value })}>
            {samplers.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {settings.source && (
          <label>
            strength
            <input
              type="number"
              min={0.05}
              max={1}
              step={0.05}
              value={settings.source.strength}
              onChange={(e) => set({ source: { uri: settings.source?.uri ?? '', strength: Number(e.target.value) } })}
            />
          </label>
        )}
      </div>
      <p className="hint">
        <a href="#diffusion">How a picture comes about: samplers, guidance, steps, scores</a>
      </p>
    </section>
  );
}
