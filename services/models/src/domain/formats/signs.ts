/** Why a file is dangerous to load, by its name and first bytes; `undefined` for data. Nothing is ever unpickled (T37). */
export function codeInFile(path: string, head: Buffer): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/\.(pkl|pickle|cloudpickle|joblib|dill|pt|pth|ckpt|mar)$/.test(name)) return `'${path}' is a pickle, which runs code when it is loaded.`;
  if (isPickle(head)) return `'${path}' begins like a pickle, which runs code when it is loaded.`;
  if (head.subarray(0, 6).equals(Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]))) return `'${path}' is a 7z archive, whose content cannot be checked.`;
  if (name.endsWith('.safetensors') && !isSafetensors(head)) return `'${path}' is named like safetensors and is something else.`;
  if (/\.(bin|model|npz|npy|h5|keras)$/.test(name) && head.subarray(0, 2).toString('latin1') === 'PK' && !name.endsWith('.keras') && !name.endsWith('.npz')) {
    return `'${path}' is an archive of PyTorch, which holds a pickle.`;
  }
  return undefined;
}

/** Protocols 2 to 5 begin with their number; older ones with the code of the first object. */
function isPickle(head: Buffer): boolean {
  return head[0] === 0x80 && head[1] !== undefined && head[1] >= 2 && head[1] <= 5;
}

const highestSafetensorsHeader = 100 * 1024 * 1024;

/** 8 bytes of length, then a JSON object. */
function isSafetensors(head: Buffer): boolean {
  if (head.length < 9) return false;
  const length = head.readBigUInt64LE(0);
  return length >= 2n && length <= BigInt(highestSafetensorsHeader) && head[8] === 0x7b;
}

/** Bytes needed of each file for `codeInFile`. */
export const signBytes = 16;
