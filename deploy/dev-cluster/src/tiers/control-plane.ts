import { join } from 'node:path';
import { makeCertificates } from '../certificates.ts';
import { until, type Cluster } from '../cluster.ts';
import { hostAddress } from '../settings.ts';

const loopback = '127.0.0.1';
const services = '10.96.0.0/16';
const readyTimeoutMs = 90_000;
/** A third of the API server's time under load went into collecting garbage; it may keep more of it. */
const memoryForTime = { GOGC: '400' } as const;

/** etcd, API server and controller manager, on the address of the tier. Returns when the API answers that it is ready. */
export async function startControlPlane(cluster: Cluster): Promise<void> {
  await makeCertificates(cluster.certificates, `https://${cluster.address}:${cluster.ports.api}`);
  await cluster.processes.start({ name: 'etcd', program: cluster.program('etcd'), args: etcdArguments(cluster) });
  const isReady = async (): Promise<boolean> => {
    // Right after the end of another one its port may still be taken for a moment: the server gives up at once and is started again.
    const args = ['kube-apiserver', ...apiArguments(cluster)];
    await cluster.processes.start({ name: 'kube-apiserver', program: cluster.program('kube'), args, environment: { HOME: cluster.settings.state, ...memoryForTime } });
    return (await cluster.tryKubectl(['get', '--raw', '/readyz'])).code === 0;
  };
  await until('The API server', isReady, readyTimeoutMs);
  const args = ['kube-controller-manager', ...controllerArguments(cluster)];
  await cluster.processes.start({ name: 'kube-controller-manager', program: cluster.program('kube'), args, isKept: true });
}

/** Data of a throw-away cluster: nothing waits for the disk. */
function etcdArguments({ ports, settings }: Cluster): readonly string[] {
  const client = `http://${loopback}:${ports.etcdClient}`;
  const peer = `http://${loopback}:${ports.etcdPeer}`;
  return [
    ...['--name', 'dev', '--data-dir', join(settings.state, 'etcd')],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `dev=${peer}`],
    ...['--unsafe-no-fsync', '--quota-backend-bytes', '4294967296'],
    ...['--auto-compaction-mode', 'revision', '--auto-compaction-retention', '20000', '--log-level', 'warn']
  ];
}

function apiArguments({ ports, certificates, address }: Cluster): readonly string[] {
  const file = (name: string): string => join(certificates, name);
  return [
    ...['--etcd-servers', `http://${loopback}:${ports.etcdClient}`],
    ...['--bind-address', address, '--secure-port', String(ports.api), '--advertise-address', hostAddress],
    ...['--service-cluster-ip-range', services, '--authorization-mode', 'Node,RBAC', '--enable-admission-plugins', 'NodeRestriction'],
    ...['--client-ca-file', file('ca.crt'), '--tls-cert-file', file('apiserver.crt'), '--tls-private-key-file', file('apiserver.key')],
    ...['--service-account-issuer', 'https://kubernetes.default.svc.cluster.local'],
    ...['--service-account-key-file', file('service-accounts.pub'), '--service-account-signing-key-file', file('service-accounts.key')],
    ...['--kubelet-client-certificate', file('kubelet-client.crt'), '--kubelet-client-key', file('kubelet-client.key'), '--kubelet-certificate-authority', file('ca.crt')],
    ...['--kubelet-preferred-address-types', 'InternalIP'],
    ...['--requestheader-client-ca-file', file('front-ca.crt'), '--requestheader-allowed-names', 'front-proxy'],
    ...['--requestheader-username-headers', 'X-Remote-User', '--requestheader-group-headers', 'X-Remote-Group', '--requestheader-extra-headers-prefix', 'X-Remote-Extra-'],
    ...['--proxy-client-cert-file', file('front-proxy.crt'), '--proxy-client-key-file', file('front-proxy.key')],
    ...['--enable-aggregator-routing=true', '--endpoint-reconciler-type', 'lease', '--allow-privileged=true', '--profiling=false']
  ];
}

function controllerArguments({ ports, certificates }: Cluster): readonly string[] {
  const file = (name: string): string => join(certificates, name);
  const kubeconfig = file('controller-manager.kubeconfig');
  return [
    ...['--kubeconfig', kubeconfig, '--authentication-kubeconfig', kubeconfig, '--authorization-kubeconfig', kubeconfig],
    ...['--bind-address', loopback, '--secure-port', String(ports.controllerManager), '--leader-elect=false', '--use-service-account-credentials=true'],
    ...['--root-ca-file', file('ca.crt'), '--service-account-private-key-file', file('service-accounts.key')],
    ...['--cluster-signing-cert-file', file('ca.crt'), '--cluster-signing-key-file', file('ca.key')],
    ...['--service-cluster-ip-range', services, '--profiling=false']
  ];
}
