import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gramsOf, isNearMiss, searchQuery, searchVector, termsOf } from './search.ts';

describe('what a dataset is found by', () => {
  test('names are taken apart at cases, dashes and digits stay together', () => {
    expect(termsOf('nycFlights_2013-raw')).toEqual(['nyc', 'flights', '2013', 'raw']);
    expect(termsOf('航班 data')).toEqual(['航', '航班', '班', 'data']);
  });

  test('a word counts where it weighs most', () => {
    const vector = searchVector({ name: 'flights', columns: ['carrier', 'flights'], tags: ['air'], owner: 'ann', description: 'flights by air' });
    expect(vector).toContain("'flights':1A");
    expect(vector).toContain("'carrier':1B");
    expect(vector).toContain("'air':1C");
    expect(vector.match(/'flights'/g)).toHaveLength(1);
  });

  test('no text breaks out of a query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), text => {
        for (const part of searchQuery(text)?.split(' & ') ?? []) expect(part).toMatch(/^'[^'\\]*':\*$/u);
      })
    );
    expect(searchQuery(" !&|'():* ")).toBeUndefined();
  });

  test.each([
    ['flgihts', 'flights'],
    ['fligts', 'nyc-flights-2013'],
    ['airlnes', 'airlines'],
    ['wether', 'weather'],
    ['sles berlin', 'sales_berlin_2024'],
    ['passanger', 'passengers']
  ])('%s finds %s', (query, name) => {
    expect(isNearMiss(query, name)).toBe(true);
    expect(gramsOf(name).some(gram => gramsOf(query).includes(gram))).toBe(true);
  });

  test.each([
    ['fl', 'flights'],
    ['planes', 'flights'],
    ['flights', 'airports']
  ])('%s does not find %s', (query, name) => {
    expect(isNearMiss(query, name)).toBe(false);
  });
});
