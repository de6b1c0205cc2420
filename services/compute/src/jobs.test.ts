import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { controlRoutes } from '@stratalab/contracts/control';
import { catalogRoutes } from '@stratalab/contracts/catalog';
import { serviceActor } from '@stratalab/kernel';
import { testActor, waitFor } from '@stratalab/tooling';
import { ann, createComputeHost, demo, eve, vic, type ComputeHost } from './testing/compute-host.ts';

const path = '/api/compute/v1/tenants/demo/jobs';

describe('jobs', () => {
  let jobs: ComputeHost;
  /** When the clock of the platform stands still. */
  let stopped: Date | undefined;
  beforeAll(async () => {
    jobs = await createComputeHost({ clock: { now: () => stopped ?? new Date() } });
    await waitFor(async () => (await jobs.versionsOf('flights').catch(() => []))[0]?.state === 'ready');
  });
  afterAll(() => jobs.close());

  const control = () => jobs.host.clientFor(controlRoutes, serviceActor('test', 'demo'));
  const jobQuotas = async () =>
    (await control().getQuotas({ params: demo })).items.filter(({ resource }) => ['jobs', 'cpu', 'memory-mib'].includes(resource)).map(({ used, reserved }) => used + reserved);

  test('a two-process MPI job reads its mount, exchanges data and its output is one dataset version with its lineage', async () => {
    const template = await waitFor(async () => (await jobs.as(ann).listJobTemplates({ params: demo })).items.find(({ name }) => name === 'delay-by-carrier'));
    const job = await jobs.as(ann).submitJob({ params: demo, body: template.job });
    expect(job).toMatchObject({ state: 'queued', createdBy: 'ann', inputs: [{ name: 'flights', version: '1', path: 'datasets/flights@1' }] });
    const over = await jobs.until(job.id, 'succeeded');
    expect([over.exitCode, over.attempt, over.outputs[0]?.urn]).toEqual([0, 1, 'urn:strata:demo:dataset:delay-by-carrier@1']);
    expect(await jobs.logOf(job.id)).toContain('2 airlines, 3 flights');
    expect(over.progress?.fraction).toBe(1);
    expect(await jobs.versionsOf('delay-by-carrier')).toHaveLength(1);
    const lineage = await waitFor(async () => {
      const graph = await jobs.host
        .clientFor(catalogRoutes, ann)
        .getLineage({ params: demo, query: { urn: 'urn:strata:demo:dataset:delay-by-carrier@1', direction: 'up', depth: 3 } });
      return JSON.stringify(graph).includes('urn:strata:demo:dataset:flights@1') ? graph : undefined;
    });
    expect(JSON.stringify(lineage)).toContain(job.urn);
    expect(await jobQuotas()).toEqual([0, 0, 0]);
  });

  test('P3 the same idempotency key is one job', async () => {
    const body = { name: 'once', code: { kind: 'script', text: 'print(1)' } };
    const first = await jobs.host.request(ann, 'POST', path, body, { 'idempotency-key': 'submit-once' });
    const again = await jobs.host.request(ann, 'POST', path, body, { 'idempotency-key': 'submit-once' });
    expect([first.status, again.body]).toEqual([201, first.body]);
    const { items } = await jobs.as(ann).listJobs({ params: demo, query: { search: 'ONCE' } });
    expect(items).toHaveLength(1);
    await jobs.until(items[0]?.id ?? '', 'succeeded');
  });

  test('T01 another tenant sees no job, and a viewer starts none', async () => {
    const job = await jobs.submit('print(1)');
    for (const route of ['', '/log', '/log/stream', '/metrics', '/explanation']) {
      expect((await jobs.host.request(eve, 'GET', `${path}/${job.id}${route}`)).status).toBe(404);
      expect((await jobs.host.request(eve, 'GET', `/api/compute/v1/tenants/other/jobs/${job.id}${route}`)).status).toBe(404);
    }
    expect((await jobs.host.request(vic, 'POST', path, { name: 'x', code: { kind: 'script', text: 'print(1)' } })).status).toBe(403);
    await jobs.until(job.id, 'succeeded');
  });

  test('T03 T55 nothing of a pod, a path or the owner can be said; names of the platform are its own', async () => {
    for (const extra of [{ tenant: 'other' }, { createdBy: 'root' }, { podSpec: {} }, { image: 'x' }, { volumes: [] }, { state: 'succeeded' }]) {
      expect((await jobs.host.request(ann, 'POST', path, { name: 'x', code: { kind: 'script', text: 'x' }, ...extra })).status).toBe(400);
    }
    for (const fileName of ['../x.py', '/etc/x', 'a/b.py', '.bashrc']) {
      expect((await jobs.host.request(ann, 'POST', path, { name: 'x', code: { kind: 'script', text: 'x', fileName } })).status).toBe(400);
    }
    await expect(jobs.submit('x', { environment: { STRATALAB_TOKEN_FILE: '/x' } })).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(jobs.submit('x', { environment: { LD_PRELOAD: '/x' } })).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(jobs.submit('x', { datasets: [{ name: 'nowhere' }] })).rejects.toMatchObject({ code: 'invalid-request' });
  });

  test('what can never run is refused at once, with the numbers', async () => {
    await expect(jobs.submit('x', { processes: 3 })).rejects.toMatchObject({ code: 'quota-exceeded', details: { resource: 'cpu', limit: 2, requested: 3 } });
    const administrator = testActor({ subject: 'root', isAdministrator: true });
    await jobs.host.clientFor(controlRoutes, administrator).setQuota({ params: { ...demo, resource: 'memory-mib' }, body: { limit: 256 } });
    await expect(jobs.submit('x')).rejects.toMatchObject({ code: 'quota-exceeded', details: { resource: 'memory-mib', limit: 256, used: 0, requested: 512 } });
    await jobs.host.clientFor(controlRoutes, administrator).setQuota({ params: { ...demo, resource: 'memory-mib' }, body: { limit: 8192 } });
  });

  test('a failed job says which process and why, is tried again after a pause, and its runs share one log', async () => {
    // The pause lasts until this test has seen it.
    stopped = new Date();
    const job = await jobs.submit('import os, sys\nprint("try")\nsys.exit(4 if os.environ["RANK"] == "1" else 0)', { processes: 2, retries: 1 });
    const waiting = await waitFor(async () => {
      const seen = await jobs.as(ann).getJob({ params: { ...demo, job: job.id } });
      return seen.state === 'queued' && seen.attempt === 1 ? seen : undefined;
    }).finally(() => (stopped = undefined));
    expect(waiting.waitReason).toMatch(/Process 1 ended with exit code 4|Waiting after a failed attempt/);
    const over = await jobs.until(job.id, 'failed');
    expect(over).toMatchObject({ attempt: 2, exitCode: 4, reason: 'Process 1 ended with exit code 4. See its log.' });
    expect(await jobs.logOf(job.id, '1')).toBe('try\n\n--- attempt 2 ---\ntry\n');
  });

  test('cancel ends what runs; the end is final (P6)', async () => {
    const job = await jobs.submit('import time\nprint("ready")\ntime.sleep(600)');
    await jobs.until(job.id, 'running');
    const asked = await jobs.as(ann).cancelJob({ params: { ...demo, job: job.id } });
    expect(asked.isCancelling).toBe(true);
    expect(await jobs.until(job.id, 'cancelled')).toMatchObject({ reason: 'Cancelled by ann.', isCancelling: false });
    await expect(jobs.as(ann).cancelJob({ params: { ...demo, job: job.id } })).rejects.toMatchObject({ code: 'invalid-state' });
    expect(await jobQuotas()).toEqual([0, 0, 0]);
  });

  test('a job that declares an output and writes none has failed, and nothing is published', async () => {
    const job = await jobs.submit('print(1)', { outputs: [{ name: 'table', kind: 'dataset', as: 'never' }] });
    const over = await jobs.until(job.id, 'failed');
    expect(over.reason).toContain("wrote nothing into the folder of 'table'");
    await expect(jobs.versionsOf('never')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('run again makes a new job with the same versions; a deleted job is gone with its files', async () => {
    const job = await jobs.submit('print(open(__import__("glob").glob("datasets/flights@*/*")[0]).readline().strip())', { datasets: [{ name: 'flights' }] });
    await jobs.until(job.id, 'succeeded');
    const again = await jobs.as(ann).retryJob({ params: { ...demo, job: job.id } });
    expect(again).toMatchObject({ retryOf: job.id, inputs: job.inputs, code: job.code });
    await jobs.until(again.id, 'succeeded');
    await waitFor(() =>
      jobs
        .as(ann)
        .deleteJob({ params: { ...demo, job: job.id } })
        .then(
          () => true,
          () => false
        )
    );
    await expect(jobs.as(ann).getJob({ params: { ...demo, job: job.id } })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('progress and metrics come from the log and from the job itself, and from nobody else', async () => {
    const job = await jobs.submit('import sys, time\nfor i in range(1, 4):\n    print(f"epoch {i}/10 loss={1 / i:.3f}")\ntime.sleep(600)');
    const seen = await waitFor(async () => {
      const { progress } = await jobs.as(ann).getJob({ params: { ...demo, job: job.id } });
      return progress?.fraction === 0.3 ? progress : undefined;
    });
    expect(seen).toMatchObject({ message: 'epoch 3/10', metrics: [{ name: 'loss', value: 0.333 }] });
    const itself = testActor({ subject: 'ann', tenants: { demo: 'editor' }, scopes: ['job:report'], via: 'job-token', jobId: job.id });
    const report = {
      params: { ...demo, job: job.id },
      body: { trainerStatus: { progressPercentage: 50, estimatedRemainingSeconds: 12, step: 4, metrics: [{ name: 'loss', value: 0.25 }] } }
    };
    await expect(jobs.as(ann).reportProgress(report)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(jobs.as({ ...itself, jobId: '0'.repeat(26) }).reportProgress(report)).rejects.toMatchObject({ code: 'forbidden' });
    await jobs.as(itself).reportProgress(report);
    const { items } = await jobs.as(ann).listJobMetrics({ params: { ...demo, job: job.id } });
    expect(items).toMatchObject([
      {
        name: 'loss',
        points: [
          { step: 1, value: 1 },
          { step: 2, value: 0.5 },
          { step: 3, value: 0.333 },
          { step: 4, value: 0.25 }
        ]
      }
    ]);
    expect((await jobs.as(ann).getJob({ params: { ...demo, job: job.id } })).progress).toMatchObject({ fraction: 0.5, etaSeconds: 12 });
    await jobs.as(ann).cancelJob({ params: { ...demo, job: job.id } });
    await jobs.until(job.id, 'cancelled');
  });

  test('a log stream goes on from its offset and ends with the job', async () => {
    const job = await jobs.submit('print("one")\nprint("two")');
    await jobs.until(job.id, 'succeeded');
    const whole = await jobs.host.request(ann, 'GET', `${path}/${job.id}/log/stream`);
    expect(whole.text).toContain('"text":"one\\ntwo\\n"');
    expect(whole.text).toContain('event: end');
    const rest = await jobs.host.request(ann, 'GET', `${path}/${job.id}/log/stream`, undefined, { 'last-event-id': '4' });
    expect(rest.text).toContain('"text":"two\\n"');
    await expect(jobs.as(ann).getJobLog({ params: { ...demo, job: job.id }, query: { offset: 1000 } })).rejects.toMatchObject({ code: 'range-not-satisfiable' });
    await expect(jobs.as(ann).getJobLog({ params: { ...demo, job: job.id }, query: { rank: '7' } })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('P10 what a job held is in the books once, with its owner', async () => {
    const { items } = await jobs.host.clientFor(controlRoutes, testActor({ subject: 'adm', tenants: { demo: 'admin' } })).listUsage({ params: demo, query: { limit: 200 } });
    const cpu = items.filter(({ meter }) => meter === 'cpu-seconds');
    expect(cpu.length).toBeGreaterThan(3);
    expect(cpu.every(({ subject, amount, objectUrn }) => subject === 'ann' && amount >= 0 && objectUrn?.startsWith('urn:strata:demo:job:') === true)).toBe(true);
  });

  test('in a tenant that is closed nothing runs, and what its jobs said is there when it is opened again', async () => {
    const job = await jobs.submit('import time\nprint("ready", flush=True)\ntime.sleep(600)');
    await waitFor(async () => (await jobs.logOf(job.id)) === 'ready\n');
    const administrator = testActor({ subject: 'root', isAdministrator: true });
    await jobs.host.clientFor(controlRoutes, administrator).closeTenant({ params: demo });
    expect(await jobs.until(job.id, 'cancelled')).toMatchObject({ reason: 'Cancelled by root.' });
    expect(await jobQuotas()).toEqual([0, 0, 0]);
    await jobs.host.clientFor(controlRoutes, administrator).reopenTenant({ params: demo });
    expect(await jobs.logOf(job.id)).toBe('ready\n');
  });
});
