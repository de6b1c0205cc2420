import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { Client } from '@stratalab/client';
import type { Problem } from '@stratalab/contracts';
import { formatUrn, parseUrn } from '@stratalab/contracts';
import type { BlastRadius, catalogRoutes } from '@stratalab/contracts/catalog';
import { asProblem, confirmDestructive, dataIcon, lazyClient, type IStratalabNavigator, type SuiteContext } from '@stratalab/lab-kit';
import { datasetNameOf, isDatasetName } from '../upload/file-names';
import type { Uploads } from '../upload/uploads';
import { describe, textOf } from './arguments';
import { dataCommands } from './command-ids';

export interface DataParts {
  readonly suite: SuiteContext;
  readonly navigator: IStratalabNavigator;
  readonly uploads: Uploads;
  /** Shows the sidebar, with a text in its search box when one is given. */
  readonly reveal: (search: string | undefined) => void;
}

type Command = CommandRegistry.ICommandOptions;

/** Adds the commands of the data panel; panels, tiles, menus and magics call them. */
export function addDataCommands(commands: CommandRegistry, parts: DataParts): void {
  commands.addCommand(dataCommands.open, openData(parts));
  commands.addCommand(dataCommands.openDataset, openDataset(parts));
  commands.addCommand(dataCommands.upload, uploadDataset(parts));
  commands.addCommand(dataCommands.registerFolder, registerFolder(parts));
  commands.addCommand(dataCommands.mount, mountDataset(parts));
  commands.addCommand(dataCommands.unmount, unmountDataset(parts));
  commands.addCommand(dataCommands.remove, removeDataset(parts));
}

function openData({ suite, reveal }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Browse data'),
    caption: () => suite.translator.load('stratalab').__('Find, preview and mount datasets'),
    icon: dataIcon,
    describedBy: describe({ search: 'Text to search for: names, columns, tags, owners' }),
    execute: args => reveal(textOf(args, 'search'))
  };
}

function openDataset({ suite, navigator }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Open a dataset'),
    describedBy: describe({ dataset: 'Name of the dataset', version: 'Version; the latest unless given' }, ['dataset']),
    execute: async args => {
      const dataset = textOf(args, 'dataset');
      if (dataset === undefined) return false;
      const version = textOf(args, 'version');
      return navigator.open(formatUrn({ tenant: await suite.stratalab.tenant(), kind: 'dataset', name: dataset, ...(version === undefined ? {} : { version }) }));
    }
  };
}

function uploadDataset({ suite, uploads, reveal }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Upload a dataset'),
    caption: () => suite.translator.load('stratalab').__('Send files from this computer as a new version'),
    icon: dataIcon,
    describedBy: describe({ dataset: 'Dataset that gets a new version; asks when it is missing' }),
    execute: async args => {
      const { askForUpload } = await import('../upload/upload-dialog');
      const request = await askForUpload(suite.translator, textOf(args, 'dataset'));
      if (request === undefined) return undefined;
      reveal(undefined);
      return uploads.start(request);
    }
  };
}

function registerFolder({ suite }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Register a folder as a dataset'),
    caption: () => suite.translator.load('stratalab').__('Publish a folder or file of your workspace as a new version'),
    icon: dataIcon,
    describedBy: describe({ path: 'Folder or file relative to your home', dataset: 'Name of the dataset' }),
    execute: async args => {
      const texts = suite.translator.load('stratalab');
      const path =
        textOf(args, 'path') ??
        (
          await InputDialog.getText({
            title: texts.__('Folder or file of your workspace'),
            label: texts.__('Path relative to your home'),
            placeholder: 'data/2024',
            okLabel: texts.__('Next')
          })
        ).value;
      if (path === null || path === '') return undefined;
      const suggested = datasetNameOf(path.replace(/\/+$/, '').split('/').at(-1) ?? '');
      const dataset = textOf(args, 'dataset') ?? (await InputDialog.getText({ title: texts.__('Name of the dataset'), text: suggested, okLabel: texts.__('Register') })).value;
      if (dataset === null || dataset === '') return undefined;
      if (!isDatasetName(dataset)) {
        Notification.error(texts.__('‘%1’ cannot be the name of a dataset: use letters, digits, dots, dashes and underscores.', dataset));
        return undefined;
      }
      return orNotify(suite, async () => {
        const tenant = await suite.stratalab.tenant();
        const version = await catalogOf(suite).registerFolder({ params: { tenant }, body: { dataset, path } });
        Notification.success(texts.__('%1 is registered as version %2 of %3.', path, version.version, dataset), {
          actions: [{ label: texts.__('Open'), callback: () => void suite.commands.execute(dataCommands.openDataset, { dataset }) }]
        });
        return version;
      });
    }
  };
}

function mountDataset({ suite }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Mount a dataset'),
    describedBy: describe({ dataset: 'Name of the dataset', version: 'Version; the latest unless given' }, ['dataset']),
    execute: args => {
      const dataset = textOf(args, 'dataset');
      const version = textOf(args, 'version');
      if (dataset === undefined) return undefined;
      return orNotify(suite, async () => {
        const tenant = await suite.stratalab.tenant();
        return catalogOf(suite).mountDataset({ params: { tenant }, body: version === undefined ? { dataset } : { dataset, version } });
      });
    }
  };
}

function unmountDataset({ suite }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Unmount a dataset'),
    describedBy: describe({ mountName: 'Name below ~/datasets, such as flights@1' }, ['mountName']),
    execute: args => {
      const mountName = textOf(args, 'mountName');
      if (mountName === undefined) return undefined;
      return orNotify(suite, async () => {
        const tenant = await suite.stratalab.tenant();
        await catalogOf(suite).unmountDataset({ params: { tenant, mountName } });
        return true;
      });
    }
  };
}

function removeDataset({ suite }: DataParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Delete a dataset'),
    describedBy: describe({ dataset: 'Name of the dataset' }, ['dataset']),
    execute: args => {
      const dataset = textOf(args, 'dataset');
      if (dataset === undefined) return false;
      return orNotify(suite, async () => {
        const texts = suite.translator.load('stratalab');
        const tenant = await suite.stratalab.tenant();
        const catalog = catalogOf(suite);
        const radius = await catalog.getBlastRadius({ params: { tenant }, query: { urn: formatUrn({ tenant, kind: 'dataset', name: dataset }) } });
        const isAgreed = await confirmDestructive({
          title: texts.__('Delete the dataset %1 with all its versions?', dataset),
          verb: texts.__('Delete'),
          blastRadius: sentences(radius, count => texts.__('… %1 more', count)),
          nameToType: dataset,
          translator: suite.translator
        });
        if (isAgreed) await catalog.deleteDataset({ params: { tenant, dataset }, query: { confirm: dataset } });
        return isAgreed;
      });
    }
  };
}

const shownItems = 8;

/** What was made from a dataset, one sentence each. */
export function sentences(radius: BlastRadius, more: (count: number) => string): string[] {
  const shown = radius.items.slice(0, shownItems).map(({ urn }) => {
    const parsed = parseUrn(urn);
    return parsed === undefined ? urn : `${parsed.kind} ${parsed.name}${parsed.version === undefined ? '' : ` @${parsed.version}`}`;
  });
  const hidden = radius.total - shown.length;
  return hidden > 0 ? [...shown, more(hidden)] : shown;
}

function catalogOf(suite: SuiteContext): Client<typeof catalogRoutes> {
  return lazyClient(suite.stratalab, () => import('@stratalab/contracts/catalog').then(contract => contract.catalogRoutes));
}

/** Runs a command for a person: a failure is a notification with its hint and request id. */
async function orNotify<T>(suite: SuiteContext, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const problem: Problem = asProblem(error);
    const { hint, instance } = problem.details;
    const texts = suite.translator.load('stratalab');
    Notification.error([problem.message, hint].filter(Boolean).join(' '), {
      autoClose: false,
      actions: instance === undefined ? [] : [{ label: texts.__('Copy request id'), callback: () => void navigator.clipboard.writeText(instance) }]
    });
    return undefined;
  }
}
