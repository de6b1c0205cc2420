import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { JobInput } from '@stratalab/contracts/compute';

/** Letters a job or file name may have; the rest becomes dashes. */
export function jobNameOf(path: string): string {
  const base =
    path
      .split('/')
      .at(-1)
      ?.replace(/\.[^.]+$/, '') ?? '';
  const name = base.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'my-job' : name.slice(0, 100);
}

/** The active cell as a job; `undefined` without a notebook or on a cell that is no code. */
export function jobOfActiveCell(notebooks: INotebookTracker | null): Partial<JobInput> | undefined {
  const cell = notebooks?.activeCell ?? undefined;
  if (cell?.model.type !== 'code' || notebooks?.currentWidget === null || notebooks === null) return undefined;
  const text = withoutMagic(cell.model.sharedModel.getSource());
  return { name: `${jobNameOf(notebooks.currentWidget.context.path)}-cell`, code: { kind: 'cell', text, fileName: 'cell.py' } };
}

/** A cell that was written for `%%job` runs without that line. */
export function withoutMagic(source: string): string {
  return source.replace(/^\s*%%job\b[^\n]*\n?/, '');
}

/** A Python file of the workspace as a job. */
export function jobOfFile(path: string, model: Pick<DocumentRegistry.ICodeModel, 'sharedModel'>): Partial<JobInput> {
  const name = path.split('/').at(-1) ?? 'main.py';
  return { name: jobNameOf(path), code: { kind: 'script', text: model.sharedModel.getSource(), fileName: name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') } };
}
