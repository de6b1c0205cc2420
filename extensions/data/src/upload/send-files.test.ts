import { createClient } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import { catalogRoutes, type Upload } from '@stratalab/contracts/catalog';
import { partBytesFor, sendFiles } from './send-files';

const partBytes = 300 * 1024;

/** A service that keeps what comes, and may lose the line before or after a part was kept. */
class FakeService {
  received = 0;
  readonly offsets: number[] = [];
  completions = 0;
  constructor(
    readonly sizeBytes: number,
    readonly trouble: (put: number) => 'before' | 'after' | 'refuse' | undefined = () => undefined
  ) {}

  upload(): Upload {
    return {
      id: '0'.repeat(26),
      dataset: 'big',
      state: 'open',
      files: [{ name: 'a.csv', sizeBytes: this.sizeBytes, receivedBytes: this.received }],
      partBytes,
      createdBy: 'ann',
      createdAt: '2024-01-01T00:00:00Z',
      expiresAt: '2024-01-02T00:00:00Z',
      version: null
    };
  }

  readonly catalog = createClient(catalogRoutes, async ({ path }) => {
    if (path.endsWith('/complete')) {
      this.completions++;
      return { status: 201, headers: {}, body: { name: 'big', version: '1', urn: 'urn:strata:demo:dataset:big@1' } };
    }
    return { status: 200, headers: {}, body: this.upload() };
  });

  readonly fetch: typeof fetch = async (input, init) => {
    const offset = Number(new URL(String(input)).searchParams.get('offset'));
    this.offsets.push(offset);
    const trouble = this.trouble(this.offsets.length);
    if (trouble === 'before') throw new TypeError('Failed to fetch');
    if (trouble === 'refuse') return new Response(JSON.stringify(new Problem('storage-full').toDocument()), { status: 507 });
    if (offset !== this.received) return new Response(JSON.stringify(new Problem('conflict').toDocument()), { status: 409 });
    this.received += init?.body instanceof Blob ? init.body.size : 0;
    if (trouble === 'after') throw new TypeError('Failed to fetch');
    return new Response(JSON.stringify({ receivedBytes: this.received }));
  };
}

async function send(service: FakeService, abort = new AbortController()): Promise<{ readonly progress: readonly number[]; readonly waits: readonly boolean[] }> {
  const progress: number[] = [];
  const waits: boolean[] = [];
  await sendFiles(service.upload(), [new Blob(['x'.repeat(service.sizeBytes)])], {
    catalog: service.catalog,
    url: 'http://host',
    authorization: () => ({ authorization: 'token t' }),
    tenant: 'demo',
    signal: abort.signal,
    onProgress: sent => progress.push(sent),
    onWaiting: isWaiting => waits.push(isWaiting),
    fetch: service.fetch,
    firstPauseMs: 1
  });
  return { progress, waits };
}

describe('sending files', () => {
  const size = 1_000_000;

  it('goes part by part, says how far it is, and publishes once', async () => {
    const service = new FakeService(size);
    const { progress } = await send(service);
    expect(service.received).toBe(size);
    expect(service.completions).toBe(1);
    expect(progress.at(0)).toBe(0);
    expect(progress.at(-1)).toBe(size);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  it.each(['before', 'after'] as const)('goes on by itself when the line is lost %s a part arrived', async when => {
    const service = new FakeService(size, put => (put === 2 ? when : undefined));
    const { waits } = await send(service);
    expect(service.received).toBe(size);
    expect(service.completions).toBe(1);
    expect(waits).toEqual([true, false]);
  });

  it('goes on where another tab or an earlier visit stopped', async () => {
    const service = new FakeService(size);
    service.received = 600_000;
    await send(service);
    expect(service.offsets[0]).toBe(600_000);
    expect(service.received).toBe(size);
  });

  it('gives up when the service refuses, and stops at once when it is cancelled', async () => {
    await expect(send(new FakeService(size, () => 'refuse'))).rejects.toMatchObject({ code: 'storage-full' });
    const abort = new AbortController();
    const lost = new FakeService(size, () => {
      abort.abort(new Error('cancelled'));
      return 'before';
    });
    await expect(send(lost, abort)).rejects.toThrow('cancelled');
    expect(lost.completions).toBe(0);
  });

  it('takes parts that show progress and are never too large', () => {
    expect(partBytesFor(1_000, 8_000_000)).toBe(256 * 1024);
    expect(partBytesFor(100_000_000, 8_000_000)).toBe(2_000_000);
    expect(partBytesFor(10_000_000_000, 8_000_000)).toBe(8_000_000);
  });
});
