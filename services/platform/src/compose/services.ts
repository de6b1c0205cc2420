import { fileURLToPath } from 'node:url';
import { agents } from '@stratalab/agents';
import { catalog } from '@stratalab/catalog';
import { compute } from '@stratalab/compute';
import { control } from '@stratalab/control';
import { createDocumentParser } from '@stratalab/document-parser';
import { createLocalEmbedder } from '@stratalab/embedder-local';
import { mountService, type MountedService, type ObjectStore } from '@stratalab/kernel';
import type { HubPeople } from '@stratalab/identity-jupyterhub';
import { createLocalModelRuntime } from '@stratalab/model-runtime-local';
import { models } from '@stratalab/models';
import { createLocalMounts } from '@stratalab/mounts-local';
import { pipelines } from '@stratalab/pipelines';
import { createDuckDbQueryEngine, createStaging } from '@stratalab/query-duckdb';
import { serving } from '@stratalab/serving';
import type { PlatformConfig } from '../config.ts';
import type { ConnectedCluster } from './cluster.ts';
import { composeJobs } from './job-runtime.ts';
import { createPromotionFolder } from '../promote/promotion-folder.ts';
import { composeAdministrationPage } from './administration-page.ts';
import { detectMachine } from './machine.ts';
import { createSampleModel } from './sample-model.ts';
import { createSampleDatasets } from './sample-datasets.ts';

/** Hides the data folder from programs that run foreign code. */
const jailProgram = fileURLToPath(new URL('../../../adapters/job-runtime-local/jail.sh', import.meta.url));

export interface CompositionParts {
  readonly config: PlatformConfig;
  readonly people: HubPeople;
  readonly objects: ObjectStore;
  /** Where jobs run; on this machine when absent. */
  readonly cluster?: ConnectedCluster | undefined;
}

/** Every service with the adapters this installation uses, in the order they are migrated. */
export function composeServices(parts: CompositionParts): readonly MountedService[] {
  const { objects } = parts;
  const queryEngine = createDuckDbQueryEngine({ jail: { program: jailProgram, dataFolder: parts.config.STRATALAB_DATA } });
  const all: readonly MountedService[] = [
    mountService(control, {
      people: parts.people,
      machine: parts.cluster?.machine ?? detectMachine(),
      ...(parts.cluster === undefined ? {} : { places: parts.cluster.places }),
      firstAdministrator: parts.config.STRATALAB_ADMIN,
      administrationPage: composeAdministrationPage(parts.config),
      promotions: createPromotionFolder(parts.config.STRATALAB_DATA)
    }),
    mountService(catalog, {
      store: objects,
      query: queryEngine,
      workspaces: createLocalMounts({ dataFolder: parts.config.STRATALAB_DATA }),
      samples: createSampleDatasets(parts.config.STRATALAB_VENV)
    }),
    mountService(compute, composeJobs(parts.config, parts.cluster)),
    mountService(pipelines, { queryEngine, staging: createStaging(parts.config.STRATALAB_DATA) }),
    mountService(models, { objects, sampleModel: createSampleModel(parts.config.STRATALAB_VENV) }),
    mountService(serving, {
      embedder: createLocalEmbedder({ venv: parts.config.STRATALAB_VENV }),
      runtime: createLocalModelRuntime({ dataFolder: parts.config.STRATALAB_DATA, venv: parts.config.STRATALAB_VENV, jail: jailProgram })
    }),
    mountService(agents, { objects, parser: createDocumentParser() })
  ];
  const wanted = parts.config.STRATALAB_SERVICES.split(',')
    .map(name => name.trim())
    .filter(name => name !== '');
  for (const name of wanted) {
    if (!all.some(service => service.name === name)) throw new Error(`STRATALAB_SERVICES names '${name}', which is not a service.`);
  }
  return wanted.length === 0 ? all : all.filter(service => wanted.includes(service.name));
}
