import { fileURLToPath } from 'node:url';
import type { AdministrationPage } from '@stratalab/control';
import { createHubSignIn } from '@stratalab/identity-jupyterhub';
import type { PlatformConfig } from '../config.ts';
import { createPageFiles } from './page-files.ts';

const built = fileURLToPath(new URL('../../../../extensions/admin/lib/standalone-page/', import.meta.url));

/** The administration page as this installation serves it: people sign in at the Hub that manages us. */
export function composeAdministrationPage(config: PlatformConfig): AdministrationPage {
  return {
    files: createPageFiles(built),
    publicPath: config.JUPYTERHUB_SERVICE_PREFIX,
    isSecure: config.STRATALAB_ORIGIN.startsWith('https:'),
    signIn: createHubSignIn({
      apiUrl: config.JUPYTERHUB_API_URL,
      basePath: config.JUPYTERHUB_BASE_URL,
      servicePrefix: config.JUPYTERHUB_SERVICE_PREFIX,
      serviceName: config.JUPYTERHUB_SERVICE_NAME,
      token: config.JUPYTERHUB_API_TOKEN
    })
  };
}
