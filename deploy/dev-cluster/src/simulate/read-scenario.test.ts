import { describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clusterRoot } from '../settings.ts';
import { readScenario } from './read-scenario.ts';

const good = `durationMinutes: 10
pools:
  - name: gpu
    nodes: 2
    perNode: { cpu: 8, memoryGiB: 32, gpu: 4 }
tenants:
  - name: a
arrivals:
  - tenant: a
    perHour: 6
    processes: 2
    perProcess: { cpu: 1, memoryGiB: 1, gpu: 1 }
    minutes: { mean: 5 }
`;

describe('a scenario', () => {
  test('that is right is read, and so is the one in the folder', async () => {
    expect(readScenario(good, 'x').arrivals[0]?.minutes).toEqual({ mean: 5 });
    const text = await readFile(join(clusterRoot, 'scenarios/two-tenants.yaml'), 'utf8');
    expect(readScenario(text, 'x').whatIf?.length).toBe(2);
  });

  test.each([
    ['a word nobody knows', good.replace('nodes: 2', 'nods: 2'), "f:3: pools.0 needs 'nodes'\nf:4: pools.0.nods is a field nobody knows; is it misspelled?"],
    ['a wrong type', good.replace('nodes: 2', 'nodes: two'), 'f:4: pools.0.nodes must be integer'],
    ['a duration of no known form', good.replace('{ mean: 5 }', '{ around: 5 }'), 'f:13: arrivals.0.minutes must be a number, {from: …, to: …} or {mean: …}'],
    ['a tenant that is not there', good.replace('tenant: a', 'tenant: b'), "f:9: arrivals.0.tenant is 'b', but the scenario has no such tenant; it has a"],
    ['a job no node can hold', good.replace('cpu: 1,', 'cpu: 9,'), 'f:12: arrivals.0.perProcess fits on no node of the pools, so these jobs would wait for ever'],
    [
      'a range upside down',
      good.replace('processes: 2', 'processes: { from: 4, to: 2 }'),
      "f:11: arrivals.0.processes goes from a larger number to a smaller one: swap 'from' and 'to'"
    ],
    ['neither a rate nor a burst', good.replace('    perHour: 6\n', ''), 'f:9: arrivals.0 must say either perHour or burst'],
    ['more jobs than can be played', good.replace('perHour: 6', 'perHour: 1000000'), 'f:9: arrivals make about 166667 jobs; at most 20000 can be simulated']
  ])('with %s is refused with the line and the reason', (_what, text, message) => {
    expect(() => readScenario(text, 'f')).toThrow(message);
  });

  test('that is no YAML is refused with the line', () => {
    expect(() => readScenario('durationMinutes: 10\npools: [', 'f')).toThrow(/^f:2: this is not valid YAML — /);
  });
});
