import { ILabShell, ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { ILauncher } from '@jupyterlab/launcher';
import { ISidebarSections, IStratalabNavigator, ISuite, SuiteWidget } from '@stratalab/lab-kit';
import * as React from 'react';
import { lineageIcon, pipelineIcon } from './icons';
import { createFrontObject, urnOfWidget } from './panel/front-object';
import { lineageCommands, pipelinesSectionId } from './pipelines/command-ids';
import { addPipelineCommands } from './pipelines/commands';

const category = 'Stratalab';

const lineage: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:lineage',
  description: 'Draws what the object in front was made from and what was made from it.',
  autoStart: true,
  requires: [ISuite],
  optional: [ILabShell, ICommandPalette, ILayoutRestorer],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (app: JupyterFrontEnd, suite: ISuite, shell: ILabShell | null, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    const front = createFrontObject();
    const texts = suite.translator.load('stratalab');
    const panel = new SuiteWidget({
      id: 'stratalab-lineage',
      suite,
      load: async () => {
        const { LineagePanel } = await import('./panel/lineage-panel');
        return () => React.createElement(LineagePanel, { front });
      }
    });
    panel.title.icon = lineageIcon;
    panel.title.caption = texts.__('Lineage');
    app.shell.add(panel, 'right', { rank: 610, type: category });
    restorer?.add(panel, panel.id);
    shell?.currentChanged.connect((_sender, { newValue }) => {
      const urn = urnOfWidget(newValue);
      if (urn !== undefined) front.show(urn);
    });
    app.commands.addCommand(lineageCommands.showLineage, {
      label: () => suite.translator.load('stratalab').__('Show lineage'),
      caption: () => suite.translator.load('stratalab').__('What the object in front was made from and what was made from it'),
      icon: lineageIcon,
      describedBy: { args: { type: 'object', properties: { urn: { type: 'string', description: 'Object to show; the one in front unless given' } } } },
      execute: args => {
        const urn = args['urn'];
        if (typeof urn === 'string') front.show(urn);
        app.shell.activateById(panel.id);
      }
    });
    palette?.addItem({ command: lineageCommands.showLineage, category });
  }
};

const pipelines: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:pipelines',
  description: 'Pipelines: their list, pages, runs and commands.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator, ISidebarSections, IEditorServices],
  optional: [ILauncher, ICommandPalette],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (
    app: JupyterFrontEnd,
    suite: ISuite,
    navigator: IStratalabNavigator,
    sections: ISidebarSections,
    editors: IEditorServices,
    launcher: ILauncher | null,
    palette: ICommandPalette | null
  ) => {
    sections.add({
      id: pipelinesSectionId,
      title: suite.translator.load('stratalab').__('Pipelines'),
      rank: 50,
      icon: pipelineIcon,
      load: () => import('./pipelines/pipelines-section').then(({ PipelinesSection }) => PipelinesSection)
    });
    navigator.registerPage('pipeline', { icon: pipelineIcon, load: () => import('./pipelines/pipeline-page').then(({ createPipelinePage }) => createPipelinePage(editors)) });
    navigator.registerPage('pipeline-run', {
      icon: pipelineIcon,
      title: urn => suite.translator.load('stratalab').__('Run %1', urn.name.slice(-6)),
      load: () => import('./pipelines/run-page').then(({ RunPage }) => RunPage)
    });
    addPipelineCommands(app.commands, { suite, navigator, sections });
    launcher?.add({ command: lineageCommands.newPipeline, category, rank: 30 });
    for (const command of [lineageCommands.newPipeline, lineageCommands.openPipelines]) palette?.addItem({ command, category });
  }
};

/** The plugins of this panel family. */
export const lineagePlugins: readonly JupyterFrontEndPlugin<void>[] = [lineage, pipelines];
