import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

/** The plugins of this panel family. */
export const modelsPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [];
