import { createServer } from 'node:net';
import { Problem } from '@stratalab/contracts';
import type { Layout } from './layout.ts';
import { findListener } from './port-owner.ts';

const purposes = ['Stratalab itself', "the proxy's API", 'the Hub', 'the platform', 'metrics'];

/** @throws in-use naming the first of the five ports that somebody else listens on, and who it is where the system tells */
export async function assertPortsFree(layout: Layout): Promise<void> {
  for (const [offset, purpose] of purposes.entries()) {
    const port = layout.port + offset;
    if (await isFree(port)) continue;
    const owner = await findListener(port);
    const who = owner === undefined ? 'another program' : `${owner.program} (process ${owner.pid})`;
    throw new Problem('in-use', { detail: `Port ${port} (for ${purpose}) is taken by ${who}.`, hint: 'Stop that program, or choose other ports: STRATALAB_PORT=8100 npm start' });
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
