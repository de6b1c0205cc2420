import { Type } from 'typebox';

/** Settings of Ray for jobs. Without any of them it is there where a Python of the jobs has Ray. */
export const rayConfig = Type.Object({
  STRATALAB_RAY_IMAGE: Type.String({
    default: '',
    description: 'Jobs on Kubernetes: image with Ray and Python, by digest; each Ray job gets a cluster of its own from KubeRay. Empty: no Ray'
  }),
  STRATALAB_RAY_VERSION: Type.String({ default: '2.60.0', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$', description: 'Version of Ray in that image, 2.53 or newer' }),
  STRATALAB_RAY_ADDRESS: Type.String({
    default: '',
    pattern: '^(|https?://[^\\s]+)$',
    description: 'Jobs on this machine: dashboard of a Ray cluster (`http://10.0.0.5:8265`) that sees the data folder at the same path, as the same user'
  }),
  STRATALAB_RAY_TENANTS: Type.String({
    default: '',
    description: 'Comma-separated tenants that may use that cluster, or `*`; whoever may reads everything its user can read'
  }),
  STRATALAB_RAY_TOKEN_FILE: Type.String({ default: '', description: 'File with the token of that cluster; empty when it asks for none' }),
  STRATALAB_RAY_PYTHON: Type.String({ default: '', description: "Full path of the Python with Ray on that cluster's nodes; the product's own when empty" })
});
