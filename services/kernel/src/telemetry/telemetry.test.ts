import { Writable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createLogger, redactText } from './log.ts';
import { createMetrics, listenForMetrics } from './metrics.ts';

const canary = 'CANARY0123456789abcdef';

describe('logs (T71)', () => {
  function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
    let text = '';
    const destination = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      }
    });
    write(createLogger({ level: 'trace', service: 'test', destination }));
    return text;
  }

  test.each(['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'key', 'credential', 'apiKey', 'connectionString'])('the field %s is never written', field => {
    const text = logged(logger => logger.info({ event: 'x', [field]: canary, headers: { [field]: canary }, request: { headers: { [field]: canary } } }, 'said'));
    expect(text).toContain('"event":"x"');
    expect(text).not.toContain(canary);
  });

  test.each([
    `Authorization: Bearer ${canary}`,
    `token ${canary}`,
    `sk-strata-${canary}`,
    `stl1.${canary}.${canary}`,
    `postgresql://platform:${canary}@localhost/db`,
    `https://x/y?token=${canary}&a=1`
  ])('text with a credential in it loses the credential: %s', text => {
    expect(redactText(text)).not.toContain(canary);
    expect(logged(logger => logger.error({ event: 'x', error: new Error(text, { cause: new Error(text) }) }, text))).not.toContain(canary);
  });

  test('text from outside is capped', () => {
    expect(redactText('x'.repeat(1_000_000)).length).toBeLessThan(5_000);
  });
});

describe('the metrics listener (T06)', () => {
  test('answers metrics and probes, and nothing of the API', async () => {
    let isReady = true;
    const server = await listenForMetrics(createMetrics(), {
      host: '127.0.0.1',
      port: 0,
      isReady: async () => {
        if (!isReady) throw new Error('no');
      }
    });
    const { port } = server.address() as AddressInfo;
    const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('http_server_request_duration_seconds');
    expect([await status('/livez'), await status('/readyz')]).toEqual([200, 200]);
    isReady = false;
    expect(await status('/readyz')).toBe(503);
    expect(await status('/api/control/v1/whoami')).toBe(404);
    await new Promise(resolve => server.close(resolve));
  });
});
