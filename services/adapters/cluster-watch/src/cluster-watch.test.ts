import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { createClusterWatch, type ClusterWatch, type WatchTimeouts } from './cluster-watch.ts';
import { startFakeApiServer, type FakeApiServer, type FakeRequest } from './testing/fake-api-server.ts';
import type { WatchedKind } from './watched-kind.ts';

const pods: WatchedKind = { name: 'pods', apiVersion: 'v1', kind: 'Pod', plural: 'pods', labelSelector: 'mine=true', indexLabel: 'job' };
const quick: Partial<WatchTimeouts> = { auditMs: 3_600_000, settleMs: 20 };

describe('watching a cluster that fails in every way it can', () => {
  let server: FakeApiServer;
  let watch: ClusterWatch;
  let stop: AbortController;
  let running: Promise<void>;
  let told: string[];

  beforeEach(async () => {
    server = await startFakeApiServer([{ apiVersion: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true }]);
    stop = new AbortController();
    told = [];
    running = Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await server.stop();
  });

  const run = (times: Partial<WatchTimeouts> = {}): void => {
    watch = createClusterWatch({
      kubeConfig: server.kubeConfig,
      kinds: [pods],
      logger: createLogger({ level: 'silent', service: 'test' }),
      metrics: createMetrics(),
      times: { ...quick, ...times },
      // Short pauses.
      random: () => 0.1
    });
    watch.onChange(({ type, object }) => told.push(`${type} ${object.metadata.name}`));
    running = watch.run(stop.signal);
  };
  const put = (name: string, fields: object = {}) => server.put('pods', { metadata: { name, namespace: 'a', labels: { mine: 'true', job: `job-of-${name}` } }, ...fields });
  const remove = (name: string) => server.objects.remove('pods', 'a', name);
  const names = (): string[] => [...watch.view('pods').all()].map(({ metadata }) => metadata.name).sort();
  const settled = (...expected: string[]) => waitFor(() => names().join() === expected.join() || undefined);
  const synced = () => waitFor(() => watch.view('pods').isFresh || undefined);
  const count = (verb: FakeRequest['verb']): number => server.requests.filter(request => request.verb === verb).length;
  const counters = () => watch.counters()['pods'];
  const line = (type: string, object: unknown): string => JSON.stringify({ type, object });

  test('lists once in pages, then watches: no list in steady state, and objects without their bookkeeping', async () => {
    for (let index = 0; index < 1_201; index += 1) put(`p${index}`, { spec: { template: { big: 'x' }, nodeName: 'n' } });
    server.put('pods', { metadata: { name: 'foreign', namespace: 'a' } });
    run();
    await synced();
    expect([watch.view('pods').get('a', 'foreign'), [...watch.view('pods').all()].length, count('list')]).toEqual([undefined, 1_201, 3]);
    expect(watch.view('pods').get('a', 'p7')).toMatchObject({ spec: { nodeName: 'n' }, metadata: { labels: { job: 'job-of-p7' } } });
    expect(JSON.stringify(watch.view('pods').get('a', 'p7'))).not.toMatch(/managedFields|template/);
    await waitFor(() => server.openWatches === 1 || undefined);
    put('p7', { status: { phase: 'Running' } });
    remove('p8');
    await waitFor(() => told.includes('deleted p8') || undefined);
    expect(told.slice(1_201)).toEqual(['modified p7', 'deleted p8']);
    expect(watch.view('pods').labelled('job-of-p7')).toMatchObject([{ status: { phase: 'Running' } }]);
    expect(watch.view('pods').labelled('job-of-p8')).toEqual([]);
    expect([count('list'), count('watch')]).toEqual([3, 1]);
  });

  test('F16 410 at the start of a watch: everything is listed again, and what went meanwhile is told as deleted', async () => {
    put('a');
    put('b');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    await server.stop();
    remove('a');
    put('c');
    server.objects.compact();
    await server.start();
    await settled('b', 'c');
    expect(told).toEqual(['added a', 'added b', 'added c', 'deleted a']);
    expect(counters()?.relists).toBe(1);
  });

  test('F16 410 as an ERROR within the stream, again and again: it is listed again each time, with pauses, and nothing is told as gone', async () => {
    put('a');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    for (let round = 1; round <= 3; round += 1) {
      server.say(line('ERROR', { kind: 'Status', code: 410, message: 'too old resource version' }));
      // Not the watch that just ended, which the server may not have seen the end of: nobody would read the next line there.
      await waitFor(() => (count('watch') === round + 1 && server.openWatches === 1) || undefined);
      expect(counters()?.relists).toBe(round);
    }
    put('b');
    await settled('a', 'b');
    expect(told).toEqual(['added a', 'added b']);
  });

  test('F16 410 in the middle of a paged list: it is read again in one piece', async () => {
    for (let index = 0; index < 700; index += 1) put(`p${index}`);
    const heal = server.breakBy(({ verb, query }) => (verb === 'list' && query.has('continue') ? { status: 410 } : undefined));
    run();
    await synced();
    heal();
    expect(names()).toHaveLength(700);
    expect(server.requests.slice(0, 3).map(({ query }) => [query.get('limit'), query.has('continue')])).toEqual([
      ['500', false],
      ['500', true],
      [null, false]
    ]);
  });

  test('F17 429 on a list waits as long as the server says', async () => {
    let refusedAt = 0;
    const heal = server.breakBy(({ verb }) => {
      if (verb !== 'list') return undefined;
      refusedAt = performance.now();
      heal();
      return { status: 429, retryAfter: '1' };
    });
    put('a');
    run();
    await settled('a');
    expect(performance.now() - refusedAt).toBeGreaterThanOrEqual(990);
    expect(count('list')).toBe(2);
  });

  test.each([429, 500, 503, 401, 403])('F17 %i on list and watch: it is asked again until it works, and the view is not called fresh meanwhile', async status => {
    put('a');
    const healList = server.breakBy(({ verb }) => (verb === 'list' ? { status } : undefined));
    run();
    await waitFor(() => count('list') >= 2 || undefined);
    expect(watch.view('pods').isFresh).toBe(false);
    const healWatch = server.breakBy(({ verb }) => (verb === 'watch' ? { status } : undefined));
    healList();
    await waitFor(() => count('watch') >= 2 || undefined);
    put('b');
    expect(watch.view('pods').isFresh).toBe(false);
    healWatch();
    await settled('a', 'b');
    expect(watch.view('pods').isFresh).toBe(true);
    // The watch goes on from the version of the list: no second list.
    expect(server.requests.filter(({ verb }, index) => verb === 'list' && index > server.requests.findIndex(request => request.verb === 'watch'))).toEqual([]);
  });

  test('F18 a watch that is closed again and again: nothing is lost, nothing is listed again', async () => {
    put('a');
    run();
    for (let round = 0; round < 4; round += 1) {
      await waitFor(() => server.openWatches === 1 || undefined);
      server.endWatches();
      put(`b${round}`);
    }
    await settled('a', 'b0', 'b1', 'b2', 'b3');
    expect([count('list'), counters()?.relists]).toEqual([1, 0]);
  });

  test('F18 a watch that stays open and says nothing is left for a new one; until then the lag grows and the view is not fresh', async () => {
    put('a');
    let mute = true;
    server.breakBy(({ verb }) => (verb === 'watch' && mute ? { mute: true } : undefined));
    run({ silenceMs: 600, freshMs: 200 });
    await synced();
    put('b');
    await waitFor(() => !watch.view('pods').isFresh || undefined);
    mute = false;
    await settled('a', 'b');
    expect(counters()?.silences).toBeGreaterThanOrEqual(1);
    expect(count('list')).toBe(1);
    await synced();
  });

  test('F18 bookmarks keep a quiet watch alive and young: after a break it goes on where the last bookmark was', async () => {
    put('a');
    run({ silenceMs: 30_000 });
    await waitFor(() => server.openWatches === 1 || undefined);
    server.objects.tick();
    server.bookmark();
    await waitFor(() => counters()?.bookmarks === 1 || undefined);
    server.objects.compact();
    server.endWatches();
    await waitFor(() => count('watch') === 2 || undefined);
    put('b');
    await settled('a', 'b');
    expect([count('list'), counters()?.relists]).toEqual([1, 0]);
  });

  test('F20 doubled, reordered and stale events change nothing; what was deleted does not come back, and its successor of the same name stays', async () => {
    const first = put('a');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    const second = put('a', { status: { phase: 'Running' } });
    await waitFor(() => told.includes('modified a') || undefined);
    server.say(line('ADDED', first));
    server.say(line('MODIFIED', second));
    server.say(line('ADDED', second));
    const gone = remove('a');
    await waitFor(() => told.includes('deleted a') || undefined);
    server.say(line('ADDED', second));
    server.say(line('MODIFIED', first));
    put('a', { status: { phase: 'Pending' } });
    server.say(line('DELETED', gone));
    put('z');
    await settled('a', 'z');
    expect(told).toEqual(['added a', 'modified a', 'deleted a', 'added a', 'added z']);
    expect(watch.view('pods').get('a', 'a')).toMatchObject({ status: { phase: 'Pending' } });
    // Nor does an echo lead the next watch back.
    server.endWatches();
    await waitFor(() => count('watch') === 2 || undefined);
    expect(Number(server.requests.findLast(({ verb }) => verb === 'watch')?.query.get('resourceVersion'))).toBeGreaterThanOrEqual(
      Number(server.objects.get('pods', 'a', 'z')?.metadata.resourceVersion)
    );
  });

  test('F21 a list that is empty once deletes nothing', async () => {
    ['a', 'b', 'c'].forEach(name => put(name));
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    const heal = server.breakBy(({ verb }) => {
      if (verb !== 'list') return undefined;
      heal();
      return { text: JSON.stringify({ metadata: { resourceVersion: String(server.objects.version) }, items: null }) };
    });
    server.say(line('ERROR', { kind: 'Status', code: 410 }));
    await waitFor(() => (count('list') === 3 && server.openWatches === 1) || undefined);
    expect(names()).toEqual(['a', 'b', 'c']);
    expect([told, counters()?.doubtedLists]).toEqual([['added a', 'added b', 'added c'], 1]);
  });

  test('F21 what two lists in a row lack is gone', async () => {
    ['a', 'b', 'c'].forEach(name => put(name));
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    await server.stop();
    ['a', 'b', 'c'].forEach(name => remove(name));
    server.objects.compact();
    await server.start();
    await settled();
    expect([told.slice(3).sort(), counters()?.doubtedLists]).toEqual([['deleted a', 'deleted b', 'deleted c'], 1]);
  });

  test('F22 nobody answers for long: what is known stays known, is not called fresh, and the return finds everything', async () => {
    put('a');
    put('b');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    await server.stop();
    await waitFor(() => (counters()?.failures ?? 0) >= 3 || undefined);
    expect([names(), watch.view('pods').isFresh]).toEqual([['a', 'b'], false]);
    put('c');
    remove('a');
    await server.start();
    await settled('b', 'c');
    expect([watch.view('pods').isFresh, count('list')]).toEqual([true, 1]);
  });

  test('F27 what somebody deletes behind our back is told', async () => {
    put('a');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    remove('a');
    await waitFor(() => told.includes('deleted a') || undefined);
    expect(names()).toEqual([]);
  });

  test('an audit finds what the watch never told, counts it, and takes nothing for missed that the watch did tell', async () => {
    put('kept');
    put('lost');
    let mute = true;
    server.breakBy(({ verb }) => (verb === 'watch' && mute ? { mute: true } : undefined));
    run({ auditMs: 200 });
    await synced();
    remove('lost');
    put('new');
    await settled('kept', 'new');
    expect(counters()).toMatchObject({ missed: 2, relists: 0 });
    mute = false;
    const audits = counters()?.audits ?? 0;
    await waitFor(() => (counters()?.audits ?? 0) > audits + 1 || undefined);
    expect(counters()?.missed).toBe(2);
  });

  test('malformed lines and objects are counted, what follows them is read, and an audit looks for what they hid', async () => {
    put('a');
    run({ auditMs: 3_600_000 });
    await waitFor(() => server.openWatches === 1 || undefined);
    [
      '{"type":"ADDED","object":',
      'null',
      line('ADDED', null),
      line('ADDED', { metadata: { name: 'x' } }),
      line('WHAT', {}),
      line('ADDED', { metadata: { name: 3, uid: {}, resourceVersion: [] } })
    ].forEach(server.say);
    put('b');
    await settled('a', 'b');
    expect(counters()?.malformed).toBe(6);
    await waitFor(() => (counters()?.audits ?? 0) >= 1 || undefined, 15_000);
  });

  test('a listener that throws is counted and hears of the next change all the same', async () => {
    run();
    let heard = 0;
    watch.onChange(() => {
      heard += 1;
      throw new Error('on purpose');
    });
    put('a');
    await settled('a');
    put('b');
    await settled('a', 'b');
    expect([heard, counters()?.callbackErrors]).toEqual([2, 2]);
  });

  test('a replaced token is used from the next request on', async () => {
    put('a');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    server.kubeConfig.users = [{ name: 'fake', token: 'second' }];
    server.breakBy(({ authorization }) => (authorization === 'Bearer second' ? undefined : { status: 401 }));
    server.endWatches();
    put('b');
    await settled('a', 'b');
  });

  test('the end of the signal ends every request at once', async () => {
    put('a');
    run();
    await waitFor(() => server.openWatches === 1 || undefined);
    stop.abort();
    await running;
    await waitFor(() => server.openWatches === 0 || undefined);
  });
});
