import type { JupyterFrontEnd } from '@jupyterlab/application';
import { InputDialog } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { formatUrn } from '@stratalab/contracts';
import { shellCommands, strataIcon, type ISidebarSections, type IStratalabNavigator, type SuiteContext } from '@stratalab/lab-kit';

export interface ShellParts {
  readonly app: JupyterFrontEnd;
  readonly suite: SuiteContext;
  readonly navigator: IStratalabNavigator;
  readonly sections: ISidebarSections;
  readonly notebooks: INotebookTracker | null;
}

/** Id of the sidebar's first section. */
export const overviewSectionId = 'stratalab-overview';

/** Adds the commands that every feature may call. */
export function addShellCommands(parts: ShellParts): void {
  const { commands } = parts.app;
  commands.addCommand(shellCommands.openHome, openHome(parts));
  commands.addCommand(shellCommands.openTenant, openTenant(parts));
  commands.addCommand(shellCommands.chooseTenant, chooseTenant(parts));
  commands.addCommand(shellCommands.openObject, openObject(parts));
  commands.addCommand(shellCommands.insertCell, insertCell(parts));
}

type Command = CommandRegistry.ICommandOptions;

const noArguments = { args: { type: 'object', properties: {}, additionalProperties: true } } as const;

function openHome({ suite, sections }: ShellParts): Command {
  const texts = suite.translator.load('stratalab');
  return {
    label: () => suite.translator.load('stratalab').__('Open Stratalab'),
    caption: texts.__('Show the Stratalab sidebar'),
    icon: strataIcon,
    describedBy: noArguments,
    execute: () => sections.reveal(overviewSectionId)
  };
}

function openTenant({ suite, navigator }: ShellParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('My tenant'),
    caption: () => suite.translator.load('stratalab').__('Quotas and members of the tenant you work in'),
    icon: strataIcon,
    describedBy: noArguments,
    execute: async () => {
      const tenant = await suite.stratalab.tenant();
      return navigator.open(formatUrn({ tenant, kind: 'tenant', name: tenant }));
    }
  };
}

function chooseTenant({ suite }: ShellParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Switch tenant'),
    describedBy: { args: { type: 'object', properties: { tenant: { type: 'string', description: 'Name of the tenant; asks when it is missing' } } } },
    execute: async args => {
      const texts = suite.translator.load('stratalab');
      const { tenants } = await suite.stratalab.whoAmI();
      const names = tenants.map(({ name }) => name);
      const asked = args['tenant'];
      const chosen =
        typeof asked === 'string'
          ? asked
          : (await InputDialog.getItem({ title: texts.__('Switch tenant'), items: names, current: names.indexOf(await suite.stratalab.tenant()) })).value;
      if (chosen === null || !names.includes(chosen)) return false;
      suite.stratalab.chooseTenant(chosen);
      return true;
    }
  };
}

function openObject({ suite, navigator }: ShellParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Open a Stratalab object'),
    describedBy: { args: { type: 'object', properties: { urn: { type: 'string', description: 'urn:strata:<tenant>:<kind>:<name>' } }, required: ['urn'] } },
    execute: args => navigator.open(String(args['urn']))
  };
}

function insertCell({ suite, notebooks }: ShellParts): Command {
  return {
    label: () => suite.translator.load('stratalab').__('Insert a cell into the notebook'),
    isEnabled: () => (notebooks?.currentWidget ?? null) !== null,
    describedBy: { args: { type: 'object', properties: { code: { type: 'string', description: 'Python source of the cell; it is not run' } }, required: ['code'] } },
    execute: args => {
      const notebook = notebooks?.currentWidget?.content;
      if (notebook?.model === undefined || notebook.model === null) return false;
      const index = notebook.activeCellIndex + 1;
      notebook.model.sharedModel.insertCell(index, { cell_type: 'code', source: String(args['code']), metadata: { stratalab: { inserted: true } } });
      notebook.activeCellIndex = index;
      return true;
    }
  };
}
