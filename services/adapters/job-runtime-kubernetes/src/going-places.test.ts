import { describe, expect, test } from '@jest/globals';
import { ApiException } from '@kubernetes/client-node';
import type { JobRuntime } from '@stratalab/kernel';
import { withGoingPlaces } from './going-places.ts';

const attempt = { tenant: 'a', jobId: 'j', attempt: 1 };
const refused = (): Promise<never> => Promise.reject(new ApiException(403, 'forbidden', '', {}));
const unused = (): never => {
  throw new Error('Nobody asks for this.');
};
const runtime: JobRuntime = {
  ...{ capacity: unused, start: unused, observe: unused, readLog: unused, stageOutput: unused },
  ...{ cancel: refused, tidy: refused, remove: refused }
};

describe('jobs in the place of a closed tenant', () => {
  test.each([
    ['goes', { metadata: { deletionTimestamp: new Date() } }],
    ['is gone', undefined]
  ])('a refusal is no failure while the namespace %s; a removal looks again', async (_how, namespace) => {
    const tolerant = withGoingPlaces({ read: async <T>() => unsafeAnswer<T>(namespace) }, { namespaceOf: name => name }, runtime);
    await tolerant.cancel(attempt, { graceMs: 0 });
    await tolerant.tidy(attempt);
    expect(await tolerant.remove(attempt)).toBe(false);
  });

  test('it is one where the namespace stays', async () => {
    const strict = withGoingPlaces({ read: async <T>() => unsafeAnswer<T>({ metadata: {} }) }, { namespaceOf: name => name }, runtime);
    for (const work of [strict.cancel(attempt, { graceMs: 0 }), strict.tidy(attempt), strict.remove(attempt)]) await expect(work).rejects.toMatchObject({ code: 403 });
  });
});

function unsafeAnswer<T>(value: object | undefined): T | undefined {
  return value as T | undefined;
}
