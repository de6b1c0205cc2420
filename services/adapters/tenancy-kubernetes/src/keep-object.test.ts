import { describe, expect, test } from '@jest/globals';
import type { KubernetesObject } from '@kubernetes/client-node';
import { createObjectKeeper } from './keep-object.ts';

const wanted = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'stratalab-data-a' } };
const going = { ...wanted, metadata: { ...wanted.metadata, resourceVersion: '1', deletionTimestamp: new Date() } };

describe('an object that is being deleted', () => {
  const applied: KubernetesObject[] = [];
  const keeper = () => {
    applied.length = 0;
    return createObjectKeeper({
      read: async <T>() => unsafeAnswer<T>(going),
      apply: async object => void applied.push(object),
      remove: async () => undefined
    });
  };

  test('is not made over for a new place: it would go all the same', async () => {
    await expect(keeper().keep(wanted, false)).rejects.toMatchObject({ code: 'unavailable' });
    expect(applied).toEqual([]);
  });

  test('holds up nothing of a place that is there', async () => {
    await keeper().keep(wanted, true);
    expect(applied).toHaveLength(1);
  });
});

function unsafeAnswer<T>(value: object): T {
  return value as T;
}
