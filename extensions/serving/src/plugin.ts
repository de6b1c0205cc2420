import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { endpointIcon, ISidebarSections, IStratalabNavigator, ISuite } from '@stratalab/lab-kit';
import { endpointsSectionId, servingCommands } from './command-ids';
import { addServingCommands } from './commands';

const category = 'Stratalab';

const endpoints: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:serving',
  description: 'Endpoints: their list, pages, the deploy dialog and commands.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator, ISidebarSections],
  optional: [ILauncher, ICommandPalette],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (app: JupyterFrontEnd, suite: ISuite, pages: IStratalabNavigator, sections: ISidebarSections, launcher: ILauncher | null, palette: ICommandPalette | null) => {
    addServingCommands(app, suite, sections);
    sections.add({
      id: endpointsSectionId,
      title: suite.translator.load('stratalab').__('Endpoints'),
      rank: 300,
      icon: endpointIcon,
      load: () => import('./list/endpoints-section').then(({ EndpointsSection }) => EndpointsSection)
    });
    for (const kind of ['endpoint', 'deployment'] as const)
      pages.registerPage(kind, { icon: endpointIcon, load: () => import('./endpoint/endpoint-page').then(({ EndpointPage }) => EndpointPage) });
    launcher?.add({ command: servingCommands.deployModel, category, rank: 40 });
    for (const command of Object.values(servingCommands)) palette?.addItem({ command, category });
  }
};

/** The plugins of this panel family. */
export const servingPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [endpoints];
