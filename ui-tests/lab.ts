import type { Page } from '@playwright/test';

/** What the page measured about one of its requests. */
export interface Fetched {
  readonly url: string;
  readonly startMs: number;
  readonly bytes: number;
}

export interface StartUp {
  readonly restoredMs: number;
  readonly fetched: readonly Fetched[];
}

/** Makes the page note when Lab has its layout; call before the page is opened. */
export async function watchStartUp(page: Page): Promise<void> {
  await page.addInitScript(() => {
    performance.setResourceTimingBufferSize(10_000);
    const timer = setInterval(() => {
      const app = Reflect.get(window, 'jupyterapp') as { restored: Promise<void> } | undefined;
      if (app === undefined) return;
      clearInterval(timer);
      void app.restored.then(() => Reflect.set(window, 'labRestoredMs', performance.now()));
    }, 1);
  });
}

/** What was fetched, and when Lab had its layout. */
export async function readStartUp(page: Page): Promise<StartUp> {
  await page.waitForFunction(() => Reflect.has(window, 'labRestoredMs'));
  return page.evaluate(() => ({
    restoredMs: Reflect.get(window, 'labRestoredMs') as number,
    fetched: performance.getEntriesByType('resource').map(entry => {
      const resource = entry as PerformanceResourceTiming;
      return { url: resource.name, startMs: resource.startTime, bytes: resource.encodedBodySize };
    })
  }));
}

/** Runs a command of Lab, as the palette does. */
export async function execute(page: Page, command: string, args: object = {}): Promise<void> {
  await page.evaluate(
    async ([id, given]) => {
      const app = Reflect.get(window, 'jupyterapp') as { commands: { execute(id: string, args: object): Promise<unknown> } };
      await app.commands.execute(id, given);
    },
    [command, args] as const
  );
}

/** Light or dark, with the page settled. */
export async function useTheme(page: Page, theme: 'JupyterLab Light' | 'JupyterLab Dark'): Promise<void> {
  await execute(page, 'apputils:change-theme', { theme });
  await page.locator(`body[data-jp-theme-name="${theme}"]`).waitFor({ state: 'attached' });
}

/** Everything the page complained about since this call. */
export function collectComplaints(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  return complaints;
}
