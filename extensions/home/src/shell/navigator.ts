import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { DisposableDelegate } from '@lumino/disposable';
import { parseUrn, type ObjectKind, type Urn } from '@stratalab/contracts';
import { strataIcon, SuiteWidget, type IStratalabNavigator, type PageFactory, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';

type Page = MainAreaWidget<SuiteWidget>;

export interface Navigator extends IStratalabNavigator {
  /** Every open page, for Lab's layout restorer; the name of a page is its URN. */
  readonly tracker: WidgetTracker<Page>;
  urnOf(page: Page): string;
}

/** Keeps one tab per object; what a page shows is imported when it is shown. */
export function createNavigator(shell: JupyterFrontEnd.IShell, suite: SuiteContext): Navigator {
  const factories = new Map<ObjectKind, PageFactory>();
  const pages = new Map<string, Page>();
  const tracker = new WidgetTracker<Page>({ namespace: 'stratalab-pages' });
  const urns = new WeakMap<Page, string>();

  const create = (text: string, urn: Urn, factory: PageFactory): Page => {
    const content = new SuiteWidget({
      id: `stratalab-content-${text}`,
      suite,
      load: async () => {
        const Component = await factory.load();
        return () => React.createElement(Component, { urn, text });
      }
    });
    const page = new MainAreaWidget({ content });
    page.id = `stratalab-page-${text}`;
    page.title.label = factory.title?.(urn) ?? urn.name;
    page.title.caption = text;
    page.title.icon = factory.icon ?? strataIcon;
    page.title.closable = true;
    page.toolbar.hide();
    page.disposed.connect(() => pages.delete(text));
    pages.set(text, page);
    urns.set(page, text);
    void tracker.add(page);
    return page;
  };

  return {
    tracker,
    urnOf: page => urns.get(page) ?? '',
    registerPage(kind, factory) {
      if (factories.has(kind)) throw new Error(`There is a page for '${kind}' already.`);
      factories.set(kind, factory);
      return new DisposableDelegate(() => factories.delete(kind));
    },
    open(text) {
      const urn = parseUrn(text);
      const factory = urn === undefined ? undefined : factories.get(urn.kind);
      if (urn === undefined || factory === undefined) return false;
      const page = pages.get(text) ?? create(text, urn, factory);
      if (!page.isAttached) shell.add(page, 'main', { type: 'Stratalab' });
      shell.activateById(page.id);
      return true;
    }
  };
}
