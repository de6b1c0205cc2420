/** A GGUF file (version 3) with these fields and no weights. */
export function tinyGguf(fields: Readonly<Record<string, string | number>>): Buffer {
  const parts = [Buffer.from('GGUF'), uint32(3), uint64(0), uint64(Object.keys(fields).length)];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(text(name), ...(typeof value === 'number' ? [uint32(4), uint32(value)] : [uint32(8), text(value)]));
  }
  return Buffer.concat(parts);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}
