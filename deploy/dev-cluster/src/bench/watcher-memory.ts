import { KubeConfig } from '@kubernetes/client-node';
import { createClusterWatch } from '@stratalab/cluster-watch';
import { jobKinds } from '@stratalab/job-runtime-kubernetes';
import { createLogger, createMetrics } from '@stratalab/kernel';
import { waitFor } from '@stratalab/tooling';
import { setTimeout as pause } from 'node:timers/promises';

/** The watch of the product alone in a process: `node watcher-memory.ts <kubeconfig> <pods>` prints its memory once it knows that many pods. */
const [kubeconfig = '', wanted = '0'] = process.argv.slice(2);
const syncTimeoutMs = 300_000;
const settleMs = 5_000;

const kubeConfig = new KubeConfig();
kubeConfig.loadFromFile(kubeconfig);
const stop = new AbortController();
const kinds = jobKinds({ hasRay: false });
const watch = createClusterWatch({ kubeConfig, kinds, logger: createLogger({ level: 'silent', service: 'bench' }), metrics: createMetrics() });
const running = watch.run(stop.signal);
let peakMiB = 0;
const sampling = setInterval(() => (peakMiB = Math.max(peakMiB, residentMiB())), 100);
const startedAt = performance.now();
await waitFor(() => kinds.every(({ name }) => watch.view(name).isFresh) && (watch.counters()['pods']?.objects ?? 0) >= Number(wanted), syncTimeoutMs);
const syncSeconds = (performance.now() - startedAt) / 1000;
await pause(settleMs);
clearInterval(sampling);
process.stdout.write(`${JSON.stringify({ pods: watch.counters()['pods']?.objects ?? 0, memoryMiB: residentMiB(), peakMiB, syncSeconds })}\n`);
stop.abort();
await running;

function residentMiB(): number {
  return Math.round(process.memoryUsage().rss / 2 ** 20);
}
