import type { Page } from '@playwright/test';

/** How tests reach the product they run against. */
export const product = {
  url: process.env['STRATALAB_TEST_URL'] ?? 'http://127.0.0.1:18500',
  port: 18_500,
  admin: 'admin',
  password: 'correct horse battery',
  opsToken: 'browser-tests-only-0123456789abcdef'
} as const;

export const isExternal = process.env['STRATALAB_TEST_URL'] !== undefined;

/** Calls the Hub's API as the test service. */
export async function hub(path: string, method = 'GET', body?: object): Promise<unknown> {
  const answer = await fetch(`${product.url}/hub/api${path}`, {
    method,
    headers: { authorization: `token ${product.opsToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Signs in through the real form and waits for JupyterLab with its layout. */
export async function signIn(page: Page, user: string = product.admin, password: string = product.password): Promise<void> {
  await enterLab(page, user, password);
  await waitForLayout(page);
}

/** Signs in through the real form until the frame of JupyterLab is there; what belongs into it may still be on its way. */
export async function enterLab(page: Page, user: string = product.admin, password: string = product.password): Promise<void> {
  await page.goto(`${product.url}/hub/login`);
  await page.locator('#username_input').fill(user);
  await page.locator('input[name=password]').fill(password);
  await page.getByRole('button', { name: /sign in/i }).click();
  // The first time the Hub asks for the size of the workspace.
  const start = page.getByRole('button', { name: 'Start', exact: true });
  const lab = page.waitForURL(new RegExp(`/user/${user}/lab`), { timeout: 90_000 });
  await Promise.race([lab, start.click({ timeout: 90_000 }).catch(() => undefined)]);
  await lab;
  await page.locator('#jp-main-dock-panel').waitFor({ timeout: 60_000 });
}

/** Waits until Lab has its layout: what it restores, and the file browser that it shows in a new one, comes after its frame and in the place of what was opened meanwhile. */
export async function waitForLayout(page: Page): Promise<void> {
  await page.locator('#jp-main-dock-panel').waitFor({ timeout: 60_000 });
  await page.waitForFunction(
    async () => {
      const app = Reflect.get(window, 'jupyterapp') as { restored: Promise<void> } | undefined;
      await app?.restored;
      return app !== undefined;
    },
    undefined,
    { timeout: 60_000 }
  );
}

/** Opens a sidebar of the suite by its caption; one that is open stays so. */
export async function openSidebar(page: Page, caption: string): Promise<void> {
  const tab = page.getByRole('tab', { name: caption, exact: true });
  if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
}

/** Opens a section of the sidebar "Stratalab" by its caption; one that is open stays so. */
export async function openSection(page: Page, caption: string): Promise<void> {
  await openSidebar(page, 'Stratalab');
  const title = page.locator('#stratalab-sidebar').getByRole('heading', { name: `${caption} Section` });
  if ((await title.getAttribute('aria-expanded')) !== 'true') await title.click();
}
