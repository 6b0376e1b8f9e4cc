import { expect, test } from 'vitest';
import { DEVIATION, MOST, PARTS, WAYS, normal, score, trajectory, type Point } from '../src/diffusion/mixture';

const logDensity = (at: Point, sigma: number) => {
  const variance = DEVIATION ** 2 + sigma ** 2;
  return Math.log(
    PARTS.reduce((sum, part) => sum + (part.weight / variance) * Math.exp(-((at.x - part.x) ** 2 + (at.y - part.y) ** 2) / (2 * variance)), 0),
  );
};

test('the score is the gradient of the log density', () => {
  const h = 1e-5;
  for (const sigma of [0.05, 0.5, 3]) {
    for (const at of [{ x: 0.2, y: -0.1 }, { x: -1.5, y: 0.4 }, { x: 2, y: 2 }]) {
      const found = score(at, sigma);
      const slope = (d: Point) => (logDensity({ x: at.x + h * d.x, y: at.y + h * d.y }, sigma) - logDensity({ x: at.x - h * d.x, y: at.y - h * d.y }, sigma)) / (2 * h);
      expect(found.x).toBeCloseTo(slope({ x: 1, y: 0 }), 4);
      expect(found.y).toBeCloseTo(slope({ x: 0, y: 1 }), 4);
    }
  }
});

test('far from the data there is a score, too', () => {
  const far = score({ x: 500, y: 500 }, 0.01);
  expect(Number.isFinite(far.x)).toBe(true);
  expect(far.x).toBeLessThan(0);
});

// Of 2,000 points a mean's standard error is 0.03, and a share's 0.011; bounds are four of them and what the steps leave.
test.each(WAYS)('%s leads from noise to the data', (way) => {
  const draw = normal(1);
  const ends = Array.from({ length: 2000 }, (_, i) => trajectory(way, { x: MOST * draw(), y: MOST * draw() }, normal(i + 7)).at(-1) as Point);
  const right = ends.filter((end) => end.x + end.y > 0).length / ends.length;
  expect(Math.abs(right - 0.65)).toBeLessThan(0.08);
  const near = ends.filter((end) => PARTS.some((part) => Math.hypot(end.x - part.x, end.y - part.y) < 4 * DEVIATION)).length / ends.length;
  expect(near).toBeGreaterThan(0.99);
});

test('the same seed gives the same way, another one another', () => {
  const start = { x: 2, y: -1 };
  expect(trajectory('sde', start, normal(3))).toEqual(trajectory('sde', start, normal(3)));
  expect(trajectory('sde', start, normal(4))).not.toEqual(trajectory('sde', start, normal(3)));
  expect(trajectory('ode', start, normal(4))).toEqual(trajectory('ode', start, normal(3)));
});
