import { MainAreaWidget } from '@jupyterlab/apputils';
import { adminIcon, SuiteWidget, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';
import type { Place } from './place';

export const pageId = 'stratalab-administration';

/** The administration page as a tab of the main area; remembers where on it the person was. */
export class AdministrationWidget extends MainAreaWidget<SuiteWidget> {
  constructor(suite: SuiteContext, place: Place, onPlace: () => void) {
    const at = { place };
    super({
      content: new SuiteWidget({
        id: `${pageId}-content`,
        suite,
        load: async () => {
          const { AdministrationPage } = await import('./administration-page');
          return () =>
            React.createElement(AdministrationPage, {
              place: at.place,
              onPlace: next => {
                at.place = next;
                onPlace();
              }
            });
        }
      })
    });
    this._at = at;
    this.id = pageId;
    this.title.label = suite.translator.load('stratalab').__('Administration');
    this.title.icon = adminIcon;
    this.title.closable = true;
    this.toolbar.hide();
  }

  get place(): Place {
    return this._at.place;
  }

  private readonly _at: { place: Place };
}
