/** Stops the server that `global-setup` started. */
export default async function globalTeardown(): Promise<void> {
  const server: unknown = Reflect.get(globalThis, 'stratalabTestServer');
  if (typeof server === 'object' && server !== null && 'stop' in server && typeof server.stop === 'function') await server.stop();
}
