import type { ModelFiles, ModelRuntime, ReplicaAddress, ReplicaObservation } from '../ports/model-runtime.ts';

/** What a test framework gives; passed in, so that the kernel depends on none. */
export interface RuntimeConformanceTools {
  readonly test: (name: string, run: () => Promise<void>) => void;
  readonly equal: (actual: unknown, expected: unknown) => void;
  readonly rejects: (work: Promise<unknown>, code: string) => Promise<void>;
  /** Waits until `check` answers something other than undefined or false. */
  readonly waitFor: <T>(check: () => Promise<T | undefined | false>) => Promise<T>;
  /** Ends the replica's process as a crash would. */
  readonly crash: (id: string) => Promise<void>;
}

export interface RuntimeUnderTest {
  /** A runtime on the same place as the last one, as after a restart of the platform. */
  readonly open: () => ModelRuntime;
  readonly tenant: string;
  /** A model that is ready within a minute, and a request it answers with 200. */
  readonly files: ModelFiles;
  readonly question: { readonly path: string; readonly body: unknown };
}

/** What every model runtime must hold. */
export function describeModelRuntime(subject: RuntimeUnderTest, { test, equal, rejects, waitFor, crash }: RuntimeConformanceTools): void {
  // The files may be known only when a test runs.
  const order = {
    id: 'conformance-0',
    tenant: subject.tenant,
    parallel: 2,
    contextTokens: 512,
    get files() {
      return subject.files;
    }
  };
  const isReady = async (runtime: ModelRuntime): Promise<ReplicaObservation | undefined> => {
    const seen = await runtime.observe(order.id);
    return seen?.phase === 'ready' ? seen : undefined;
  };
  const askAt = async (address: ReplicaAddress): Promise<number> => {
    const answer = await fetch(`${address.origin}${subject.question.path}`, {
      method: 'POST',
      headers: { authorization: address.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(subject.question.body)
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const ask = async (runtime: ModelRuntime): Promise<number> => {
    const address = await runtime.address(order.id);
    return address === undefined ? 0 : askAt(address);
  };

  test('a format without an engine is refused, and headers say what the model is', async () => {
    const runtime = subject.open();
    await rejects(runtime.inspect({ ...subject.files, format: 'other' }), 'unsupported-format');
    equal((await runtime.inspect(subject.files)).weightsBytes > 0, true);
  });

  test('a replica that was never started is not there', async () => {
    const runtime = subject.open();
    equal(await runtime.observe('never-0'), undefined);
    equal(await runtime.address('never-0'), undefined);
    await runtime.stop('never-0', { graceMs: 100 });
    equal((await runtime.readLog('never-0', { offset: 0, limitBytes: 100 })).text, '');
  });

  test('ready means that it answers; a second start finds the first; a stranger is refused', async () => {
    const runtime = subject.open();
    await runtime.start(order);
    const seen = await waitFor(() => isReady(runtime));
    equal(await ask(runtime), 200);
    await runtime.start(order);
    equal((await runtime.observe(order.id))?.startedAt, seen.startedAt);
    equal((await fetch(`${seen.address?.origin ?? ''}/health`)).status, 401);
    equal(await runtime.list(), [order.id]);
  });

  test('the next platform process adopts a running replica', async () => {
    const runtime = subject.open();
    equal((await runtime.observe(order.id))?.phase, 'ready');
    equal(await ask(runtime), 200);
  });

  test('a crash is seen, and a new start works again', async () => {
    const runtime = subject.open();
    await crash(order.id);
    await waitFor(async () => (await runtime.observe(order.id))?.phase === 'exited');
    await runtime.start(order);
    await waitFor(() => isReady(runtime));
    equal(await ask(runtime), 200);
  });

  test('the log goes on over restarts and is read from any offset', async () => {
    const runtime = subject.open();
    const whole = await runtime.readLog(order.id, { offset: 0, limitBytes: 1_000_000 });
    const first = await runtime.readLog(order.id, { offset: 0, limitBytes: 10 });
    const rest = await runtime.readLog(order.id, { offset: first.nextOffset, limitBytes: 1_000_000 });
    equal(first.text + rest.text.slice(0, whole.text.length - first.text.length), whole.text);
    equal(whole.text.split('"loading"').length, 3);
  });

  test('a stop lets the call in flight finish and leaves no process', async () => {
    const runtime = subject.open();
    const address = await waitFor(() => runtime.address(order.id));
    const inFlight = askAt(address);
    // The replica answers this after it took the call above, which is on its way already.
    await runtime.observe(order.id);
    await Promise.all([inFlight.then(status => equal(status, 200)), runtime.stop(order.id, { graceMs: 20_000 })]);
    equal(await runtime.address(order.id), undefined);
    await runtime.remove(order.id);
    equal(await runtime.list(), []);
  });
}
