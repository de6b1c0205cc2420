import { runningLayout, runningSupervisor } from '../supervisor/claim.ts';
import { publicUrl, type Layout } from '../supervisor/layout.ts';

interface Status {
  readonly isRunning: boolean;
  readonly pid: number | null;
  readonly url: string;
  readonly data: string;
  readonly isReady: boolean;
}

/** Says whether the platform of this data folder runs and answers; exit status 0 when it is ready, 3 when not. */
export async function status(layout: Layout, options: { readonly isJson: boolean }): Promise<number> {
  const pid = await runningSupervisor(layout);
  const url = publicUrl((await runningLayout(layout)) ?? layout);
  const isReady =
    pid !== undefined &&
    (await fetch(`${url}/services/stratalab/livez`, { signal: AbortSignal.timeout(5_000) }).then(
      answer => answer.ok,
      () => false
    ));
  const facts: Status = { isRunning: pid !== undefined, pid: pid ?? null, url, data: layout.data, isReady };
  process.stdout.write(options.isJson ? `${JSON.stringify(facts)}\n` : `${describe(facts)}\n`);
  return isReady ? 0 : 3;
}

function describe(facts: Status): string {
  if (!facts.isRunning) return `Stratalab does not run on ${facts.data}.`;
  return facts.isReady ? `Stratalab is ready: ${facts.url} (process ${facts.pid}, data in ${facts.data})` : `Stratalab is starting (process ${facts.pid}).`;
}
