import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Problem, type RouteTable } from '@stratalab/contracts';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { computeRoutes } from '@stratalab/contracts/compute';
import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes } from '@stratalab/contracts/models';
import { movedTables, promotionRules, readSchemaSteps, readTableFacts } from '@stratalab/control/promotion';
import { newId } from '@stratalab/kernel';
import { administrator, createTenant, testActor } from '@stratalab/tooling';
import { sql } from 'kysely';
import { readLedger } from './ledger.ts';
import { readLocalTenants, readUnfinished } from './local-tenants.ts';
import { digestFile, gatherTenant } from './outgoing.ts';
import { makePlan } from './plan.ts';
import { promoteTenant, type PromotionParts } from './promote-tenant.ts';
import { sendFiles } from './send-files.ts';
import { createInstallation, listTree, writeTenantFile, type Installation } from './promotion.test-support.ts';

jest.setTimeout(180_000);
const tenant = 'lab';
const ann = testActor({ subject: 'ann', tenants: { [tenant]: 'admin' } });
const content = newId();
const experiment = newId();
const run = newId();
let job = '';
const params = { tenant };

/** A tenant with something of every layer: data, a job with its log, a run with metrics, a model, lineage, keys, limits and books. */
async function fill({ host, data }: Installation): Promise<void> {
  await createTenant(host, tenant);
  await host.clientFor(controlRoutes, administrator).setQuota({ params: { tenant, resource: 'jobs' }, body: { limit: 7 } });
  await host.clientFor(controlRoutes, ann).createAccessKey({ params, body: { name: 'pipeline', scopes: ['dataset:read'] } });
  const submitted = await host.clientFor(computeRoutes, ann).submitJob({ params, body: { name: 'train', code: { kind: 'script', text: 'print("ünïcode")' } } });
  job = submitted.id;
  await host.database.inTenant({ tenant }, async tx => {
    const urn = (kind: string, name: string): string => `urn:strata:${tenant}:${kind}:${name}`;
    await sql`insert into catalog.dataset (tenant, name, owner, last_version, latest_version, latest_state, latest_format, row_count, size_bytes, column_names, terms, grams, tags) values (${tenant}, 'flights', 'ann', 1, 1, 'ready', 'csv', 2, 8, array['a'], to_tsvector('simple', 'flights'), array['fli','lig'], array['a b'])`.execute(
      tx
    );
    await sql`insert into catalog.version (tenant, dataset, version, content_id, state, is_published, format, size_bytes, row_count, columns, files, created_by, origin_kind, profile_state)
      values (${tenant}, 'flights', 1, ${content}, 'ready', true, 'csv', 8, 2, '[{"name":"a","type":"INTEGER","kind":"number"}]', '[{"name":"rows.csv","sizeBytes":8,"sha256":null}]', 'ann', 'upload', 'ready')`.execute(
      tx
    );
    await sql`update compute.job set state = 'succeeded', attempt = 1, started_at = now(), finished_at = now(), exit_code = 0, is_tidy = true where id = ${job}`.execute(tx);
    await sql`insert into compute.metric (tenant, job, name, step, value) values (${tenant}, ${job}, 'loss', 1, 0.1), (${tenant}, ${job}, 'loss', 2, 'NaN'), (${tenant}, ${job}, 'loss', 3, 1e300)`.execute(
      tx
    );
    await sql`insert into models.model (tenant, name, description, created_by) values (${tenant}, 'churn', 'Who leaves', 'ann')`.execute(tx);
    await sql`insert into models.experiment (tenant, id, name) values (${tenant}, ${experiment}, 'churn')`.execute(tx);
    await sql`insert into models.run (tenant, id, experiment_id, name, state, created_by, started_ms, origin) values (${tenant}, ${run}, ${experiment}, 'first', 'finished', 'ann', 1000, '{"kind":"sample","user":null,"jobUrn":null,"jobName":null,"codeFileName":null,"codeSha256":null,"datasets":[]}')`.execute(
      tx
    );
    await sql`insert into models.metric_series (tenant, run_id, key, points) values (${tenant}, ${run}, 'auc', 2), (${tenant}, ${run}, 'loss', 1)`.execute(tx);
    await sql`insert into models.metric_point (tenant, series, step, at_ms, value) select ${tenant}, id, n, n * 1000, n / 3.0 from models.metric_series, generate_series(1, 2) n where key = 'auc'`.execute(
      tx
    );
    await sql`insert into models.metric_point (tenant, series, step, at_ms, value) select ${tenant}, id, 1, 7, 42 from models.metric_series where key = 'loss'`.execute(tx);
    await sql`insert into catalog.lineage_edge (tenant, from_urn, to_urn) values (${tenant}, ${urn('dataset', 'flights@1')}, ${urn('job', job)})`.execute(tx);
    await sql`insert into control.reservation (id, tenant, object_urn, amounts, state) values (${newId()}, ${tenant}, ${urn('dataset', 'flights@1')}, '{"storage-mib": 0.25}', 'confirmed'),
      (${newId()}, ${tenant}, ${urn('workspace', 'ann')}, '{"workspaces": 1, "cpu": 1}', 'confirmed')`.execute(tx);
    await sql`update control.quota set used = 1 where resource in ('workspaces', 'cpu')`.execute(tx);
    await sql`insert into serving.deployment (id, tenant, name, kind, model_name, model_version, model_urn, format, folder, size_bytes, parallel, cpu, memory_mib, wanted_replicas, is_stopped, created_by)
      values (${newId()}, ${tenant}, 'answers', 'predict', 'churn', 1, 'urn:strata:lab:model:churn@1', 'onnx', ${join(data, 'tenants', tenant, 'objects/models/versions/v1')}, 1, 1, 1, 1, 1, true, 'ann')`.execute(
      tx
    );
  });
  await writeTenantFile(data, tenant, `objects/datasets/${content}/rows.csv`, 'a\n1\n2\n');
  await writeTenantFile(data, tenant, `jobs/${job}/logs/0.log`, 'epoch 1\n');
  await writeTenantFile(data, tenant, `jobs/${job}/home/empty`, '');
  await writeTenantFile(data, tenant, `jobs/${job}/home/same.log`, 'epoch 1\n');
  await writeTenantFile(data, tenant, 'objects/models/versions/v1/weights.bin', Buffer.alloc(9 * 1024 * 1024, 'model'));
  await mkdir(join(data, 'tenants', tenant, `jobs/${job}/home/outputs`));
  await symlink('/etc/passwd', join(data, 'tenants', tenant, `jobs/${job}/home/link`));
  await chmod(join(data, 'tenants', tenant, `objects/datasets/${content}`), 0o555);
  await mkdir(join(data, 'hub'));
  const hub = new DatabaseSync(join(data, 'hub/jupyterhub.sqlite'));
  hub.exec(`create table users (id integer, name text); create table groups (id integer, name text); create table user_group_map (user_id integer, group_id integer);
    insert into users values (1, 'ann'), (2, 'bob'), (3, 'eve'); insert into groups values (1, 'lab:admin'), (2, 'lab:viewer'), (3, 'lab-2:admin'), (4, 'lab:editor');
    insert into user_group_map values (1, 1), (2, 2), (2, 4), (3, 3)`);
  hub.close();
}

describe('promotion of a tenant', () => {
  let source: Installation;
  const said: string[] = [];
  const partsFor = (target: Installation, wrap?: (request: typeof fetch) => typeof fetch): PromotionParts => ({
    database: source.host.database,
    data: source.data,
    source: 'laptop',
    target: target.asTarget(wrap),
    signal: new AbortController().signal,
    patienceMs: 2_000,
    say: line => void said.push(line)
  });
  beforeAll(async () => {
    source = await createInstallation();
    await fill(source);
  });
  afterAll(() => source.close());

  const withTarget = async (work: (target: Installation) => Promise<void>): Promise<void> => {
    const target = await createInstallation();
    try {
      await work(target);
    } finally {
      await target.close();
    }
  };
  const listen = <Table extends RouteTable>(where: Installation, table: Table) => where.host.clientFor(table, ann);
  const tenantRows = async (where: Installation): Promise<string> => {
    const { rows } = await where.host.database.asSystem('look', tx =>
      sql<{ name: string; lines: string | null }>`select 'jobs' as name, string_agg(j::text, ',') as lines from compute.job j where tenant = ${tenant}`.execute(tx)
    );
    return JSON.stringify(rows);
  };

  test('everything answers the same there: data, job and log, model, metrics, lineage, keys, limits, people and the audit chain; another tenant there is untouched', async () => {
    await withTarget(async target => {
      await createTenant(target.host, 'neighbour');
      // Numbers of series there begin elsewhere, so that moved ones must be given new numbers.
      await target.host.database.inTenant({ tenant: 'neighbour' }, async tx => {
        await sql`insert into models.experiment (tenant, id, name) values ('neighbour', ${experiment}, 'churn')`.execute(tx);
        await sql`insert into models.run (tenant, id, experiment_id, name, state, created_by, started_ms, origin) values ('neighbour', ${run}, ${experiment}, 'first', 'finished', 'ann', 1, '{}')`.execute(
          tx
        );
        await sql`insert into models.metric_series (tenant, run_id, key) values ('neighbour', ${run}, 'auc')`.execute(tx);
      });
      const neighbour = async () => JSON.stringify(await target.host.clientFor(controlRoutes, administrator).listAudit({ params: { tenant: 'neighbour' } }));
      const before = await neighbour();

      const verification = await promoteTenant(partsFor(target), tenant);
      expect(verification).toMatchObject({ members: 2, brokenLinks: [] });
      expect(verification.openedLinks).toBeGreaterThanOrEqual(6);

      for (const read of [
        (where: Installation) => listen(where, catalogRoutes).getDataset({ params: { ...params, dataset: 'flights' } }),
        (where: Installation) => listen(where, catalogRoutes).getVersion({ params: { ...params, dataset: 'flights', version: '1' } }),
        (where: Installation) => listen(where, catalogRoutes).getLineage({ params, query: { urn: `urn:strata:lab:job:${job}` } }),
        (where: Installation) => listen(where, catalogRoutes).listDatasets({ params, query: { search: 'flights' } }),
        (where: Installation) => listen(where, computeRoutes).getJob({ params: { ...params, job } }),
        (where: Installation) => listen(where, modelsRoutes).getModel({ params: { ...params, model: 'churn' } }),
        (where: Installation) => listen(where, modelsRoutes).getMetricHistory({ params: { ...params, run }, query: { key: 'auc' } }),
        (where: Installation) => listen(where, controlRoutes).listAccessKeys({ params }),
        (where: Installation) => listen(where, controlRoutes).getTenant({ params })
      ])
        expect(await read(target)).toEqual(await read(source));
      expect(await tenantRows(target)).toBe(await tenantRows(source));

      const quotas = await listen(target, controlRoutes).getQuotas({ params });
      expect(quotas.items.find(({ resource }) => resource === 'jobs')).toMatchObject({ limit: 7 });
      // What a workspace on the laptop used stays there.
      expect(quotas.items.find(({ resource }) => resource === 'workspaces')).toMatchObject({ used: 0 });
      expect(quotas.items.find(({ resource }) => resource === 'storage-mib')).toMatchObject({ used: 0.25 });
      expect((await listen(target, controlRoutes).listMembers({ params })).items).toEqual([
        { user: 'ann', role: 'admin' },
        { user: 'bob', role: 'editor' }
      ]);
      expect(await listen(target, controlRoutes).verifyAudit({ params })).toMatchObject({ isIntact: true });
      expect((await listen(target, controlRoutes).listAudit({ params })).items.length).toBeGreaterThan((await listen(source, controlRoutes).listAudit({ params })).items.length);
      expect(await neighbour()).toBe(before);

      const tree = await listTree(join(source.data, 'tenants', tenant));
      expect(await listTree(join(target.data, 'tenants', tenant))).toEqual(tree.filter(name => !name.endsWith('/link')));
      expect(said.join('\n')).toContain(`jobs/${job}/home/link`);
      const place = join(target.data, 'tenants', tenant, 'objects/datasets', content);
      expect((await stat(place)).mode & 0o777).toBe(0o555);
      const { rows } = await target.host.database.asSystem('look', tx => sql<{ folder: string }>`select folder from serving.deployment where tenant = ${tenant}`.execute(tx));
      expect(rows).toEqual([{ folder: join(target.data, 'tenants', tenant, 'objects/models/versions/v1') }]);
      expect(await listTree(join(target.data, 'promotions'))).toEqual([]);

      // A second time: said, not done.
      const plan = await makePlan({ ...partsFor(target), ledger: await readLedger(source.data) }, [{ name: tenant, displayName: tenant }]);
      expect(plan.tenants[0]).toMatchObject({ isPromoted: true, obstacles: [] });
      // A sender that was killed before people followed and links were opened has not done it.
      const unfinished = (await readLedger(source.data)).map(entry => ({ ...entry, promotedAt: null }));
      const rest = await makePlan({ ...partsFor(target), ledger: unfinished }, [{ name: tenant, displayName: tenant }]);
      expect(rest.tenants[0]).toMatchObject({ hasArrived: true, isPromoted: false, obstacles: [] });
      expect((await promoteTenant(partsFor(target), tenant)).promotion.promotedAt).toBe(verification.promotion.promotedAt);
    });
  });

  test('P4 F02 the line is cut after every single request in turn, before it arrives or before its answer does: nothing is lost, nothing comes twice', async () => {
    let total = 0;
    await withTarget(async target => {
      // Each request fails twice: once on the way there, once on the way back.
      const failures = new Map<string, number>();
      let hasFailed = 0;
      const flaky =
        (request: typeof fetch): typeof fetch =>
        async (input, init) => {
          total += 1;
          const key = `${String(init?.method)} ${String(input)} ${typeof init?.body === 'string' ? createHash('sha256').update(init.body).digest('hex') : ''}`;
          const seen = failures.get(key) ?? 0;
          failures.set(key, seen + 1);
          if (seen === 0) {
            hasFailed += 1;
            throw new TypeError('fetch failed');
          }
          const answer = await request(input, init);
          if (seen !== 1) return answer;
          hasFailed += 1;
          await answer.arrayBuffer();
          throw new TypeError('terminated');
        };
      const verification = await promoteTenant({ ...partsFor(target, flaky), patienceMs: 60_000 }, tenant);
      expect(verification.brokenLinks).toEqual([]);
      expect(hasFailed).toBeGreaterThan(20);
      expect(total).toBeGreaterThan(hasFailed);
      expect(await tenantRows(target)).toBe(await tenantRows(source));
      const finishes = await target.host.clientFor(controlRoutes, administrator).listInstallationAudit({ query: { action: 'promotion.finish' } });
      expect(finishes.items.length).toBeGreaterThanOrEqual(1);
    });
  });

  test('a sender that stops for good is resumed by the next one: bytes that arrived are not sent again', async () => {
    await withTarget(async target => {
      let sent = 0;
      const counting =
        (stopAfter: number) =>
        (request: typeof fetch): typeof fetch =>
        (input, init) => {
          if (String(input).includes('/files/')) {
            if (sent + 1 > stopAfter) return Promise.reject(new TypeError('fetch failed'));
            sent += 1;
          }
          return request(input, init);
        };
      await expect(promoteTenant(partsFor(target, counting(10)), tenant)).rejects.toMatchObject({ code: 'unavailable' });
      expect(await readLocalTenants(target.host.database)).not.toContainEqual(expect.objectContaining({ name: tenant }));
      const inTheMiddle = sent;
      await promoteTenant(partsFor(target, counting(Infinity)), tenant);
      sent -= inTheMiddle;
      const again = sent;
      await withTarget(async fresh => {
        sent = 0;
        await promoteTenant(partsFor(fresh, counting(Infinity)), tenant);
        expect(again).toBeLessThan(sent);
      });
    });
  });

  test('one file that is refused ends the sending of all: none goes on while the next run begins', async () => {
    await withTarget(async target => {
      const refused = Promise.withResolvers<undefined>();
      let begun = 0;
      let open = 0;
      const refuseOne =
        (request: typeof fetch): typeof fetch =>
        async (input, init) => {
          if (!String(input).includes('/files/')) return request(input, init);
          const number = ++begun;
          if (number === 2) {
            refused.resolve(undefined);
            return Response.json(new Problem('forbidden').toDocument(), { status: 403 });
          }
          open += 1;
          // This one is under way when the other one is refused.
          if (number === 1) await refused.promise;
          return request(input, init).finally(() => (open -= 1));
        };
      await expect(promoteTenant(partsFor(target, refuseOne), tenant)).rejects.toMatchObject({ code: 'forbidden' });
      expect(open).toBe(0);
    });
  });

  test('bytes that are changed on the way are noticed, dropped and sent again; a manifest that lies moves nothing', async () => {
    await withTarget(async target => {
      let hasTampered = false;
      const tamper =
        (request: typeof fetch): typeof fetch =>
        (input, init) => {
          const { body } = init ?? {};
          if (hasTampered || !(body instanceof Uint8Array)) return request(input, init);
          hasTampered = true;
          const changed = new Uint8Array(body);
          changed[0] = (changed[0] ?? 0) ^ 1;
          return request(input, { ...init, body: changed });
        };
      expect((await promoteTenant(partsFor(target, tamper), tenant)).brokenLinks).toEqual([]);
      expect(hasTampered).toBe(true);
    });
    await withTarget(async target => {
      const root = target.host.clientFor(controlRoutes, administrator);
      const begin = async (lines: readonly string[]): Promise<void> => {
        const text = lines.map(line => `${line}\n`).join('');
        const manifest = { sha256: createHash('sha256').update(text).digest('hex'), sizeBytes: text.length };
        const { rows } = await target.host.database.asSystem('schema', tx =>
          sql<{ service: string; file: string; digest: string }>`select service, file, digest from public.stratalab_migration`.execute(tx)
        );
        await root.beginPromotion({ params: { name: 'evil' }, body: { id: '01arz3ndektsv4rrffq69g5fav', source: 'x', schema: rows, manifest, fileCount: 1, sizeBytes: 1000 } });
        await target.asTarget().putBytes({ tenant: 'evil', sha256: manifest.sha256, offset: 0, sizeBytes: manifest.sizeBytes, bytes: Buffer.from(text) });
      };
      const sha256 = createHash('sha256').digest('hex');
      for (const name of ['../../secrets/internal-key', '/etc/passwd', 'objects/../../x', 'secrets/internal-key', 'objects/a\\b', 'objects//x']) {
        await begin([JSON.stringify({ kind: 'file', name, mode: 0o644, sizeBytes: 0, sha256 })]);
        await expect(root.finishPromotion({ params: { name: 'evil' } })).rejects.toMatchObject({ code: 'invalid-input' });
      }
      await begin(['{"kind":"rows","table":"control.tenant"}']);
      await expect(root.finishPromotion({ params: { name: 'evil' } })).rejects.toMatchObject({ code: 'invalid-input' });
      await root.abandonPromotion({ params: { name: 'evil' } });
      expect(await listTree(join(target.data, 'promotions'))).toEqual([]);
      expect((await readLocalTenants(target.host.database)).map(({ name }) => name)).toEqual(['demo']);
    });
  });

  test('T01 rows of another tenant in what is sent are refused by the database itself, whatever the checksums say', async () => {
    await withTarget(async target => {
      await createTenant(target.host, 'neighbour');
      const folder = await mkdtemp(join(tmpdir(), 'stratalab-forged-'));
      const { manifest, files } = await gatherTenant({ database: source.host.database, data: source.data, folder, tenant });
      const keys = join(folder, 'control.access_key.ndjson');
      const before = files.find(({ path }) => path === keys);
      await writeFile(keys, (await readFile(keys, 'utf8')).replaceAll(`"tenant": "${tenant}"`, '"tenant": "neighbour"'));
      const after = { path: keys, sha256: await digestFile(keys), sizeBytes: (await stat(keys)).size };
      expect(after.sha256).not.toBe(before?.sha256);
      const lines = (await readFile(manifest.path, 'utf8')).replace(
        /("table":"control.access_key".*"sizeBytes":)[0-9]+,"sha256":"[0-9a-f]+"/,
        `$1${after.sizeBytes},"sha256":"${after.sha256}"`
      );
      await writeFile(manifest.path, lines);
      const forged = { path: manifest.path, sha256: await digestFile(manifest.path), sizeBytes: lines.length };
      const schema = await source.host.database.asSystem('schema', readSchemaSteps);
      const root = target.host.clientFor(controlRoutes, administrator);
      const { sha256, sizeBytes } = forged;
      await root.beginPromotion({
        params: { name: tenant },
        body: { id: newId(), source: 'x', schema: [...schema], manifest: { sha256, sizeBytes }, fileCount: 1, sizeBytes: 1e9 }
      });
      await sendFiles({ ...partsFor(target), tenant, onBytes: () => undefined }, [...files.filter(file => file !== before), after, forged]);
      await expect(root.finishPromotion({ params: { name: tenant } })).rejects.toMatchObject({
        code: 'invalid-input',
        details: { detail: expect.stringContaining('control.access_key') }
      });
      expect((await target.host.clientFor(controlRoutes, administrator).listAccessKeys({ params: { tenant: 'neighbour' } })).items).toEqual([]);
      expect((await readLocalTenants(target.host.database)).map(({ name }) => name)).not.toContain(tenant);
      expect(await listTree(join(target.data, 'tenants'))).toEqual([]);
      await rm(folder, { recursive: true });
    });
  });

  test('a tenant of that name there, another promotion of it, an older version or running jobs stand in the way, and are named', async () => {
    await withTarget(async target => {
      await createTenant(target.host, tenant);
      const planned = async () => makePlan({ ...partsFor(target), ledger: await readLedger(source.data) }, [{ name: tenant, displayName: tenant }]);
      expect((await planned()).tenants[0]?.obstacles).toEqual([expect.stringContaining('never merged')]);
      await expect(promoteTenant(partsFor(target), tenant)).rejects.toMatchObject({ code: 'already-exists' });
      await target.host.database.asSystem('an older target', tx => sql`update public.stratalab_migration set digest = ${'0'.repeat(64)} where service = 'agents'`.execute(tx));
      expect((await planned()).obstacles).toEqual([expect.stringContaining('agents/0001-agents.sql'), expect.stringContaining('agents/0001-agents.sql')]);
    });
    await source.host.database.inTenant({ tenant }, tx => sql`update compute.job set state = 'running' where id = ${job}`.execute(tx));
    expect(await readUnfinished(source.host.database, tenant)).toEqual([expect.objectContaining({ kind: 'running jobs', count: 1, examples: ['train'], isInTheWay: true })]);
    await source.host.database.inTenant({ tenant }, tx => sql`update compute.job set state = 'succeeded' where id = ${job}`.execute(tx));
  });

  test('every table of every service either moves or has a reason not to', async () => {
    const facts = await source.host.database.asSystem('tables', readTableFacts);
    const moved = movedTables(facts).map(({ name }) => name);
    for (const name of Object.keys(promotionRules)) expect(facts.map(table => table.name)).toContain(name);
    for (const { name } of facts) expect([name, moved.includes(name)]).toEqual([name, promotionRules[name]?.leftBehind === undefined]);
    for (const name of ['catalog.version', 'compute.job', 'models.metric_point', 'kernel.audit', 'agents.chunk', 'pipelines.run_log', 'control.access_key'])
      expect(moved).toContain(name);
  });

  test('F30 what another process left in the folder is no promotion: a folder of the tenant there is not overwritten', async () => {
    await withTarget(async target => {
      await writeTenantFile(target.data, tenant, 'objects/datasets/x/rows.csv', 'theirs');
      expect((await makePlan({ ...partsFor(target), ledger: [] }, [{ name: tenant, displayName: tenant }])).tenants[0]?.obstacles).toHaveLength(1);
      expect(await readFile(join(target.data, 'tenants', tenant, 'objects/datasets/x/rows.csv'), 'utf8')).toBe('theirs');
    });
  });
});
