import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { SuiteProvider, type SuiteContext } from '../platform/context';
import type { IStratalabEvents } from '../platform/events';
import type { IStratalab } from '../platform/platform';

export interface TestSuite extends SuiteContext {
  /** Delivers an event to the listeners whose prefixes fit. */
  emit(name: string): void;
  /** Says that events may have been missed. */
  miss(): void;
  readonly executed: { readonly id: string; readonly args: unknown }[];
}

/** A suite in the tenant `demo`, with a far side that is a function. */
export function testSuite(commandIds: readonly string[] = []): TestSuite {
  const listeners = new Set<{ prefixes: readonly string[]; callback: (event: never) => void }>();
  const executed: { id: string; args: unknown }[] = [];
  const commands = new CommandRegistry();
  for (const id of commandIds) commands.addCommand(id, { execute: args => void executed.push({ id, args }) });
  let tenant = 'demo';
  const stratalab = { url: 'http://platform', tenant: async () => tenant, authorization: () => ({}) } as unknown as IStratalab;
  const tenantChanged = new Signal<IStratalab, string>(stratalab);
  Object.assign(stratalab, {
    tenantChanged,
    chooseTenant: (name: string) => {
      tenant = name;
      tenantChanged.emit(name);
    }
  });
  const events = {
    state: 'open',
    listen: (prefixes: readonly string[], callback: (event: never) => void) => {
      const listener = { prefixes, callback };
      listeners.add(listener);
      return () => listeners.delete(listener);
    }
  } as unknown as IStratalabEvents;
  const missed = new Signal<IStratalabEvents, void>(events);
  Object.assign(events, { stateChanged: new Signal(events), missed });
  return {
    stratalab,
    events,
    commands,
    translator: nullTranslator,
    executed,
    emit: name => {
      for (const { prefixes, callback } of [...listeners]) if (prefixes.some(prefix => name.startsWith(prefix))) callback({ name } as never);
    },
    miss: () => missed.emit()
  };
}

/** Mounts into the page; `unmount` takes it away again. */
export function mount(
  element: React.ReactNode,
  suite: SuiteContext = testSuite()
): { readonly root: HTMLElement; readonly unmount: () => void; readonly rerender: (next: React.ReactNode) => void } {
  const root = document.body.appendChild(document.createElement('div'));
  const react = createRoot(root);
  const rerender = (next: React.ReactNode): void => act(() => react.render(<SuiteProvider value={suite}>{next}</SuiteProvider>));
  rerender(element);
  return {
    root,
    rerender,
    unmount: () => {
      act(() => react.unmount());
      root.remove();
    }
  };
}

const patienceMs = 20_000;

/** Waits until `check` holds; fails with what the page shows. */
export async function until(check: () => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!check()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain; the page shows: ${document.body.textContent ?? ''}`);
    await act(async () => {
      await new Promise(resolve => setTimeout(resolve, 10));
    });
  }
}

export function press(element: Element | null | undefined, key: string): void {
  act(() => void element?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
}

export function click(element: Element | null | undefined): void {
  if (element === null || element === undefined) throw new Error('There is nothing to click.');
  act(() => void element.dispatchEvent(new MouseEvent('click', { bubbles: true })));
}
