import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { SuiteProvider, type SuiteContext } from '../platform/context';

export interface SuiteWidgetOptions {
  readonly id: string;
  readonly suite: SuiteContext;
  /** Loads the content when the widget is shown for the first time. */
  readonly load: () => Promise<React.ComponentType>;
}

/** A widget that costs nothing until somebody looks at it: its content is imported on the first show, never before Lab has its layout. */
export class SuiteWidget extends ReactWidget {
  constructor(options: SuiteWidgetOptions) {
    super();
    this.id = options.id;
    this.addClass('jp-Strata');
    this._options = options;
  }

  protected override onBeforeShow(): void {
    this._isShown = true;
    this.update();
  }

  protected override onAfterAttach(message: Parameters<ReactWidget['onAfterAttach']>[0]): void {
    this._isShown ||= this.isVisible;
    super.onAfterAttach(message);
  }

  protected override render(): React.ReactElement | null {
    if (!this._isShown) return null;
    this._content ??= React.lazy(async () => {
      const { suite, load } = this._options;
      await suite.restored;
      return { default: await load() };
    });
    const Content = this._content;
    return (
      <SuiteProvider value={this._options.suite}>
        <React.Suspense fallback={<div className="jp-Strata-skeleton" aria-busy="true" />}>
          <Content />
        </React.Suspense>
      </SuiteProvider>
    );
  }

  private readonly _options: SuiteWidgetOptions;
  private _isShown = false;
  private _content: React.LazyExoticComponent<React.ComponentType> | undefined;
}
