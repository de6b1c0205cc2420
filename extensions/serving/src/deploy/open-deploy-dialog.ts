import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { shellCommands, SuiteProvider, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';
import { DeployForm } from './deploy-form';

/** Asks what to serve; opens the endpoint's page when it is made. Answers its URN, or undefined when the person changed their mind. */
export async function openDeployDialog(suite: SuiteContext, asked: { readonly model?: string; readonly version?: number }): Promise<string | undefined> {
  const texts = suite.translator.load('stratalab');
  const made: { urn?: string } = {};
  const body = ReactWidget.create(
    React.createElement(
      SuiteProvider,
      { value: suite },
      React.createElement(DeployForm, {
        ...asked,
        onDeployed: deployment => {
          made.urn = deployment.endpointUrn;
          dialog.reject();
        }
      })
    )
  );
  body.addClass('jp-Strata');
  body.addClass('jp-StrataServing-dialog');
  const dialog = new Dialog({ title: texts.__('Deploy a model'), body, buttons: [Dialog.cancelButton({ label: texts.__('Close') })], hasClose: true });
  await dialog.launch();
  if (made.urn !== undefined) await suite.commands.execute(shellCommands.openObject, { urn: made.urn });
  return made.urn;
}
