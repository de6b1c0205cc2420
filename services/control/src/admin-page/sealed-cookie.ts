import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface CookieSeal {
  /** Text that only `open` of the same seal can read, safe in a cookie. */
  seal(text: string): string;
  /** `undefined` for anything this seal did not write. */
  open(sealed: string | undefined): string | undefined;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Seals cookies with a key that lives as long as the process: after a restart people are sent through the Hub again, which asks them nothing. */
export function createCookieSeal(): CookieSeal {
  const key = randomBytes(32);
  return {
    seal(text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed ?? '', 'base64url');
      if (bytes.length <= nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    }
  };
}

/** The value of one cookie of a `Cookie` header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** A `Set-Cookie` header that scripts cannot read and other sites cannot send along; gone with the browser session unless `maxAgeSeconds` is given. */
export function writeCookie(cookie: { readonly name: string; readonly value: string; readonly path: string; readonly isSecure: boolean; readonly maxAgeSeconds?: number }): string {
  const age = cookie.maxAgeSeconds === undefined ? '' : `; Max-Age=${cookie.maxAgeSeconds}`;
  return `${cookie.name}=${cookie.value}; Path=${cookie.path}; HttpOnly; SameSite=Lax${cookie.isSecure ? '; Secure' : ''}${age}`;
}
