import { Readable } from 'node:stream';
import { Problem, formatUrn } from '@stratalab/contracts';
import type { modelsRoutes } from '@stratalab/contracts/models';
import { announcedBytes, appendEvent, newId, type Actor, type Handlers, type ServiceContext, type StorageQuota } from '@stratalab/kernel';
import { loggedModelArtifactUri, type ArtifactPlace } from './domain/artifact-place.ts';
import { partsOfPath } from './domain/artifact-path.ts';
import { native } from './native.ts';
import type { ModelsPorts } from './ports.ts';
import { defaultExperimentId, insertExperiment, listExperimentPage, updateExperiment } from './store/experiment-store.ts';
import { listModelPage } from './store/model-store.ts';
import { readArtifacts } from './store/artifact-store.ts';
import { updateRun } from './store/run-store.ts';
import { findVersion, listVersionPage, versionsOf } from './store/version-store.ts';
import { findLoggedModel } from './store/logged-model-store.ts';
import { listArtifacts, openArtifact } from './usecases/artifacts.ts';
import { commitVersion, createVersion } from './usecases/create-version.ts';
import { runUrn } from './usecases/lineage.ts';
import { approveVersion, deleteAlias, deleteModel, deleteVersion, requireModel, requireVersion, resolveVersion, setAlias, updateModel, updateVersion } from './usecases/models.ts';
import type { FindJob } from './usecases/origin.ts';
import { publishOutput } from './usecases/publish-output.ts';
import { listRuns, readMetric, readRun, requireRunRow } from './usecases/read-runs.ts';
import { uploadModel } from './usecases/upload-model.ts';

const defaultLimit = 50;
const defaultPoints = 1_000;

interface Parts {
  readonly findJob: FindJob;
  readonly storage: StorageQuota;
}

type ModelHandlers = Handlers<typeof modelsRoutes>;
type RunNames =
  'listExperiments' | 'createExperiment' | 'getExperiment' | 'deleteExperiment' | 'listRuns' | 'getRun' | 'deleteRun' | 'getMetricHistory' | 'listRunArtifacts' | 'readRunArtifact';

/** Binds the routes of `models` to its use cases. */
export function createHandlers(context: ServiceContext<ModelsPorts>, parts: Parts): ModelHandlers {
  return { ...createRunHandlers(context, parts), ...createModelHandlers(context, parts) };
}

function createRunHandlers({ ports, database }: ServiceContext<ModelsPorts>, { storage }: Parts): Pick<ModelHandlers, RunNames> {
  const partsOf = ({ tenant, actor }: { tenant: string; actor: Actor }) => ({ database, tenant, actor, storage, objects: ports.objects });
  const placeOf = async (tenant: string, runId: string, path: string | undefined): Promise<ArtifactPlace> => {
    const run = await database.inTenant({ tenant, isReadOnly: true }, tx => requireRunRow(tx, tenant, runId));
    return { kind: 'run', experimentId: run.experiment_id, id: runId, path: path === undefined ? '' : partsOfPath(path).join('/') };
  };
  return {
    listExperiments: (call, { query }) => call.read(tx => listExperimentPage(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit })),
    createExperiment: (call, { body }) =>
      call.commit(
        async tx => {
          const id = newId();
          const row = await insertExperiment(tx, { tenant: call.tenant, id, createdBy: call.actor.subject, name: body.name, description: body.description ?? '' });
          if (row === undefined) throw new Problem('already-exists', { detail: `There is an experiment '${body.name}' already.` });
          await appendEvent(tx, {
            name: 'experiment.changed.v1',
            tenant: call.tenant,
            subject: call.actor.subject,
            urn: experimentUrn(call.tenant, id),
            data: { change: 'created' }
          });
          const [made] = (await listExperimentPage(tx, call.tenant, { limit: 1, id })).items;
          if (made === undefined) throw new Error('An experiment that was just made is not there.');
          return made;
        },
        made => experimentUrn(call.tenant, made.id)
      ),
    async getExperiment(call, { params }) {
      const [found] = (await call.read(tx => listExperimentPage(tx, call.tenant, { limit: 1, id: params.experiment }))).items;
      if (found === undefined) throw new Problem('not-found', { detail: 'There is no such experiment.' });
      return found;
    },
    async deleteExperiment(call, { params }) {
      if (params.experiment === defaultExperimentId) throw new Problem('invalid-state', { detail: 'The default experiment stays: MLflow clients need it.' });
      await call.commit(async tx => {
        if (!(await updateExperiment(tx, call.tenant, { id: params.experiment, isDeleted: true }))) throw new Problem('not-found');
        const urn = experimentUrn(call.tenant, params.experiment);
        await appendEvent(tx, { name: 'experiment.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn, data: { change: 'deleted' } });
      });
    },
    listRuns: native((call, { query }) => call.read(tx => listRuns(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit }))),
    getRun: (call, { params }) => call.read(tx => readRun(tx, call.tenant, params.run)),
    async deleteRun(call, { params }) {
      await call.commit(
        async tx => {
          const row = await requireRunRow(tx, call.tenant, params.run);
          await updateRun(tx, call.tenant, row.id, { isDeleted: true });
          const data = { run: row.id, experiment: row.experiment_id, state: row.state };
          await appendEvent(tx, { name: 'run.changed.v1', tenant: call.tenant, subject: call.actor.subject, urn: runUrn(call.tenant, row.id), data });
        },
        () => runUrn(call.tenant, params.run)
      );
    },
    getMetricHistory: (call, { params, query }) => call.read(tx => readMetric(tx, { tenant: call.tenant, runId: params.run, key: query.key }, query.points ?? defaultPoints)),
    listRunArtifacts: native(async (call, { params, query }) => ({ items: [...(await listArtifacts(partsOf(call), await placeOf(call.tenant, params.run, query.path)))] })),
    readRunArtifact: native(async (call, { params, query }, { reply }) => {
      const file = await openArtifact(partsOf(call), await placeOf(call.tenant, params.run, query.path));
      reply.header('content-type', 'application/octet-stream').header('content-length', String(file.sizeBytes)).header('etag', `"${file.sha256}"`);
      reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`);
      await reply.send(Readable.from(file.bytes, { objectMode: false }));
    })
  };
}

function createModelHandlers({ ports, database, clock }: ServiceContext<ModelsPorts>, { findJob, storage }: Parts): Omit<ModelHandlers, RunNames> {
  return {
    listModels: (call, { query }) => call.read(tx => listModelPage(tx, call.tenant, { ...query, limit: query.limit ?? defaultLimit })),
    getModel: (call, { params }) => call.read(tx => requireModel(tx, call.tenant, params.model)),
    updateModel: (call, { params, body }) => updateModel(call, params.model, body.description),
    deleteModel: (call, { params }) => deleteModel(call, params.model),
    listModelVersions: (call, { params, query }) =>
      call.read(async tx => {
        await requireModel(tx, call.tenant, params.model);
        return listVersionPage(tx, call.tenant, { model: params.model, cursor: query.cursor, limit: query.limit ?? defaultLimit });
      }),
    getModelVersion: (call, { params }) => call.read(tx => requireVersion(tx, call.tenant, params)),
    listModelVersionFiles: (call, { params }) =>
      call.read(async tx => {
        const row = await findVersion(tx, call.tenant, params.model, params.version);
        if (row === undefined) throw new Problem('not-found');
        return { items: (await readArtifacts(tx, call.tenant, row.owner, '')).map(({ path, size_bytes }) => ({ path, isFolder: false, sizeBytes: size_bytes })) };
      }),
    updateModelVersion: (call, { params, body }) => updateVersion(call, params, body.description),
    deleteModelVersion: (call, { params }) => deleteVersion(call, params),
    approveModelVersion: (call, { params, body }) => approveVersion(call, params, { reason: body.reason, at: clock.now().toISOString() }),
    registerModelVersion: native(async (call, { params, body }) => {
      const logged = body.loggedModel;
      const model = logged === undefined ? undefined : await call.read(tx => findLoggedModel(tx, call.tenant, logged));
      if (logged !== undefined && model?.run_id !== body.run) throw new Problem('not-found', { detail: 'The run logged no such model.' });
      if (logged === undefined && body.path === undefined) throw new Problem('invalid-request', { detail: 'Name one of the models of the run, or a folder of its artifacts.' });
      const source = model === undefined ? `runs:/${body.run}/${body.path ?? ''}` : loggedModelArtifactUri(model.experiment_id, model.id);
      const request = { model: params.model, source, runId: body.run, loggedModelId: logged, description: body.description, mayCreateModel: true };
      const { tenant, actor, signal } = call;
      return createVersion({ database, storage, tenant, actor, signal, objects: ports.objects }, request, prepared =>
        call.commit(
          async tx => {
            const [made] = await versionsOf(tx, tenant, [await commitVersion(tx, actor, tenant, { request, prepared })]);
            if (made === undefined) throw new Error('A version that was just made is not there.');
            return made;
          },
          made => made.urn
        )
      );
    }),
    uploadModelFile: (call, { params, query }, { request }) => {
      if (!(request.body instanceof Readable)) throw new Problem('invalid-request', { detail: 'The request carries no file.' });
      const room = announcedBytes(request.headers['content-length']);
      return uploadModel({ objects: ports.objects, storage }, call, { model: params.model, ...query, announcedBytes: room, bytes: request.body });
    },
    setAlias: (call, { params, body }) => setAlias(call, { model: params.model, alias: params.alias, version: body.version }),
    deleteAlias: (call, { params }) => deleteAlias(call, { model: params.model, alias: params.alias }),
    resolveModelVersion: (call, { body }) => resolveVersion(ports, call, body),
    publishModelOutput: (call, { body }) => publishOutput({ ports, findJob, storage }, call, body)
  };
}

const experimentUrn = (tenant: string, id: string): string => formatUrn({ tenant, kind: 'experiment', name: id });
