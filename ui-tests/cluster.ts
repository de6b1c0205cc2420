import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

interface Known {
  /** Before the name of a tenant, its namespace. */
  readonly prefix: string;
  /** The data folder of the product. */
  readonly data: string;
  /** What runs kubectl as the administrator of the cluster. */
  readonly kubectl: readonly string[];
}

/** The part of any object that stories look at. */
interface ClusterObject {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string; readonly minAvailable?: number };
  readonly status?: { readonly phase?: string; readonly state?: string | { readonly phase?: string } };
}

/** The cluster behind the product under test; told by whoever started that. */
function known(): Known {
  return JSON.parse(process.env['STRATALAB_TEST_CLUSTER'] ?? '{}') as Known;
}

/** Objects of a kind that belong to a job, as the administrator of the cluster sees them. */
export async function objectsOf(job: string, kind: string): Promise<readonly ClusterObject[]> {
  const { prefix, kubectl } = known();
  const [program = '', ...words] = kubectl;
  const { stdout } = await promisify(execFile)(program, [...words, '-n', `${prefix}demo`, 'get', kind, '-l', `stratalab/job=${job}`, '-o', 'json'], { maxBuffer: 2 ** 25 });
  return (JSON.parse(stdout) as { items: ClusterObject[] }).items;
}

/** Puts a file into the home of a running job, which every process of it sees. */
export async function leaveInHome(job: string, name: string): Promise<void> {
  await writeFile(join(known().data, 'tenants/demo/jobs', job, 'home', name), '');
}
