import { expect, test } from 'vitest';
import { nest } from '../src/parts/DraftTree';

test('puts each token behind the one that it follows', () => {
  const draft = [
    { text: 'a', parent: -1, accepted: true },
    { text: 'b', parent: 0, accepted: true },
    { text: 'c', parent: 0, accepted: false },
    { text: 'd', parent: -1, accepted: false },
    { text: 'e', parent: 2, accepted: false },
  ];
  const roots = nest(draft);
  expect(roots.map((node) => node.text)).toEqual(['a', 'd']);
  expect(roots[0]?.next.map((node) => node.text)).toEqual(['b', 'c']);
  expect(roots[0]?.next[1]?.next.map((node) => node.text)).toEqual(['e']);
});

test('shows a token whose parent is not there behind the text', () => {
  expect(nest([{ text: 'x', parent: 7, accepted: false }])).toHaveLength(1);
});
