import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInternalToken, mountService, type Actor, type MountedService } from '@stratalab/kernel';
import { createFolderObjectStore } from '@stratalab/object-store-folder';
import { control } from '@stratalab/control';
import { createTestHost, fakeControlPorts, testActor, type TestAnswer, type TestHost } from '@stratalab/tooling';
import { models } from '../index.ts';
import type { SampleModel } from '../ports.ts';

export const ann = testActor({ subject: 'ann', tenants: { demo: 'editor', 'demo-2': 'editor' } });
export const vic = testActor({ subject: 'vic', tenants: { demo: 'viewer' } });
export const eve = testActor({ subject: 'eve', tenants: { other: 'admin' } });
export const adm = testActor({ subject: 'adm', tenants: { demo: 'admin' } });

export interface ModelsHost extends TestHost {
  readonly dataFolder: string;
  /** One call of an MLflow client. */
  mlflow(
    actor: Actor | undefined,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>
  ): Promise<TestAnswer>;
  tokenFor(actor: Actor): string;
}

/** The service on a real database and real folders. */
export async function createModelsHost(options: { sampleModel?: SampleModel; isBackgroundRunning?: boolean; services?: readonly MountedService[] } = {}): Promise<ModelsHost> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'stratalab-models-'));
  const objects = createFolderObjectStore({ dataFolder });
  const host = await createTestHost({
    isBackgroundRunning: options.isBackgroundRunning ?? false,
    services: [
      mountService(control, fakeControlPorts()),
      ...(options.services ?? []),
      mountService(models, { objects, ...(options.sampleModel === undefined ? {} : { sampleModel: options.sampleModel }) })
    ]
  });
  return {
    ...host,
    dataFolder,
    tokenFor: actor => createInternalToken(actor, host.internalKey, new Date()),
    mlflow: (actor, method, path, body, headers) =>
      host.request(actor, unsafeMethod(method), `/mlflow/${path.startsWith('@') ? path.slice(1) : `demo/api/2.0/mlflow/${path}`}`, body, headers),
    async close() {
      await host.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

function unsafeMethod(method: string): 'GET' {
  return method as 'GET';
}
