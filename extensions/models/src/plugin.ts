import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ISidebarSections, IStratalabNavigator, ISuite, modelIcon } from '@stratalab/lab-kit';
import { modelsCommands, modelsSectionId } from './command-ids';
import { addModelsCommands } from './commands';

const category = 'Stratalab';
const shownId = 6;

const models: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:models',
  description: 'Experiments, runs and registered models: their lists, pages, dialogs and commands.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator, ISidebarSections],
  optional: [ILauncher, ICommandPalette],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (app: JupyterFrontEnd, suite: ISuite, pages: IStratalabNavigator, sections: ISidebarSections, launcher: ILauncher | null, palette: ICommandPalette | null) => {
    const texts = suite.translator.load('stratalab');
    addModelsCommands(app, suite, sections);
    sections.add({
      id: modelsSectionId,
      title: texts.__('Models'),
      rank: 200,
      icon: modelIcon,
      load: () => import('./list/models-section').then(({ ModelsSection }) => ModelsSection)
    });
    pages.registerPage('model', { icon: modelIcon, load: () => import('./model/model-page').then(({ ModelPage }) => ModelPage) });
    pages.registerPage('run', {
      icon: modelIcon,
      title: urn => texts.__('Run %1', urn.name.slice(-shownId)),
      load: () => import('./run/run-page').then(({ RunPage }) => RunPage)
    });
    pages.registerPage('experiment', {
      icon: modelIcon,
      title: () => texts.__('Experiment'),
      load: () => import('./experiment/experiment-page').then(({ ExperimentPage }) => ExperimentPage)
    });
    launcher?.add({ command: modelsCommands.trackExperiment, category, rank: 30 });
    palette?.addItem({ command: modelsCommands.showModels, category });
    palette?.addItem({ command: modelsCommands.trackExperiment, category });
    palette?.addItem({ command: modelsCommands.uploadModel, category });
  }
};

/** The plugins of this panel family. */
export const modelsPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [models];
