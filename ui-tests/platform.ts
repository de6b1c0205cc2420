import type { Page } from '@playwright/test';
import { product } from './product';

/** Calls the platform as the page does, with its token. */
export async function platform(page: Page, path: string, init: { readonly method?: string; readonly body?: object } = {}): Promise<unknown> {
  const token = await page.evaluate(() => {
    const data = document.getElementById('jupyter-config-data')?.textContent ?? '{}';
    return String((JSON.parse(data) as { token?: string }).token);
  });
  const answer = await fetch(`${product.url}/services/stratalab/api/${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `token ${token}`, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) })
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Rows of a list. */
export async function list(page: Page, path: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return ((await platform(page, path)) as { items: Record<string, unknown>[] }).items;
}
