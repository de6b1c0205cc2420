import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ISidebarSections, IStratalabActivity, IStratalabNavigator, ISuite, shellCommands, strataIcon, SuiteWidget } from '@stratalab/lab-kit';
import * as React from 'react';
import { addShellCommands, overviewSectionId } from '../commands/shell-commands';
import { createNavigator } from '../shell/navigator';
import { createSidebar } from '../shell/sidebar';
import { notifyOfEndings } from '../status/notify';

const category = 'Stratalab';
/** After notebooks (0) and before consoles (20), so that a first visit shows the tiles without scrolling. */
const categoryRank = 10;

export const navigator: JupyterFrontEndPlugin<IStratalabNavigator> = {
  id: '@stratalab/lab:navigator',
  description: 'Opens the page of any object by its URN and restores open pages.',
  autoStart: true,
  requires: [ISuite],
  optional: [ILayoutRestorer],
  provides: IStratalabNavigator,
  activate: (app: JupyterFrontEnd, suite: ISuite, restorer: ILayoutRestorer | null) => {
    const pages = createNavigator(app.shell, suite);
    pages.registerPage('tenant', { icon: strataIcon, load: () => import('../overview/tenant-page').then(({ TenantPage }) => TenantPage) });
    void restorer?.restore(pages.tracker, { command: shellCommands.openObject, args: page => ({ urn: pages.urnOf(page) }), name: page => pages.urnOf(page) });
    const asked = new URLSearchParams(window.location.search).get('stratalab');
    if (asked !== null) void app.restored.then(() => pages.open(asked));
    return pages;
  }
};

export const sidebar: JupyterFrontEndPlugin<ISidebarSections> = {
  id: '@stratalab/lab:sidebar',
  description: 'The Stratalab sidebar, to which features contribute sections.',
  autoStart: true,
  requires: [ISuite],
  optional: [ILayoutRestorer],
  provides: ISidebarSections,
  activate: (app: JupyterFrontEnd, suite: ISuite, restorer: ILayoutRestorer | null) => {
    const sections = createSidebar(app.shell, suite);
    sections.add({
      id: overviewSectionId,
      title: suite.translator.load('stratalab').__('Overview'),
      rank: 0,
      load: () => import('../overview/overview-section').then(({ OverviewSection }) => OverviewSection)
    });
    app.shell.add(sections.panel, 'left', { rank: 602, type: category });
    restorer?.add(sections.panel, sections.panel.id);
    void app.restored.then(() => sections.settle());
    return sections;
  }
};

export const commands: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:home',
  description: 'Commands, palette entries and launcher tiles of the shell.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator, ISidebarSections],
  optional: [ILauncher, ICommandPalette, INotebookTracker],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (
    app: JupyterFrontEnd,
    suite: ISuite,
    pages: IStratalabNavigator,
    sections: ISidebarSections,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    notebooks: INotebookTracker | null
  ) => {
    addShellCommands({ app, suite, navigator: pages, sections, notebooks });
    launcher?.add({ command: shellCommands.openHome, category, rank: 1, categoryRank });
    launcher?.add({ command: shellCommands.openTenant, category, rank: 90 });
    for (const command of [shellCommands.openHome, shellCommands.openTenant, shellCommands.chooseTenant]) palette?.addItem({ command, category });
  }
};

export const statusItem: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:status',
  description: 'Tenant, running work and quota in the status bar.',
  autoStart: true,
  requires: [ISuite, IStratalabActivity],
  optional: [IStatusBar],
  activate: (_app: JupyterFrontEnd, suite: ISuite, activity: IStratalabActivity, statusBar: IStatusBar | null) => {
    if (statusBar === null) return;
    const item = new SuiteWidget({
      id: 'stratalab-status',
      suite,
      load: async () => {
        const { StatusItem } = await import('../status/status-item');
        return () => React.createElement(StatusItem, { activity });
      }
    });
    statusBar.registerStatusItem('@stratalab/lab:status', { item, align: 'right', rank: 90 });
  }
};

export const notifications: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:notifications',
  description: 'Tells the user when their long work has ended.',
  autoStart: true,
  requires: [ISuite],
  activate: (_app: JupyterFrontEnd, suite: ISuite) => {
    void suite.restored?.then(() => notifyOfEndings(suite));
  }
};
