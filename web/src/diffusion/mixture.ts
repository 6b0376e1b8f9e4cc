/**
 * Two round Gaussians in the plane, whose score is known at every level of noise, and three ways from noise to them. The
 * engine's own tests run on the same mixture.
 */
export interface Point {
  x: number;
  y: number;
}

export const WAYS = ['sde', 'ode', 'langevin'] as const;
export type Way = (typeof WAYS)[number];

export const DEVIATION = 0.35;
export const PARTS = [
  { weight: 0.35, x: -1.2, y: -0.8 },
  { weight: 0.65, x: 0.9, y: 0.7 },
];
/** Of the noise, from where it begins to where it ends. */
export const MOST = 3;
export const LEAST = 0.01;
const STEPS = 120;
const LANGEVIN_STEPS = 3;
const SNR = 0.2;

/** The gradient of the log density of data with noise of this deviation. Vincent 2011. */
export function score(at: Point, sigma: number): Point {
  const variance = DEVIATION ** 2 + sigma ** 2;
  const logs = PARTS.map((part) => Math.log(part.weight) - ((at.x - part.x) ** 2 + (at.y - part.y) ** 2) / (2 * variance));
  const most = Math.max(...logs);
  const masses = logs.map((log) => Math.exp(log - most));
  const sum = masses.reduce((a, b) => a + b, 0);
  const towards = { x: 0, y: 0 };
  PARTS.forEach((part, k) => {
    towards.x += ((masses[k] ?? 0) / sum) * (part.x - at.x);
    towards.y += ((masses[k] ?? 0) / sum) * (part.y - at.y);
  });
  return { x: towards.x / variance, y: towards.y / variance };
}

/** Standard-normal numbers that are the same for the same seed: mulberry32, Box and Muller 1958. */
export function normal(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const sigmaOf = (step: number) => MOST * (LEAST / MOST) ** (step / STEPS);
const moved = (from: Point, length: number, along: Point): Point => ({ x: from.x + length * along.x, y: from.y + length * along.y });

/** The points of one way, from its start to data. */
export function trajectory(way: Way, start: Point, noise: () => number): Point[] {
  const seen = [start];
  let at = start;
  const shaken = (from: Point, deviation: number) => moved(from, deviation, { x: noise(), y: noise() });
  for (let i = 0; i < STEPS; i++) {
    const sigma = sigmaOf(i);
    const next = sigmaOf(i + 1);
    const lost = sigma ** 2 - next ** 2; // variance
    if (way === 'sde') {
      // Song et al. 2021, algorithm 2, the predictor.
      at = shaken(moved(at, lost, score(at, sigma)), Math.sqrt(lost));
    } else if (way === 'ode') {
      // Song et al. 2021, eq. 13, by Heun's method in the variance.
      const first = score(at, sigma);
      const second = score(moved(at, lost / 2, first), next);
      at = moved(moved(at, lost / 4, first), lost / 4, second);
    } else {
      // Song and Ermon 2019, algorithm 1, with steps in proportion to the noise.
      for (let k = 0; k < LANGEVIN_STEPS; k++) {
        const step = 2 * (SNR * next) ** 2;
        at = shaken(moved(at, step, score(at, next)), Math.sqrt(2 * step));
      }
    }
    seen.push(at);
  }
  return seen;
}
