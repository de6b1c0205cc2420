import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const services = fileURLToPath(new URL('../../', import.meta.url));

/** Who opens connections, and to what. None of these addresses comes from a request, so there is nothing to turn inward. */
const known: Readonly<Record<string, string>> = {
  'adapters/cluster-watch/src/http/cluster-http.ts': 'the API server of the kubeconfig',
  'adapters/identity-jupyterhub/src/hub-identity.ts': 'the Hub, by its own setting',
  'adapters/identity-jupyterhub/src/hub-people.ts': 'the Hub, by its own setting',
  'adapters/identity-jupyterhub/src/hub-sign-in.ts': 'the Hub, by its own setting',
  'adapters/job-runtime-kubernetes/src/examine/gates.ts': 'the API server of the kubeconfig',
  'adapters/job-runtime-ray/src/ray-client.ts': 'the Ray head, by its own setting',
  'adapters/model-runtime-local/src/probe.ts': 'replicas on loopback, by their own files',
  'client/src/http-transport.ts': 'our services, by setting',
  'client/src/watch.ts': 'our services, by setting',
  'kernel/src/telemetry/metrics.ts': 'a listener on loopback, no call',
  'platform/src/commands/status.ts': 'the running platform',
  'platform/src/compose/tenant-site.ts': 'a look at the form of an address, no call',
  'platform/src/doctor/data.ts': 'a probe of a port of this machine',
  'platform/src/gateway/gateway.ts': 'our services, by setting',
  'platform/src/listen-for-pods.ts': 'a listener, no call',
  'platform/src/promote/target.ts': 'the installation that the operator of this machine names on the command line',
  'platform/src/supervisor/hub.ts': 'the Hub',
  'platform/src/supervisor/ports.ts': 'a probe of a port of this machine',
  'serving/src/gateway/dispatch.ts': 'replicas on loopback, by their runtime'
};

const opensConnections = /\bfetch\(|\?\? fetch\b|from 'undici'|from 'node:(?:http|https|http2|net|tls)'/;
const isProduct = (path: string): boolean =>
  path.endsWith('.ts') && !/\.test(-support)?\.ts$|\/testing\/|\/bench\/|^tooling\/|\/engine\/|\/conformance\/|node_modules|\/scripts\//.test(path);

test('T23 T24 T25 no service calls an address that somebody gave it; one that does needs an egress client first', () => {
  const found = readdirSync(services, { recursive: true, encoding: 'utf8' })
    .filter(isProduct)
    .filter(path => opensConnections.test(readFileSync(join(services, path), 'utf8').replaceAll(/^import type .*$/gm, '')));
  expect(found.filter(path => known[path] === undefined)).toEqual([]);
  expect(Object.keys(known).filter(path => !found.includes(path))).toEqual([]);
});
