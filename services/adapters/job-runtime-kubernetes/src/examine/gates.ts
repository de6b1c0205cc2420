import { request, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { ok, unknown, warn, type ClusterFinding, type ExamineOptions } from './finding.ts';

/** Gates of the API server that change what the platform can promise, and what is lost without them. */
const gates: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: 'the platform’s account cannot be held to the namespaces of tenants',
  PodSecurity: 'pods of tenants are not held to their security level',
  UserNamespacesSupport: 'root in a pod is root on its node where an image asks for it'
};

/** Feature gates, where the API server shows them (its metrics). A gate that is not listed has become a fixed part, or does not exist in this version. */
export async function examineGates({ kubeConfig }: ExamineOptions): Promise<ClusterFinding> {
  const name = 'Feature gates';
  const text = await readMetrics(kubeConfig).catch(() => undefined);
  if (text === undefined)
    return unknown(name, 'This account may not see them (metrics of the API server).', 'Ask the operator of the cluster, or run this as an administrator of it.');
  const states = new Map([...text.matchAll(/^kubernetes_feature_enabled\{name="([^"]+)",stage="[^"]*"\} ([01])/gm)].map(match => [match[1] ?? '', match[2] === '1']));
  if (states.size === 0) return unknown(name, 'The API server lists none.', 'Ask the operator of the cluster.');
  const off = Object.entries(gates).filter(([gate]) => states.get(gate) === false);
  if (off.length > 0)
    return warn(name, off.map(([gate, loss]) => `${gate} is off: ${loss}`).join('; '), 'Turn them on with --feature-gates on the API server, or know what is not isolated.');
  return ok(name, `nothing the platform uses is off (${states.size} gates seen)`);
}

/** The metrics are text, which the client's own calls do not read. */
async function readMetrics(kubeConfig: KubeConfig): Promise<string> {
  const options: RequestOptions = {};
  await kubeConfig.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const asked = request(`${kubeConfig.getCurrentCluster()?.server ?? ''}/metrics`, { ...options, signal: AbortSignal.timeout(20_000) }, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.once('error', reject);
      answer.once('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`The metrics answer ${answer.statusCode}.`))));
    });
    asked.once('error', reject);
    asked.end();
  });
}
