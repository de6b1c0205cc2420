import { Signal } from '@lumino/signaling';
import { dataIcon, SuiteWidget, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';
import type { Uploads } from '../upload/uploads';

export interface DataSidebar {
  readonly widget: SuiteWidget;
  /** Puts a text into the search box, also before the panel was shown for the first time; undefined leaves it as it is. */
  ask(search: string | undefined): void;
}

/** The sidebar "Data"; its content is imported when it is first shown. */
export function createDataSidebar(suite: SuiteContext, uploads: Uploads): DataSidebar {
  let asked: { readonly search: string } | undefined;
  const holder = {};
  const changed = new Signal<object, void>(holder);
  const widget = new SuiteWidget({
    id: 'stratalab-data',
    suite,
    load: async () => {
      const [{ DataPanel }, { UploadsProvider }] = await Promise.all([import('./data-panel'), import('../data-context')]);
      return function AskedDataPanel() {
        const [current, setCurrent] = React.useState(asked);
        React.useEffect(() => {
          const onAsked = (): void => setCurrent(asked);
          changed.connect(onAsked);
          return () => {
            changed.disconnect(onAsked);
          };
        }, []);
        return React.createElement(UploadsProvider, { value: uploads }, React.createElement(DataPanel, { asked: current }));
      };
    }
  });
  widget.title.icon = dataIcon;
  widget.title.caption = suite.translator.load('stratalab').__('Data');
  return {
    widget,
    ask(search) {
      if (search === undefined) return;
      asked = { search };
      changed.emit();
    }
  };
}
