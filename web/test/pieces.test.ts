import { expect, test } from 'vitest';
import { pieces } from '../src/api/chat';

test('marks each token of a chunk by its origin', () => {
  expect(
    pieces('the cat', [
      { text: 'the', drafted: true },
      { text: ' cat', drafted: false },
    ]),
  ).toEqual([
    { text: 'the', drafted: true },
    { text: ' cat', drafted: false },
  ]);
});

test('keeps the text of a chunk whose tokens end within a character', () => {
  expect(pieces('🎉', [{ text: '\ufffd' }, { text: '\ufffd', drafted: true }, { text: '\ufffd', drafted: true }])).toEqual([
    { text: '🎉', drafted: true },
  ]);
});

test('shows a chunk without token data as not drafted', () => {
  expect(pieces('hello', [])).toEqual([{ text: 'hello', drafted: false }]);
});
