import { createClient, type TransportRequest } from '@stratalab/client';
import { Problem } from '@stratalab/contracts';
import type { WhoAmI } from '@stratalab/contracts/control';
import { testSuite, type TestSuite } from '../../../kit/src/testing/render.test-support';
import { act } from 'react';

export interface FarSide extends TestSuite {
  /** What was asked, as `METHOD path body`. */
  readonly asked: string[];
}

export const root: WhoAmI = { subject: 'root', isAdministrator: true, tenants: [] };
export const ada: WhoAmI = { subject: 'ada', isAdministrator: false, tenants: [{ name: 'lab', displayName: 'Lab', role: 'admin' }] };

/** Answers of the platform by `METHOD path` (without the query): a body, a promise of one, or a problem. */
export type Answers = Readonly<Record<string, unknown>>;

/** A suite whose platform answers from a table; whatever is missing there is an empty page. */
export function farSide(who: WhoAmI, answers: Answers = {}): FarSide {
  const asked: string[] = [];
  const suite = testSuite();
  const transport = async ({ method, path, body }: TransportRequest) => {
    const bare = `${method} ${path.split('?')[0]?.replace('/api/control/v1', '') ?? ''}`;
    asked.push(`${method} ${path.replace('/api/control/v1', '')}${body === undefined ? '' : ` ${body}`}`);
    const answer = (await answers[bare]) ?? { items: [], nextCursor: null };
    if (answer instanceof Problem) return { status: answer.status, headers: {}, body: answer.toDocument('request-1') };
    return { status: 200, headers: {}, body: answer };
  };
  Object.assign(suite.stratalab, { clientFor: (table: never) => createClient(table, transport), whoAmI: async () => who, refresh: () => undefined });
  return { ...suite, asked };
}

export function type(field: Element | null | undefined, text: string): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) throw new Error('There is no field to type into.');
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLSelectElement.prototype;
  act(() => {
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event(field instanceof HTMLInputElement ? 'input' : 'change', { bubbles: true }));
  });
}

/** The button with this label, by its text or its aria-label. */
export function button(label: string, within: ParentNode = document): HTMLElement {
  const found = [...within.querySelectorAll<HTMLElement>('button')].find(element => element.textContent?.trim() === label || element.getAttribute('aria-label') === label);
  if (found === undefined) throw new Error(`There is no button '${label}' in: ${document.body.textContent ?? ''}`);
  return found;
}

/** The field under a label. */
export function field(label: string): Element | null | undefined {
  const labels = [...document.querySelectorAll('label')].find(element => element.textContent?.includes(label));
  return labels?.querySelector('input, select') ?? document.querySelector(`[aria-label="${label}"]`);
}

/** Clicks, and waits until what the click started has settled on the screen. */
export async function choose(element: Element | null | undefined): Promise<void> {
  if (element === null || element === undefined) throw new Error('There is nothing to click.');
  await act(async () => {
    element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    await new Promise(resolve => setTimeout(resolve, 0));
  });
}
