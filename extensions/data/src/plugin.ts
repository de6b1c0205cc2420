import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { dataIcon, IStratalabNavigator, ISuite } from '@stratalab/lab-kit';
import { dataCommands } from './commands/command-ids';
import { addDataCommands } from './commands/data-commands';
import { createDataSidebar } from './sidebar/data-sidebar';
import { createUploads } from './upload/uploads';
import { withUploads } from './upload/with-uploads';

const category = 'Stratalab';

const data: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:data',
  description: 'Datasets: find, upload, preview, profile, mount.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator],
  optional: [ILauncher, ICommandPalette, ILayoutRestorer],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (
    app: JupyterFrontEnd,
    suite: ISuite,
    navigator: IStratalabNavigator,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const uploads = createUploads(suite.stratalab);
    const sidebar = createDataSidebar(suite, uploads);
    app.shell.add(sidebar.widget, 'left', { rank: 601, type: category });
    restorer?.add(sidebar.widget, sidebar.widget.id);
    navigator.registerPage('dataset', {
      icon: dataIcon,
      title: urn => (urn.version === undefined ? urn.name : `${urn.name} @${urn.version}`),
      load: () => import('./page/dataset-page').then(({ DatasetPage }) => withUploads(DatasetPage, uploads))
    });
    addDataCommands(app.commands, {
      suite,
      navigator,
      uploads,
      reveal: search => {
        sidebar.ask(search);
        app.shell.activateById(sidebar.widget.id);
      }
    });
    launcher?.add({ command: dataCommands.open, category, rank: 10 });
    for (const command of [dataCommands.open, dataCommands.upload, dataCommands.registerFolder]) palette?.addItem({ command, category });
  }
};

/** The plugins of this panel family. */
export const dataPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [data];
