import { createHash } from 'node:crypto';

/** Where the output of a producer goes: the same for every try, so that a publication cut anywhere ends in one place. 26 letters and digits. */
export function outputContentId(tenant: string, producerUrn: string, output: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, producerUrn, output]))
    .digest();
  const number = BigInt(`0x${digest.subarray(0, 17).toString('hex')}`);
  return number.toString(36).padStart(26, '0').slice(-26);
}
