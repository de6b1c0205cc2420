import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createEvents, createStratalab, IStratalab, IStratalabEvents, strataIcon, SuiteWidget } from '@stratalab/lab-kit';

/** Command ids of this area. */
export const commandIds = { openHome: 'stratalab:open-home' } as const;

const platform: JupyterFrontEndPlugin<IStratalab> = {
  id: '@stratalab/lab:platform',
  description: 'Access to the Stratalab platform as the signed-in user.',
  autoStart: true,
  provides: IStratalab,
  activate: (app: JupyterFrontEnd) => createStratalab(app.serviceManager.serverSettings, window.localStorage)
};

const events: JupyterFrontEndPlugin<IStratalabEvents> = {
  id: '@stratalab/lab:events',
  description: 'Live events of the chosen tenant; one stream per tab.',
  autoStart: true,
  requires: [IStratalab],
  provides: IStratalabEvents,
  activate: (_app: JupyterFrontEnd, stratalab: IStratalab) => createEvents(stratalab)
};

const home: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:home',
  description: 'The Stratalab sidebar: who you are, your tenant and its quotas.',
  autoStart: true,
  requires: [IStratalab, IStratalabEvents],
  optional: [ITranslator, ILauncher, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    stratalab: IStratalab,
    live: IStratalabEvents,
    translator: ITranslator | null,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ) => {
    const suite = { stratalab, events: live, commands: app.commands, translator: translator ?? nullTranslator };
    const texts = suite.translator.load('stratalab');
    const panel = new SuiteWidget({ id: 'stratalab-home', suite, load: () => import('./home-panel').then(({ HomePanel }) => HomePanel) });
    panel.title.icon = strataIcon;
    panel.title.caption = 'Stratalab';
    app.shell.add(panel, 'left', { rank: 602, type: 'Stratalab' });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(commandIds.openHome, {
      label: texts.__('Open Stratalab'),
      caption: texts.__('Show the Stratalab sidebar'),
      icon: strataIcon,
      describedBy: { args: { type: 'object', properties: {}, additionalProperties: true } },
      execute: () => app.shell.activateById(panel.id)
    });
    launcher?.add({ command: commandIds.openHome, category: 'Stratalab', rank: 1 });
    palette?.addItem({ command: commandIds.openHome, category: 'Stratalab' });
  }
};

export const homePlugins = [platform, events, home];
