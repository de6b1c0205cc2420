import { describe, expect, test } from '@jest/globals';
import type { Catalogue } from './catalogue';
import { zhCn, zhCnParts } from './zh-cn';
import { messagesOf, placeholdersOf, readMessages } from '../testing/messages.test-support';

const folder = (expect.getState().testPath ?? '').replace(/kit[\\/]src[\\/].*$/, '');
const { messages, unreadable } = readMessages(folder);
const asked = { texts: messages.filter(({ plural }) => plural === undefined), counted: messages.filter(({ plural }) => plural !== undefined) };
const kinds = ['texts', 'counted'] as const;

function missing(catalogue: Catalogue): string[] {
  return kinds.flatMap(kind => asked[kind].filter(({ key }) => !Object.hasOwn(catalogue[kind], key)).map(({ key, place }) => `${place} ${JSON.stringify(key)}`));
}

function stale(catalogue: Catalogue): string[] {
  return kinds.flatMap(kind => {
    const keys = new Set(asked[kind].map(({ key }) => key));
    return Object.keys(catalogue[kind]).filter(key => !keys.has(key));
  });
}

describe('the Simplified Chinese catalogue', () => {
  test('the sources of all panels are read', () => {
    expect(new Set(messages.map(({ place }) => place.slice(folder.length).split('/')[0])).size).toBeGreaterThanOrEqual(8);
    expect(unreadable).toEqual([]);
  });
  test('every text of the panels is in it', () => expect(missing(zhCn)).toEqual([]));
  test('nothing else is in it', () => expect(stale(zhCn)).toEqual([]));
  test('every translation takes the arguments of its original', () => {
    const wrong = kinds.flatMap(kind =>
      asked[kind].filter(({ key, plural }) => placeholdersOf(plural ?? key) !== placeholdersOf(zhCn[kind][key] ?? '')).map(({ key }) => `${key} → ${zhCn[kind][key]}`)
    );
    expect(wrong).toEqual([]);
  });
  test('a key is in one part only, and is either counted or not', () => {
    const keys = zhCnParts.flatMap(part => kinds.flatMap(kind => Object.keys(part[kind])));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
  test('no translation is empty or has spaces around it', () => {
    expect(kinds.flatMap(kind => Object.entries(zhCn[kind]).filter(([, text]) => text === '' || text !== text.trim()))).toEqual([]);
  });
});

describe('texts in a source', () => {
  const read = (source: string) => messagesOf('panel.tsx', source);
  test('literals, plurals and contexts are found', () => {
    const { messages: found } = read("t.__('A'); t._n('%1 b', '%1 bs', n); t._p('verb', 'Run'); t._np('c', 'x', 'xs', n); other('D');");
    expect(found.map(({ key, plural }) => [key, plural])).toEqual([
      ['A', undefined],
      ['%1 b', '%1 bs'],
      ['verb\u0004Run', undefined],
      ['c\u0004x', 'xs']
    ]);
  });
  test('a text that is put together is named with its line', () => {
    expect(read("const a = 1;\nt.__(`now ${a}`); t.__(isOn ? 'on' : 'off');").unreadable).toEqual(['panel.tsx:2 t.__(`now ${a}`)', "panel.tsx:2 t.__(isOn ? 'on' : 'off')"]);
  });
  test('placeholders are compared as a set', () => expect(placeholdersOf('%2 of %1, %2')).toBe('%1,%2'));
});
