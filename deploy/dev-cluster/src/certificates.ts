import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';
import { hostAddress, nodeAddress, nodeName } from './settings.ts';

const days = '3650';
const clientUse = 'extendedKeyUsage=clientAuth';
const serverUse = (names: readonly string[]): string => `extendedKeyUsage=serverAuth\nsubjectAltName=${names.join(',')}`;

const apiNames = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'].map(name => `DNS:${name}`);

interface Wanted {
  readonly name: string;
  readonly subject: string;
  readonly use: string;
  readonly authority?: 'ca' | 'front-ca';
}

const wanted: readonly Wanted[] = [
  { name: 'apiserver', subject: '/CN=kube-apiserver', use: serverUse([...apiNames, 'IP:127.0.0.1', 'IP:10.96.0.1', `IP:${hostAddress}`]) },
  { name: 'admin', subject: '/O=system:masters/CN=admin', use: clientUse },
  { name: 'controller-manager', subject: '/CN=system:kube-controller-manager', use: clientUse },
  { name: 'scheduler', subject: '/CN=system:kube-scheduler', use: clientUse },
  { name: 'kubelet-client', subject: '/O=system:masters/CN=apiserver-kubelet-client', use: clientUse },
  { name: 'front-proxy', subject: '/CN=front-proxy', use: clientUse, authority: 'front-ca' },
  { name: 'kwok', subject: '/CN=kwok', use: serverUse(['IP:127.0.0.1']) },
  { name: 'proxy', subject: '/CN=system:kube-proxy', use: clientUse },
  { name: 'node', subject: `/O=system:nodes/CN=system:node:${nodeName}`, use: clientUse },
  { name: 'kubelet', subject: `/CN=${nodeName}`, use: serverUse([`DNS:${nodeName}`, `IP:${nodeAddress}`]) }
];

/** Users of the API that get a kubeconfig. */
const users = ['admin', 'controller-manager', 'scheduler', 'proxy', 'node'];

/** Makes the certificates and kubeconfigs of one cluster, once: they hold its address. */
export async function makeCertificates(folder: string, server: string): Promise<void> {
  const done = join(folder, 'complete');
  if (existsSync(done)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const openssl = (args: readonly string[]): Promise<string> => runProgram('openssl', args, { cwd: folder });
  const key = (name: string): Promise<string> => openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`]);
  for (const authority of ['ca', 'front-ca']) {
    await key(authority);
    await openssl(['req', '-x509', '-new', '-key', `${authority}.key`, '-sha256', '-days', days, '-subj', `/CN=dev-cluster-${authority}`, '-out', `${authority}.crt`]);
  }
  for (const { name, subject, use, authority = 'ca' } of wanted) {
    await key(name);
    await writeFile(join(folder, `${name}.extensions`), use);
    await openssl(['req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.request`]);
    const signed = ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', days, '-sha256', '-extfile', `${name}.extensions`];
    await openssl(['x509', '-req', '-in', `${name}.request`, ...signed, '-out', `${name}.crt`]);
  }
  await openssl(['genrsa', '-out', 'service-accounts.key', '2048']);
  await openssl(['rsa', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub']);
  for (const user of users) await writeFile(join(folder, `${user}.kubeconfig`), kubeconfig(user, server), { mode: 0o600 });
  await writeFile(done, '');
}

/** Paths in it are relative to its own folder, so the state folder can be moved. */
function kubeconfig(user: string, server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'dev', cluster: { server, 'certificate-authority': 'ca.crt' } }],
    users: [{ name: user, user: { 'client-certificate': `${user}.crt`, 'client-key': `${user}.key` } }],
    contexts: [{ name: 'dev', context: { cluster: 'dev', user } }],
    'current-context': 'dev'
  });
}
