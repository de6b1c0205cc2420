import { PageConfig, URLExt } from '@jupyterlab/coreutils';

/** Base URL of the platform without a trailing slash: page option `stratalabUrl`, else the Hub's service path. */
export function serviceUrl(): string {
  const configured = PageConfig.getOption('stratalabUrl');
  const path = configured === '' ? URLExt.join(PageConfig.getOption('hubPrefix') || '/hub/', '..', 'services/stratalab/') : configured;
  return new URL(path, window.location.href).href.replace(/\/$/, '');
}
