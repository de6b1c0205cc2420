import { expect, test } from '@jest/globals';
import { namedOrigin } from './named-origin.ts';

test.each([
  ['', undefined],
  ['http://127.0.0.1:8000', undefined],
  ['https://lab.example.org', 'https://lab.example.org'],
  ['http://127.0.0.1.example.org', 'http://127.0.0.1.example.org']
])('%j names %j', (origin, named) => {
  expect(namedOrigin(origin)).toBe(named);
});
