import { useMemo, useState } from 'react';
import { DEVIATION, MOST, PARTS, WAYS, normal, score, trajectory, type Point, type Way } from './mixture';

const REACH = 6; // the plane is shown from -REACH to REACH
const GRID = 17;
const POINTS = 12;
const COLOURS = ['#d1495b', '#00798c', '#edae49', '#30638e', '#6a994e', '#9d4edd'];
const NAMES: Record<Way, string> = {
  sde: 'reverse-time SDE',
  ode: 'probability-flow ODE',
  langevin: 'annealed Langevin dynamics',
};

/** Scores of a mixture in the plane, and the ways of the same points of noise to data. */
export function Plane() {
  const [sigma, setSigma] = useState(0.5);
  const [seed, setSeed] = useState(4);
  const ways = useMemo(() => WAYS.map((way) => ({ way, lines: lines(way, seed) })), [seed]);
  return (
    <section className="sheet plane" aria-labelledby="plane-title">
      <h3 id="plane-title">From noise to data, in the plane</h3>
      <p className="hint">
        The data are two Gaussians, ringed at one and two deviations, so that their score is known and no network is asked. The same twelve points of noise go
        three ways to them.
      </p>
      <div className="knobs">
        <label>
          noise of the field
          <input type="range" min={0.05} max={3} step={0.05} value={sigma} onChange={(e) => setSigma(Number(e.target.value))} aria-label="Noise of the field" />
          σ = {sigma.toFixed(2)}
        </label>
        <label>
          seed
          <input type="number" min={0} value={seed} onChange={(e) => setSeed(Number(e.target.value))} aria-label="Seed of the plane" />
        </label>
      </div>
      <div className="planes">
        <Panel name={`score at σ = ${sigma.toFixed(2)}`}>
          {field(sigma).map(({ from, to }, i) => (
            <line key={i} className="arrow" x1={from.x} y1={-from.y} x2={to.x} y2={-to.y} markerEnd="url(#tip)" />
          ))}
        </Panel>
        {ways.map(({ way, lines: drawn }) => (
          <Panel key={way} name={NAMES[way]} way={way}>
            {drawn.map((line, i) => (
              <polyline key={i} stroke={COLOURS[i % COLOURS.length]} points={line.map((p) => `${p.x.toFixed(3)},${(-p.y).toFixed(3)}`).join(' ')} />
            ))}
            {drawn.map((line, i) => (
              <circle key={i} className="end" fill={COLOURS[i % COLOURS.length]} cx={line.at(-1)?.x} cy={-(line.at(-1)?.y ?? 0)} r={0.15} />
            ))}
          </Panel>
        ))}
      </div>
    </section>
  );
}

function Panel({ name, way, children }: { name: string; way?: Way; children: React.ReactNode }) {
  return (
    <figure data-way={way ?? 'field'}>
      <svg viewBox={`${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`} role="img" aria-label={name}>
        <defs>
          <marker id="tip" viewBox="0 0 4 4" refX="2" refY="2" markerWidth="4" markerHeight="4" orient="auto">
            <circle cx="2" cy="2" r="1.4" />
          </marker>
        </defs>
        {PARTS.flatMap((part) => [1, 2].map((n) => <circle key={`${part.x} ${n}`} className="ring" cx={part.x} cy={-part.y} r={n * DEVIATION} />))}
        {children}
      </svg>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

/** Arrows as long as the logarithm of σ times the score. */
function field(sigma: number): { from: Point; to: Point }[] {
  const places = Array.from({ length: GRID }, (_, i) => -REACH + ((i + 0.5) * 2 * REACH) / GRID);
  return places.flatMap((x) =>
    places.map((y) => {
      const from = { x, y };
      const along = score(from, sigma);
      const length = Math.hypot(along.x, along.y) * sigma;
      const scale = (0.2 * sigma * Math.log1p(length)) / Math.max(length, 1e-9);
      return { from, to: { x: x + scale * along.x, y: y + scale * along.y } };
    }),
  );
}

/** Of one way; the points of noise are the same for all ways of a seed. */
function lines(way: Way, seed: number): Point[][] {
  const draw = normal(seed);
  const starts = Array.from({ length: POINTS }, () => ({ x: MOST * draw(), y: MOST * draw() }));
  return starts.map((start, i) => trajectory(way, start, normal(1000 * seed + i + 1)));
}
