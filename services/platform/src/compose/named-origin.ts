/** Origin that operators named; none where it is empty or the loopback address that the Hub falls back to: then people come by any name of this machine. */
export function namedOrigin(origin: string): string | undefined {
  return origin === '' || new URL(origin).hostname === '127.0.0.1' ? undefined : origin;
}
