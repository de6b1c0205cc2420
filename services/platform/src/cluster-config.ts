import { Type, type Static } from 'typebox';

/** Settings of an installation whose jobs run on Kubernetes; read when STRATALAB_JOB_RUNTIME is `kubernetes`. */
export const clusterConfig = Type.Object({
  STRATALAB_JOB_RUNTIME: Type.Union([Type.Literal('local'), Type.Literal('kubernetes')], {
    default: 'local',
    description: 'Where jobs run: `local` on this machine, `kubernetes` as gangs of pods; the others here are for `kubernetes`'
  }),
  KUBECONFIG: Type.String({ default: '', description: 'Absolute path of one kubeconfig; without it the service account of the pod is used' }),
  STRATALAB_CLUSTER_NAMESPACE_PREFIX: Type.String({
    default: 'tenant-',
    pattern: '^[a-z][a-z0-9-]{0,20}$',
    description: 'Namespace and queue of a tenant are this and its name'
  }),
  STRATALAB_CLUSTER_PARENT_QUEUE: Type.String({ default: 'tenants', pattern: '^[a-z][a-z0-9-]{0,40}$', description: 'Volcano queue above the queues of all tenants' }),
  STRATALAB_CLUSTER_CLAIM: Type.String({
    default: 'stratalab-data',
    pattern: '^[a-z][a-z0-9-]{0,40}$',
    description: "Claim in a tenant's namespace that holds its folder of the data volume"
  }),
  STRATALAB_CLUSTER_GPU_RESOURCE: Type.String({ default: 'nvidia.com/gpu', description: 'Resource by which a whole GPU is asked for' }),
  STRATALAB_CLUSTER_VOLUME: Type.String({
    default: '',
    description:
      'JSON of the volume that holds the folder of a tenant ({tenant} is its name), as in a PersistentVolume: nfs, csi or hostPath; the data folder on the node when empty'
  }),
  STRATALAB_CLUSTER_POD_SECURITY: Type.Union([Type.Literal('restricted'), Type.Literal('baseline'), Type.Literal('privileged')], {
    default: 'restricted',
    description: 'Pod security level of the namespaces of tenants: restricted, baseline or privileged; the last one for development only'
  }),
  STRATALAB_CLUSTER_HOME_CLAIM: Type.String({
    default: 'stratalab-homes',
    pattern: '^[a-z][a-z0-9-]{0,40}$',
    description: "Claim in a tenant's namespace that holds the homes of people, of which a workspace sees one"
  }),
  STRATALAB_CLUSTER_HOME_VOLUME: Type.String({
    default: '',
    description: 'JSON of the volume that holds the homes, as in a PersistentVolume; the data folder on the node when empty'
  }),
  STRATALAB_CLUSTER_GPU_SLICES: Type.String({ default: '', description: 'Comma-separated resources of which one counts as a GPU too, slices for example: nvidia.com/mig-1g.10gb' }),
  STRATALAB_CLUSTER_GPU_KINDS: Type.String({
    default: '',
    description:
      'JSON of the kinds of GPU that jobs may ask for by name: the `resource` of each and, for one model among others, its `nodeSelector`; `{"h200":{"resource":"nvidia.com/gpu","nodeSelector":{"nvidia.com/gpu.product":"NVIDIA-H200"}}}`'
  }),
  STRATALAB_CLUSTER_RECLAIM: Type.Boolean({
    default: false,
    description: 'Tenants over their share give resources back to those below it, which ends jobs of theirs; without it nothing that runs is ended for another tenant'
  }),
  STRATALAB_CLUSTER_NAMESPACE: Type.String({ default: '', description: 'Namespace of the platform; that of its service account when empty, or `stratalab` where it has none' }),
  STRATALAB_CLUSTER_HUB_ACCOUNT: Type.String({
    default: '',
    pattern: '^(|[a-z0-9-]+/[a-z0-9.-]+)$',
    description: 'Service account of the Hub, as `namespace/name`; the one of the platform when empty'
  }),
  STRATALAB_CLUSTER_SHARED_SECRETS: Type.String({
    default: '',
    description: "Comma-separated secrets of the platform's namespace that every tenant gets a copy of, for pulling images; nothing that tenants must not share"
  }),
  STRATALAB_JOB_IMAGE: Type.String({ default: '', description: 'Image of job pods with Python and the launchers, by digest; required' }),
  STRATALAB_JOB_USER_ID: Type.Integer({ default: 1000, minimum: 0, maximum: 4_294_967_294, description: 'User of job pods; owns what jobs write. Never 0 on a real installation' }),
  STRATALAB_JOB_GROUP_ID: Type.Integer({ default: 1000, minimum: 0, maximum: 4_294_967_294, description: 'Group of job pods' }),
  STRATALAB_JOB_POD: Type.String({
    default: '',
    description: 'JSON added to every job pod: nodeSelector, tolerations, imagePullSecrets, volumes, volumeMounts'
  }),
  STRATALAB_JOB_LISTEN: Type.String({
    default: '',
    pattern: '^(|[^:\\s]+:[0-9]{1,5})$',
    description: 'Second address of the platform (`10.0.0.5:8010`), for pods; the first one is reached over the proxy on loopback'
  }),
  STRATALAB_JOB_ORIGIN: Type.String({
    default: '',
    description: 'Where pods reach the platform (`http://stratalab.platform.svc:8003`); `http://` and STRATALAB_JOB_LISTEN when empty'
  })
});
export type ClusterConfig = Static<typeof clusterConfig>;
