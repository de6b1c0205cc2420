import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { SuiteProvider, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';

/** Shows a form in a dialog; `render` gets the function that closes it. Resolves when it is closed. */
export async function openDialog(suite: SuiteContext, title: string, render: (close: () => void) => React.ReactElement): Promise<void> {
  const body = ReactWidget.create(
    React.createElement(
      SuiteProvider,
      { value: suite },
      render(() => dialog.reject())
    )
  );
  body.addClass('jp-Strata');
  body.addClass('jp-StrataModels-dialog');
  const dialog = new Dialog({ title, body, buttons: [Dialog.cancelButton({ label: suite.translator.load('stratalab').__('Close') })], hasClose: true });
  await dialog.launch();
}
