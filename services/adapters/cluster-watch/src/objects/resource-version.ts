/**
 * Whether one state of an object is newer than another. Resource versions are whole numbers that only grow, of any length, and may be compared within one kind
 * (Kubernetes, KEP-5504); of one that is no number nothing is known, so it counts as newer and is looked at.
 */
export function isNewer(version: string, than: string): boolean {
  if (!/^[0-9]+$/.test(version) || !/^[0-9]+$/.test(than)) return version !== than;
  const [one, other] = [version.replace(/^0+/, ''), than.replace(/^0+/, '')];
  return one.length === other.length ? one > other : one.length > other.length;
}
