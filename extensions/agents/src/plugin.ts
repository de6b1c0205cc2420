import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { agentIcon, ISidebarSections, IStratalabNavigator, ISuite } from '@stratalab/lab-kit';
import { addAgentCommands } from './commands/agent-commands';
import { agentCommands, agentsSectionId } from './commands/command-ids';

const category = 'Stratalab';

const agents: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:agents',
  description: 'Collections of documents, and answers from them with checked citations.',
  autoStart: true,
  requires: [ISuite, ISidebarSections, IStratalabNavigator],
  optional: [ILauncher, ICommandPalette],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (app: JupyterFrontEnd, suite: ISuite, sections: ISidebarSections, pages: IStratalabNavigator, launcher: ILauncher | null, palette: ICommandPalette | null) => {
    addAgentCommands(suite, app.commands);
    sections.add({
      id: agentsSectionId,
      title: suite.translator.load('stratalab').__('Agents'),
      rank: 400,
      icon: agentIcon,
      load: () => import('./section/agents-section').then(({ AgentsSection }) => AgentsSection)
    });
    pages.registerPage('collection', { icon: agentIcon, load: () => import('./collection/collection-page').then(({ CollectionPage }) => CollectionPage) });
    pages.registerPage('document', {
      icon: agentIcon,
      title: () => suite.translator.load('stratalab').__('Document'),
      load: () => import('./source/document-page').then(({ DocumentPage }) => DocumentPage)
    });
    pages.registerPage('answer', {
      icon: agentIcon,
      title: () => suite.translator.load('stratalab').__('Answer'),
      load: () => import('./answers/answer-page').then(({ AnswerPage }) => AnswerPage)
    });
    launcher?.add({ command: agentCommands.newCollection, category, rank: 60 });
    palette?.addItem({ command: agentCommands.newCollection, category });
  }
};

/** The plugins of this panel family. */
export const agentsPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [agents];
