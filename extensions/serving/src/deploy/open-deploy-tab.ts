import type { JupyterFrontEnd } from '@jupyterlab/application';
import { endpointIcon, shellCommands, SuiteWidget, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';

const tabId = 'stratalab-deploy-model';

export interface DeployRequest {
  readonly model?: string;
  readonly version?: number;
}

/** Shows the deploy form in a tab of its own, there is one at most; the tab gives way to the endpoint's page when that is made. */
export function openDeployTab(shell: JupyterFrontEnd.IShell, suite: SuiteContext, asked: DeployRequest): void {
  for (const widget of shell.widgets('main')) if (widget.id === tabId) widget.dispose();
  const tab = new SuiteWidget({
    id: tabId,
    suite,
    load: async () => {
      const { DeployForm } = await import('./deploy-form');
      return () =>
        React.createElement(DeployForm, {
          ...asked,
          onDeployed: deployment => {
            tab.dispose();
            void suite.commands.execute(shellCommands.openObject, { urn: deployment.endpointUrn });
          }
        });
    }
  });
  tab.title.label = suite.translator.load('stratalab').__('Deploy a model');
  tab.title.icon = endpointIcon;
  tab.title.closable = true;
  shell.add(tab, 'main');
  shell.activateById(tabId);
}
