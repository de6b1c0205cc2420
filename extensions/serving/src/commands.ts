import type { JupyterFrontEnd } from '@jupyterlab/application';
import { endpointIcon, type ISidebarSections, type SuiteContext } from '@stratalab/lab-kit';
import { endpointsSectionId, servingCommands } from './command-ids';
import { openDeployTab } from './deploy/open-deploy-tab';

/** Adds the commands of this panel family; palette, tiles, magics and other panels call them. */
export function addServingCommands(app: JupyterFrontEnd, suite: SuiteContext, sections: ISidebarSections): void {
  const texts = () => suite.translator.load('stratalab');
  app.commands.addCommand(servingCommands.deployModel, {
    label: () => texts().__('Deploy a model'),
    caption: () => texts().__('Serve a model version under a name, once it fits'),
    icon: endpointIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          model: { type: 'string', description: 'Name of the registered model; asks when it is missing' },
          version: { type: 'integer', minimum: 1, description: 'The newest unless given' }
        }
      }
    },
    execute: args => {
      const { model, version } = args;
      openDeployTab(app.shell, suite, { ...(typeof model === 'string' ? { model } : {}), ...(typeof version === 'number' ? { version } : {}) });
    }
  });
  app.commands.addCommand(servingCommands.showEndpoints, {
    label: () => texts().__('Show endpoints'),
    icon: endpointIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => sections.reveal(endpointsSectionId)
  });
}
