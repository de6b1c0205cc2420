/** One program of the cluster: where its source is, how it is linked, and how a binary proves what it is. */
export interface Component {
  /** Name of the file; also the name in the cache of binaries. */
  readonly name: string;
  /** Folder below `tools/` with the go.mod that pins it. */
  readonly module: string;
  /** Go package of its main function, seen from that folder. */
  readonly package: string;
  readonly ldflags: readonly string[];
  /** Module and version that `go version -m` of a genuine binary names, with the checksum that go.sum has; absent for our own program. */
  readonly proof?: { readonly path: string; readonly version: string };
  /** No tier runs it: made by `build`, and by who needs it. */
  readonly isOnDemand?: boolean;
}

const stripped = ['-s', '-w'];
const kubernetes = '1.36.3';
/** Operators compare minimum versions, so Kubernetes must know its own; both packages are read. */
const kubernetesVersion = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap(path => [
  `-X ${path}.gitVersion=v${kubernetes}`,
  `-X ${path}.gitMajor=1`,
  `-X ${path}.gitMinor=36`,
  `-X ${path}.gitTreeState=clean`,
  `-X ${path}.gitCommit=module`,
  `-X ${path}.buildDate=2026-01-01T00:00:00Z`
]);
const volcanoVersion = ['-X volcano.sh/volcano/pkg/version.Version=v1.15.1'];
const volcano = { path: 'volcano.sh/volcano', version: 'v1.15.1' };

/** Everything the tiers run, and what tests of an installation need; the large ones last, so that a build shows progress early. */
export const components: readonly Component[] = [
  { name: 'pause', module: 'pause', package: '.', ldflags: stripped },
  { name: 'etcd', module: 'k8s', package: 'go.etcd.io/etcd/server/v3', ldflags: stripped, proof: { path: 'go.etcd.io/etcd/server/v3', version: 'v3.6.8' } },
  {
    name: 'kwok',
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    ldflags: [...stripped, '-X sigs.k8s.io/kwok/pkg/consts.Version=v0.8.0'],
    proof: { path: 'sigs.k8s.io/kwok', version: 'v0.8.0' }
  },
  {
    name: 'kuberay-operator',
    module: 'kuberay',
    package: 'github.com/ray-project/kuberay/ray-operator',
    ldflags: stripped,
    proof: { path: 'github.com/ray-project/kuberay/ray-operator', version: 'v1.6.2' }
  },
  {
    name: 'versitygw',
    module: 'versitygw',
    package: 'github.com/versity/versitygw/cmd/versitygw',
    ldflags: [...stripped, '-X main.Version=v1.7.0'],
    proof: { path: 'github.com/versity/versitygw', version: 'v1.7.0' }
  },
  {
    name: 'helm',
    module: 'helm',
    package: 'helm.sh/helm/v4/cmd/helm',
    ldflags: [...stripped, '-X helm.sh/helm/v4/internal/version.version=v4.2.3'],
    proof: { path: 'helm.sh/helm/v4', version: 'v4.2.3' },
    isOnDemand: true
  },
  { name: 'coredns', module: 'coredns', package: '.', ldflags: stripped, proof: { path: 'github.com/coredns/coredns', version: 'v1.14.7' } },
  { name: 'vc-scheduler', module: 'volcano', package: 'volcano.sh/volcano/cmd/scheduler', ldflags: [...stripped, ...volcanoVersion], proof: volcano },
  { name: 'vc-controller-manager', module: 'volcano', package: 'volcano.sh/volcano/cmd/controller-manager', ldflags: [...stripped, ...volcanoVersion], proof: volcano },
  { name: 'kube', module: 'k8s', package: '.', ldflags: [...stripped, ...kubernetesVersion], proof: { path: 'k8s.io/kubernetes', version: `v${kubernetes}` } }
];

/** Modules whose folders hold the custom resource definitions; fetched, never compiled. */
export const definitionModules = {
  volcano: 'volcano.sh/volcano@v1.15.1',
  kuberay: 'github.com/ray-project/kuberay/ray-operator@v1.6.2',
  kwok: 'sigs.k8s.io/kwok@v0.8.0',
  /** No tier has it: tests of the chart ask its definition of a ServiceMonitor. */
  prometheus: 'github.com/prometheus-operator/prometheus-operator@v0.85.0'
} as const;
