import { useState } from 'react';
import type { ImageSettings } from '../api/generate';
import { useSamplers } from '../parts/useSamplers';
import { Plane } from './Plane';
import { Sheet } from './Sheet';

const GUIDANCE = [1, 1.5, 2, 3, 5, 8, 15, 30];
const STEPS = [1, 2, 3, 4, 6, 8, 12, 20, 50];

/** What seed, sampler, guidance and steps do, each alone. */
export function DiffusionPage() {
  const [settings, setSettings] = useState<ImageSettings>({ prompt: 'red apple', seed: 7, steps: 20, guidance: 3, sampler: 'ddim' });
  const samplers = useSamplers();
  const set = (change: Partial<ImageSettings>) => setSettings({ ...settings, ...change });
  return (
    <section className="tile diffusion" aria-labelledby="diffusion-title">
      <h2 id="diffusion-title">How a picture comes about</h2>
      <div className="knobs">
        <label>
          prompt
          <input value={settings.prompt} onChange={(e) => set({ prompt: e.target.value })} aria-label="Prompt of all" />
        </label>
        <label>
          seed
          <input type="number" min={0} value={settings.seed} onChange={(e) => set({ seed: Number(e.target.value) })} aria-label="Seed of all" />
        </label>
      </div>
      <Sheet
        title="Same seed, every sampler"
        hint="20 steps, guidance 3. Those that follow the ODE agree; those that draw noise on the way differ in their grain."
        settings={settings}
        variants={samplers.map((sampler) => ({ label: sampler, change: { sampler } }))}
      />
      <Sheet
        title="Guidance"
        hint="20 steps of ddim. From what the model knows of the prompt to what it exaggerates."
        settings={settings}
        variants={GUIDANCE.map((guidance) => ({ label: `guidance ${guidance}`, change: { guidance } }))}
      />
      <Sheet
        title="Steps"
        hint="dpmpp_2m, guidance 3. How soon the picture is there."
        settings={settings}
        variants={STEPS.map((steps) => ({ label: steps === 1 ? '1 step' : `${steps} steps`, change: { steps, sampler: 'dpmpp_2m' } }))}
      />
      <Plane />
    </section>
  );
}
