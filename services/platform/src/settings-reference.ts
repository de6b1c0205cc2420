import { Type } from 'typebox';

/**
 * What a person may set for `npm start`. They are read in plain JavaScript before anything is installed and by the Hub in Python, so this
 * object documents them; `settings-reference.test.ts` keeps it complete.
 */
export const startSettings = Type.Object({
  STRATALAB_DATA: Type.String({ default: '~/.local/share/stratalab', description: 'Data folder: database, objects, jobs, workspaces, secrets, logs' }),
  STRATALAB_PORT: Type.Integer({ default: 8000, minimum: 1024, maximum: 65_000, description: 'Public port on loopback; the four ports after it are used too' }),
  STRATALAB_ADMIN: Type.String({ default: 'admin', description: 'First account; it administers the installation' }),
  STRATALAB_ADMIN_PASSWORD: Type.String({ default: '', description: 'Password of the first account; without it the first start prints a one-time link' }),
  STRATALAB_VENV: Type.String({ default: '.venv of the checkout', description: 'Python environment of the product' }),
  STRATALAB_PROMOTE_TOKEN: Type.String({ default: '', description: 'For `stratalab promote`: token of an administrator of the installation that receives' }),
  DATABASE_URL: Type.String({ default: '', description: 'PostgreSQL 15 or newer with pgvector instead of the embedded one; a role without superuser rights' })
});

/** What only the Hub reads. */
export const hubSettings = Type.Object({
  STRATALAB_ORIGIN: Type.String({
    default: 'http://127.0.0.1:<port>',
    description: 'Origin browsers use, when a proxy of yours stands in front; pages from others are then refused'
  }),
  STRATALAB_TRUSTED_PROXIES: Type.String({ default: '', description: 'Comma-separated addresses of proxies whose X-Forwarded-For is believed' }),
  STRATALAB_LISTEN: Type.String({ default: '127.0.0.1', description: 'Address of the public port: loopback, or `0.0.0.0` where pods or a load balancer must reach it' }),
  STRATALAB_SPAWNER: Type.String({ default: 'local', description: 'How workspaces are started: `local` as processes of this machine, `kubernetes` as pods' }),
  STRATALAB_WORKSPACE_IMAGE: Type.String({ default: '', description: 'Workspaces as pods: image of profiles that name none, by digest; required' }),
  STRATALAB_WORKSPACE_ORIGIN: Type.String({ default: '', description: 'Workspaces as pods: where they reach the public port (`http://stratalab.platform.svc:8000`); required' }),
  STRATALAB_WORKSPACE_ROOT: Type.String({ default: '/opt/stratalab', description: 'Workspaces as pods: where the product lies in their image' }),
  STRATALAB_WORKSPACE_VENV: Type.String({ default: '<root>/.venv', description: 'Workspaces as pods: Python environment in their image' }),
  STRATALAB_WORKSPACE_USER_ID: Type.Integer({
    default: 1000,
    minimum: 0,
    maximum: 4_294_967_294,
    description: 'Workspaces as pods: who they run as; owns the homes. Never 0 on a real installation'
  }),
  STRATALAB_WORKSPACE_GROUP_ID: Type.Integer({ default: 1000, minimum: 0, maximum: 4_294_967_294, description: 'Workspaces as pods: their group' }),
  STRATALAB_WORKSPACE_POD: Type.String({
    default: '',
    description: 'Workspaces as pods: JSON added to each of them: nodeSelector, tolerations, imagePullSecrets, volumes, volumeMounts'
  }),
  STRATALAB_WORKSPACE_START_SECONDS: Type.Integer({
    default: 300,
    minimum: 10,
    maximum: 3600,
    description: 'Workspaces as pods: longest time until one answers, image included',
    unit: 's'
  }),
  STRATALAB_WORKSPACE_KUBECONFIG: Type.String({
    default: '',
    description: 'Workspaces as pods: kubeconfig of the Hub, whose rights are fewer than those of the platform; KUBECONFIG when empty, unused inside a pod'
  }),
  STRATALAB_JAIL: Type.String({ default: 'auto', description: 'Mount jail of workspaces: `auto` where the system allows it, `on` refuses to start without, `off`' }),
  STRATALAB_IDLE_SECONDS: Type.Integer({
    default: 3600,
    minimum: 5,
    maximum: 2_592_000,
    description: 'A workspace without activity and without a busy kernel is stopped after this',
    unit: 's'
  }),
  STRATALAB_SPAWN_LIMIT: Type.Integer({ default: '4 per core', minimum: 1, maximum: 1000, description: 'Workspaces that may be starting at once; more are asked to wait' }),
  STRATALAB_LOG_LEVEL: Type.String({ default: 'info', description: 'trace, debug, info, warn, error or fatal; the platform takes it too' }),
  STRATALAB_OIDC_CLIENT_ID: Type.String({ default: '', description: 'Turns sign-in by OpenID Connect on: client of this installation at the provider' }),
  STRATALAB_OIDC_CLIENT_SECRET: Type.String({ default: '', description: 'Its secret; taken out of the environment after it was read' }),
  STRATALAB_OIDC_AUTHORIZE_URL: Type.String({ default: '', description: 'Where the provider asks people to sign in' }),
  STRATALAB_OIDC_TOKEN_URL: Type.String({ default: '', description: 'Where the code of a sign-in is exchanged' }),
  STRATALAB_OIDC_USERDATA_URL: Type.String({ default: '', description: 'Where the provider says who it is' }),
  STRATALAB_OIDC_USERNAME_CLAIM: Type.String({ default: 'preferred_username', description: 'Claim that becomes the user name' }),
  STRATALAB_OIDC_SCOPE: Type.String({ default: 'openid profile email', description: 'Scopes asked for' }),
  STRATALAB_OIDC_NAME: Type.String({ default: 'your organisation', description: 'Name on the sign-in button' }),
  STRATALAB_OIDC_CALLBACK_URL: Type.String({ default: '<origin>/hub/oauth_callback', description: 'Address the provider sends people back to' }),
  STRATALAB_OIDC_ALLOW_ALL: Type.String({ default: '', description: '1 lets everybody in whom the provider knows (without any tenant); else only people who were added' }),
  STRATALAB_OPS_TOKEN: Type.String({ default: '', description: 'Token of an outside program that may use the API of the Hub; tests use it' }),
  STRATALAB_UI_TEST: Type.String({ default: '', description: '1 lets browser tests prepare the page' })
});

/** What the supervisor and the Hub set for each other; not for people. */
export const internalSettings: readonly string[] = ['STRATALAB_ROOT', 'STRATALAB_SECRETS', 'STRATALAB_NODE'];
