import { join } from 'node:path';
import { until, type Cluster } from '../cluster.ts';
import { clusterRoot } from '../settings.ts';

const readyTimeoutMs = 60_000;

/** The default scheduler, Volcano's scheduler and controllers, and the KubeRay operator; webhooks off, as our objects are complete without them. */
export async function startSchedulers(cluster: Cluster): Promise<void> {
  const { processes, ports, kubeconfig } = cluster;
  const environment = { HOME: cluster.settings.state };
  const scheduler = join(cluster.certificates, 'scheduler.kubeconfig');
  await processes.start({
    name: 'kube-scheduler',
    program: cluster.program('kube'),
    args: [
      ...['kube-scheduler', '--kubeconfig', scheduler, '--authentication-kubeconfig', scheduler, '--authorization-kubeconfig', scheduler],
      ...['--bind-address', '127.0.0.1', '--secure-port', String(ports.scheduler), '--leader-elect=false', '--profiling=false']
    ],
    environment,
    isKept: true
  });
  await processes.start({
    name: 'vc-controller-manager',
    program: cluster.program('vc-controller-manager'),
    args: [
      ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--enable-healthz=false', '--enable-metrics=false'],
      // Named one by one: a controller whose definition is missing makes the whole process wait without end.
      ...['--controllers=job-controller,queue-controller,pg-controller,gc-controller', '-v', '2'],
      // Its defaults, three threads and 50 calls a second, make some five jobs a second: each is a dozen calls.
      ...['--worker-threads=50', '--worker-threads-for-podgroup=20', '--kube-api-qps=1000', '--kube-api-burst=2000']
    ],
    environment,
    isKept: true
  });
  await processes.start({
    name: 'vc-scheduler',
    program: cluster.program('vc-scheduler'),
    args: [
      ...['--kubeconfig', kubeconfig, '--leader-elect=false', '--scheduler-conf', join(clusterRoot, 'conf/volcano-scheduler.conf')],
      ...['--enable-healthz=false', '--enable-metrics=true', '--listen-address', `127.0.0.1:${ports.volcanoMetrics}`],
      ...['--cache-dumper=false', '--schedule-period', '500ms', '-v', '2']
    ],
    environment,
    isKept: true
  });
  await processes.start({
    name: 'kuberay-operator',
    program: cluster.program('kuberay-operator'),
    args: [
      ...['--enable-leader-election=false', '--metrics-addr', `127.0.0.1:${ports.kuberayMetrics}`, '--health-probe-bind-address', `127.0.0.1:${ports.kuberayHealth}`],
      ...['--use-kubernetes-proxy', '--batch-scheduler=volcano']
    ],
    environment: { ...environment, KUBECONFIG: kubeconfig, ENABLE_WEBHOOKS: 'false' },
    isKept: true
  });
  await until("Volcano's default queue", async () => (await cluster.tryKubectl(['get', 'queue', 'default'])).code === 0, readyTimeoutMs);
}
