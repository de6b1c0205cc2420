import { createServer } from 'node:net';

/** Where Linux begins to give ports to whoever connects: a port from there on may be taken by a connection before a server of ours listens on it. */
const firstLentPort = 32_768;
/** Above the ports that a head of Ray gives its workers. */
const firstPort = 20_000;
const blockSize = 10;
const blocks = Math.floor((firstLentPort - firstPort) / blockSize);
/** Processes begin so many blocks apart: what one has chosen and not taken yet is not chosen by another. */
const apart = 24;
let next = process.pid * apart;

/** A port that is free now, with the nine after it; the next call answers others, also when nobody listens on these yet. */
export async function freePorts(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const first = firstPort + (next++ % blocks) * blockSize;
    const tries = await Promise.all(Array.from({ length: blockSize }, (_unused, offset) => isFree(first + offset, host)));
    if (tries.every(Boolean)) return first;
  }
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
