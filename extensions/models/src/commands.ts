import type { JupyterFrontEnd } from '@jupyterlab/application';
import { modelIcon, shellCommands, type ISidebarSections, type SuiteContext } from '@stratalab/lab-kit';
import { modelsCommands, modelsSectionId } from './command-ids';

/** Adds the commands of this panel family; palette, tiles, magics and other panels call them. */
export function addModelsCommands(app: JupyterFrontEnd, suite: SuiteContext, sections: ISidebarSections): void {
  const texts = () => suite.translator.load('stratalab');
  const open = (urn: string): Promise<unknown> => app.commands.execute(shellCommands.openObject, { urn });
  app.commands.addCommand(modelsCommands.showModels, {
    label: () => texts().__('Show models and runs'),
    icon: modelIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => sections.reveal(modelsSectionId)
  });
  app.commands.addCommand(modelsCommands.trackExperiment, {
    label: () => texts().__('Track an experiment'),
    caption: () => texts().__('Log params, metrics and models of a run with MLflow'),
    icon: modelIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      const { showTrackDialog } = await import('./dialogs/show');
      return showTrackDialog(suite);
    }
  });
  app.commands.addCommand(modelsCommands.uploadModel, {
    label: () => texts().__('Upload a model'),
    caption: () => texts().__('Send a GGUF file as the next version of a model'),
    icon: modelIcon,
    describedBy: { args: { type: 'object', properties: { model: { type: 'string', description: 'Name of the model; asks when it is missing' } } } },
    execute: async args => {
      const { showUploadDialog } = await import('./dialogs/show');
      const urn = await showUploadDialog(suite, typeof args['model'] === 'string' ? args['model'] : undefined);
      if (urn !== undefined) await open(urn);
      return urn;
    }
  });
  app.commands.addCommand(modelsCommands.registerRun, {
    label: () => texts().__('Register a model from a run'),
    icon: modelIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: { run: { type: 'string', description: 'Id of the run' }, model: { type: 'string', description: 'Name of the model; asks when it is missing' } },
        required: ['run']
      }
    },
    execute: async args => {
      const { run, model } = args;
      if (typeof run !== 'string') throw new Error('The command needs the id of a run.');
      const { showRegisterDialog } = await import('./dialogs/show');
      const urn = await showRegisterDialog(suite, run, typeof model === 'string' ? model : undefined);
      if (urn !== undefined) await open(urn);
      return urn;
    }
  });
}
