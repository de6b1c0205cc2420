import type { Locator, Page } from '@playwright/test';
import { execute } from './lab';

interface OpenNotebook {
  readonly context?: { readonly isReady: boolean };
  readonly sessionContext?: { readonly isReady: boolean; readonly session: { readonly kernel: { readonly connectionStatus: string; readonly status: string } | null } | null };
  readonly content: {
    activeCellIndex: number;
    readonly widgets: readonly { readonly model: { readonly sharedModel: { setSource(text: string): void } } }[];
  };
}

/** Opens a new notebook with the Python kernel and waits until it can run something. */
export async function newNotebook(page: Page): Promise<Locator> {
  await execute(page, 'notebook:create-new', { kernelName: 'python3' });
  const notebook = page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  await notebook.locator('.jp-Cell').first().waitFor();
  // The indicator says idle before the file is read, which replaces the cells, and before the kernel takes code.
  await page.waitForFunction(
    () => {
      const { shell } = Reflect.get(window, 'jupyterapp') as { shell: { currentWidget: OpenNotebook | null } };
      const { context, sessionContext } = shell.currentWidget ?? {};
      const kernel = sessionContext?.session?.kernel;
      return context?.isReady === true && sessionContext?.isReady === true && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
    },
    undefined,
    { timeout: 60_000 }
  );
  return notebook;
}

/** Runs code in the last cell as the Run button does, waits until it is done, and answers the cell; a new empty cell follows. */
export async function runCell(page: Page, notebook: Locator, code: string): Promise<Locator> {
  const index = await page.evaluate(text => {
    const { shell } = Reflect.get(window, 'jupyterapp') as { shell: { currentWidget: OpenNotebook } };
    const { content } = shell.currentWidget;
    const last = content.widgets.length - 1;
    content.activeCellIndex = last;
    content.widgets[last]?.model.sharedModel.setSource(text);
    return last;
  }, code);
  await execute(page, 'notebook:run-cell-and-select-next');
  return notebook.locator('.jp-Cell').nth(index);
}
