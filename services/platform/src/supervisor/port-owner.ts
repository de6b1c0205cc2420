import { readdir, readFile, readlink } from 'node:fs/promises';

export interface PortOwner {
  readonly pid: number;
  readonly program: string;
}

const listening = '0A';

/** Who listens on a TCP port, from /proc; `undefined` elsewhere, or when it belongs to another user. */
export async function findListener(port: number): Promise<PortOwner | undefined> {
  const inodes = new Set([...(await listeningInodes('/proc/net/tcp', port)), ...(await listeningInodes('/proc/net/tcp6', port))]);
  if (inodes.size === 0) return undefined;
  for (const name of await readdir('/proc').catch((): string[] => [])) {
    if (!/^\d+$/.test(name) || !(await holdsSocket(name, inodes))) continue;
    const program = (await readFile(`/proc/${name}/comm`, 'utf8').catch(() => 'a program')).trim();
    return { pid: Number(name), program };
  }
  return undefined;
}

/** Columns of /proc/net/tcp: number, local address:port in hexadecimal, remote, state, …, inode as the tenth. */
async function listeningInodes(table: string, port: number): Promise<readonly string[]> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (await readFile(table, 'utf8').catch(() => ''))
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/));
  return rows.flatMap(row => (row[1]?.endsWith(suffix) === true && row[3] === listening && row[9] !== undefined ? [row[9]] : []));
}

async function holdsSocket(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  for (const descriptor of await readdir(`/proc/${pid}/fd`).catch((): string[] => [])) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
