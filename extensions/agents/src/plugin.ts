import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

/** The plugins of this panel family. */
export const agentsPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [];
