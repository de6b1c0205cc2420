import type { Page } from '@playwright/test';
import { enterLab, product, waitForLayout } from './product';

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

/** Lab with an empty layout, signed in as the administrator. */
export async function openEmptyLab(page: Page): Promise<void> {
  await enterLab(page);
  await page.goto(`${product.url}/user/${product.admin}/lab?reset`);
  await waitForLayout(page);
}

/** Closes the browser tab, as a person would, and comes back in a new one. */
export async function comeBack(page: Page): Promise<Page> {
  const next = await page.context().newPage();
  await page.close();
  await next.goto(`${product.url}/user/${product.admin}/lab?reset`);
  await waitForLayout(next);
  return next;
}

/** Keeps a picture of the page; with STRATALAB_TEST_PICTURES=1 it becomes one of the README. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env['STRATALAB_TEST_PICTURES'] === '1' ? '../docs/pictures' : 'test-results/pictures';
  await page.screenshot({ path: `${folder}/${name}.png` });
}
