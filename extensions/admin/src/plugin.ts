import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

/** The plugins of this panel family. */
export const adminPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [];
