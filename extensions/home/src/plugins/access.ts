import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { createActivity, createEvents, createStratalab, createSuiteTranslator, IStratalab, IStratalabActivity, IStratalabEvents, ISuite } from '@stratalab/lab-kit';

export const platform: JupyterFrontEndPlugin<IStratalab> = {
  id: '@stratalab/lab:platform',
  description: 'Access to the Stratalab platform as the signed-in user.',
  autoStart: true,
  provides: IStratalab,
  activate: (app: JupyterFrontEnd) => createStratalab(app.serviceManager.serverSettings, window.localStorage)
};

export const events: JupyterFrontEndPlugin<IStratalabEvents> = {
  id: '@stratalab/lab:events',
  description: 'Live events of the chosen tenant; one stream per tab.',
  autoStart: true,
  requires: [IStratalab],
  provides: IStratalabEvents,
  activate: (_app: JupyterFrontEnd, stratalab: IStratalab) => createEvents(stratalab)
};

export const suite: JupyterFrontEndPlugin<ISuite> = {
  id: '@stratalab/lab:suite',
  description: 'Platform access, events, commands and texts for the widgets of the suite.',
  autoStart: true,
  requires: [IStratalab, IStratalabEvents],
  optional: [ITranslator],
  provides: ISuite,
  activate: async (app: JupyterFrontEnd, stratalab: IStratalab, live: IStratalabEvents, translator: ITranslator | null) => {
    const own = createSuiteTranslator(translator ?? nullTranslator);
    // Features name their tabs and commands once, when they start.
    await own.ready;
    return { stratalab, events: live, commands: app.commands, translator: own, restored: app.restored };
  }
};

export const activity: JupyterFrontEndPlugin<IStratalabActivity> = {
  id: '@stratalab/lab:activity',
  description: 'Numbers that features contribute to the status bar.',
  autoStart: true,
  provides: IStratalabActivity,
  activate: () => createActivity()
};
