import { createServer } from 'node:net';

/** A port that is free now, with the nine after it. */
export async function freePorts(): Promise<number> {
  for (let port = 20_000 + (process.pid % 20_000); ; port += 10) {
    const tries = await Promise.all(Array.from({ length: 10 }, (_unused, offset) => isFree(port + offset)));
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
