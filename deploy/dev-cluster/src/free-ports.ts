import { createServer } from 'node:net';

/** Where Linux begins to give ports to whoever connects: a port from there on may be taken by a connection before a server of ours listens on it. */
const firstLentPort = 32_768;
const firstPort = 20_000;
const count = 10;

/** A port that is free now, with the nine after it; another process that asks at the same moment looks elsewhere first. */
export async function freePorts(): Promise<number> {
  const blocks = Math.floor((firstLentPort - firstPort) / count);
  for (let block = process.pid; ; block += 1) {
    const port = firstPort + (block % blocks) * count;
    const tries = await Promise.all(Array.from({ length: count }, (_unused, offset) => isFree(port + offset)));
    if (tries.every(Boolean)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
