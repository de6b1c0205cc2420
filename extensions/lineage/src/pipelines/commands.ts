import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { Client } from '@stratalab/client';
import type { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { asProblem, lazyClient, type ISidebarSections, type IStratalabNavigator, type SuiteContext } from '@stratalab/lab-kit';
import type { CommandRegistry } from '@lumino/commands';
import { pipelineIcon } from '../icons';
import { lineageCommands, pipelinesSectionId } from './command-ids';

export interface PipelineCommandParts {
  readonly suite: SuiteContext;
  readonly navigator: IStratalabNavigator;
  readonly sections: ISidebarSections;
}

type Command = CommandRegistry.ICommandOptions;

/** Adds what palette, launcher, pages and agents call. */
export function addPipelineCommands(commands: CommandRegistry, parts: PipelineCommandParts): void {
  commands.addCommand(lineageCommands.openPipelines, openPipelines(parts));
  commands.addCommand(lineageCommands.newPipeline, newPipeline(parts));
  commands.addCommand(lineageCommands.runPipeline, runPipeline(parts));
  commands.addCommand(lineageCommands.cancelRun, cancelRun(parts));
}

function openPipelines({ suite, sections }: PipelineCommandParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Show pipelines'),
    icon: pipelineIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => sections.reveal(pipelinesSectionId)
  };
}

/** Starts with a dataset that is there, so that the first preview shows rows. */
function newPipeline({ suite, navigator }: PipelineCommandParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('New pipeline'),
    caption: () => suite.translator.load('stratalab').__('Turn datasets into a new dataset with SQL, by hand or on a schedule'),
    icon: pipelineIcon,
    describedBy: { args: { type: 'object', properties: { name: { type: 'string', description: 'Name of the pipeline; asks when it is missing' } } } },
    execute: async args => {
      const texts = suite.translator.load('stratalab');
      const given = args['name'];
      const name =
        typeof given === 'string'
          ? given
          : (
              await InputDialog.getText({
                title: texts.__('New pipeline'),
                label: texts.__('Name: letters, digits, dots and dashes'),
                pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]{0,127}',
                required: true
              })
            ).value;
      if (name === null || name === '') return false;
      return reported(suite, async () => {
        const tenant = await suite.stratalab.tenant();
        const { items } = await lazyClient(suite.stratalab, () => import('@stratalab/contracts/catalog').then(({ catalogRoutes }) => catalogRoutes))
          .listDatasets({ params: { tenant }, query: { limit: 1 } })
          .catch(() => ({ items: [] }));
        const { firstDocument } = await import('./editor/document-edit');
        const pipeline = await pipelinesClient(suite).createPipeline({ params: { tenant }, body: { document: firstDocument(name, items[0]?.name) } });
        return navigator.open(pipeline.urn);
      });
    }
  };
}

function runPipeline({ suite, navigator }: PipelineCommandParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Run a pipeline'),
    icon: pipelineIcon,
    describedBy: { args: { type: 'object', properties: { pipeline: { type: 'string', description: 'Name of the pipeline' } }, required: ['pipeline'] } },
    execute: async args => {
      const tenant = await suite.stratalab.tenant();
      const run = await pipelinesClient(suite).runPipeline({ params: { tenant, pipeline: String(args['pipeline']) } }, { idempotencyKey: crypto.randomUUID() });
      navigator.open(run.urn);
      return run.urn;
    }
  };
}

function cancelRun({ suite }: PipelineCommandParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Cancel a pipeline run'),
    describedBy: { args: { type: 'object', properties: { run: { type: 'string', description: 'Id of the run' } }, required: ['run'] } },
    execute: async args => {
      const tenant = await suite.stratalab.tenant();
      await pipelinesClient(suite).cancelRun({ params: { tenant, run: String(args['run']) } });
      return true;
    }
  };
}

function pipelinesClient(suite: SuiteContext): Client<typeof pipelinesRoutes> {
  return lazyClient(suite.stratalab, () => import('@stratalab/contracts/pipelines').then(contract => contract.pipelinesRoutes));
}

/** Where there is no page to show a problem on, a notification does. */
async function reported<T>(suite: SuiteContext, work: () => Promise<T>): Promise<T | false> {
  try {
    return await work();
  } catch (error) {
    const { details, message } = asProblem(error);
    const request = details.instance === undefined ? '' : ` (${suite.translator.load('stratalab').__('request %1', details.instance)})`;
    Notification.error(`${message}${details.hint === undefined ? '' : ` ${details.hint}`}${request}`, { autoClose: false });
    return false;
  }
}
