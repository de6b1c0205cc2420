import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import type { JobInput } from '@stratalab/contracts/compute';
import { asProblem, confirmDestructive, jobIcon, shellCommands, type ISidebarSections, type SuiteContext } from '@stratalab/lab-kit';
import { jobCommands, jobsSectionId } from './command-ids';
import { rememberName } from './job/job-names';
import { urnOfJob } from './job/urn-of-job';
import { jobOfActiveCell, jobOfFile } from './notebook/code-of';
import { openForm, openQueue } from './open-pages';
import { lazyCompute } from './lazy-compute';

export interface JobParts {
  readonly app: JupyterFrontEnd;
  readonly suite: SuiteContext;
  readonly sections: ISidebarSections;
  readonly notebooks: INotebookTracker | null;
}

type Command = CommandRegistry.ICommandOptions;
type Arguments = Readonly<Record<string, unknown>>;

/** Adds the commands of the jobs; palette, tiles, cell toolbar, magics and other panels call them. */
export function addJobCommands(parts: JobParts): void {
  const { commands } = parts.app;
  commands.addCommand(jobCommands.runJob, runJob(parts));
  commands.addCommand(jobCommands.runCellAsJob, runCell(parts));
  commands.addCommand(jobCommands.runFileAsJob, runFile(parts));
  commands.addCommand(jobCommands.cancelJob, cancelJob(parts));
  commands.addCommand(jobCommands.retryJob, retryJob(parts));
  commands.addCommand(jobCommands.showJobs, {
    label: () => textsOf(parts).__('Show jobs'),
    icon: jobIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => parts.sections.reveal(jobsSectionId)
  });
  commands.addCommand(jobCommands.showQueue, {
    label: () => textsOf(parts).__('Show the queue of jobs'),
    icon: jobIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => openQueue(parts.app, parts.suite)
  });
}

const textsOf = ({ suite }: JobParts) => suite.translator.load('stratalab');
const textOf = (args: Arguments, name: string): string | undefined => (typeof args[name] === 'string' && args[name] !== '' ? args[name] : undefined);

function show(parts: JobParts, input: Partial<JobInput>, instead?: { readonly of: string; readonly onSent: () => void }): void {
  openForm(parts.app, parts.suite, {
    input,
    insteadOf: instead?.of,
    openObject: urn => {
      instead?.onSent();
      void parts.app.commands.execute(shellCommands.openObject, { urn });
    }
  });
}

async function tenantOf({ suite }: JobParts, args: Arguments): Promise<string> {
  return textOf(args, 'tenant') ?? suite.stratalab.tenant();
}

function runJob(parts: JobParts): Command {
  const string = (description: string) => ({ type: 'string', description });
  return {
    label: () => textsOf(parts).__('Run a job'),
    caption: () => textsOf(parts).__('Run code on one or many processes; it goes on when you close the tab'),
    icon: jobIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          name: string('Name of the job'),
          code: string('Python source'),
          fileName: string('File name of the source'),
          template: string('Name of a saved job to start from'),
          from: string('Id of a job to start from'),
          tenant: string('Tenant of that job'),
          processes: { type: 'integer', description: 'How many processes' },
          cpu: { type: 'number', description: 'Cores of each' },
          memoryMiB: { type: 'integer', description: 'Memory of each' },
          gpu: { type: 'integer', description: 'GPUs of each' },
          gpuKind: string('Kind of the GPUs, where there are several'),
          isInstead: { type: 'boolean', description: 'Cancel the job to start from when the form is sent, if it still waits' }
        }
      }
    },
    execute: async args => {
      const from = textOf(args, 'from');
      const tenant = await tenantOf(parts, args);
      const input = resized(await startingPoint(parts, args), args);
      if (args['isInstead'] === true && from !== undefined) show(parts, input, { of: from, onSent: () => void leaveQueue(parts, tenant, from) });
      else show(parts, input);
    }
  };
}

/** With another number or size of processes, where the caller says so. */
function resized(input: Partial<JobInput>, args: Arguments): Partial<JobInput> {
  const number = (name: string): number | undefined => (typeof args[name] === 'number' ? args[name] : undefined);
  const [processes, cpu, memoryMiB, gpu] = ['processes', 'cpu', 'memoryMiB', 'gpu'].map(number);
  const each = input.resourcesPerProcess ?? { cpu: 1, memoryMiB: 1024, gpu: 0 };
  const isSized = cpu !== undefined || memoryMiB !== undefined || gpu !== undefined;
  return {
    ...input,
    ...(processes === undefined ? {} : { processes }),
    ...(typeof args['gpuKind'] === 'string' ? { gpuKind: args['gpuKind'] } : {}),
    ...(isSized ? { resourcesPerProcess: { cpu: cpu ?? each.cpu, memoryMiB: memoryMiB ?? each.memoryMiB, gpu: gpu ?? each.gpu } } : {})
  };
}

/** Takes a job out of the queue for which a smaller one was sent; one that started meanwhile goes on, and that is said. */
async function leaveQueue(parts: JobParts, tenant: string, id: string): Promise<void> {
  await tell(parts, async () => {
    const compute = lazyCompute(parts.suite);
    const params = { tenant, job: id };
    try {
      await compute.cancelJob({ params, query: { ifWaiting: true } });
    } catch (error) {
      if (asProblem(error).code !== 'invalid-state') throw error;
      const { state, name } = await compute.getJob({ params });
      if (state === 'starting' || state === 'running') Notification.info(textsOf(parts).__('%1 has started meanwhile and goes on beside the smaller job.', name));
    }
  });
}

/** What the form begins with: a job that ran, a saved one, or what the caller said. */
async function startingPoint(parts: JobParts, args: Arguments): Promise<Partial<JobInput>> {
  const compute = lazyCompute(parts.suite);
  const [from, template, name, code, fileName] = ['from', 'template', 'name', 'code', 'fileName'].map(key => textOf(args, key));
  if (from !== undefined) {
    const job = await compute.getJob({ params: { tenant: await tenantOf(parts, args), job: from } });
    const { kind, text } = job.code;
    return {
      ...job,
      code: { kind, text, fileName: job.code.fileName },
      datasets: job.inputs.map(({ name: dataset, version }) => ({ name: dataset, version })),
      outputs: job.outputs.map(({ name: folder, kind: outputKind, as }) => ({ name: folder, kind: outputKind, as }))
    };
  }
  if (template !== undefined) {
    const { items } = await compute.listJobTemplates({ params: { tenant: await tenantOf(parts, args) }, query: { limit: 200 } });
    const saved = items.find(item => item.name === template);
    if (saved !== undefined) return saved.job;
  }
  return { ...(name === undefined ? {} : { name }), ...(code === undefined ? {} : { code: { kind: 'script', text: code, ...(fileName === undefined ? {} : { fileName }) } }) };
}

function runCell(parts: JobParts): Command {
  return {
    label: () => textsOf(parts).__('Run this cell as a job'),
    caption: () => textsOf(parts).__('Run the code of this cell as a job, on one or many processes'),
    icon: jobIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => jobOfActiveCell(parts.notebooks) !== undefined,
    execute: () => {
      const input = jobOfActiveCell(parts.notebooks);
      if (input === undefined) return false;
      show(parts, input);
      return true;
    }
  };
}

function runFile(parts: JobParts): Command {
  const current = (): { readonly path: string; readonly model: DocumentRegistry.ICodeModel } | undefined => {
    const widget = parts.app.shell.currentWidget;
    if (widget === null || !('context' in widget)) return undefined;
    const { path, model } = unsafeContext(widget.context);
    return path?.endsWith('.py') === true && model !== undefined ? { path, model } : undefined;
  };
  return {
    label: () => textsOf(parts).__('Run this file as a job'),
    icon: jobIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    isEnabled: () => current() !== undefined,
    execute: () => {
      const file = current();
      if (file === undefined) return false;
      show(parts, jobOfFile(file.path, file.model));
      return true;
    }
  };
}

/** Documents of any factory have a context; only its path and source are used, and only of Python files. */
function unsafeContext(context: unknown): { readonly path?: string; readonly model?: DocumentRegistry.ICodeModel } {
  return (context ?? {}) as { readonly path?: string; readonly model?: DocumentRegistry.ICodeModel };
}

const jobArguments = {
  args: { type: 'object', properties: { job: { type: 'string', description: 'Id of the job' }, tenant: { type: 'string' }, name: { type: 'string' } }, required: ['job'] }
} as const;

function cancelJob(parts: JobParts): Command {
  return {
    label: () => textsOf(parts).__('Cancel a job'),
    describedBy: jobArguments,
    execute: async args => {
      const texts = textsOf(parts);
      const name = textOf(args, 'name') ?? String(args['job']);
      const isAgreed = await confirmDestructive({
        title: texts.__('Cancel the job %1?', name),
        verb: texts.__('Cancel the job'),
        blastRadius: [texts.__('Its processes are asked to end and killed if they do not; what it has not written to its outputs is lost, and nothing is published.')],
        translator: parts.suite.translator
      });
      if (!isAgreed) return false;
      await tell(parts, async () => {
        await lazyCompute(parts.suite).cancelJob({ params: { tenant: await tenantOf(parts, args), job: String(args['job']) } });
      });
      return true;
    }
  };
}

function retryJob(parts: JobParts): Command {
  return {
    label: () => textsOf(parts).__('Run a job again'),
    describedBy: jobArguments,
    execute: args =>
      tell(parts, async () => {
        const tenant = await tenantOf(parts, args);
        const job = await lazyCompute(parts.suite).retryJob({ params: { tenant, job: String(args['job']) } });
        rememberName(job);
        await parts.app.commands.execute(shellCommands.openObject, { urn: urnOfJob(tenant, job.id) });
      })
  };
}

/** What failed is said where a person sees it, with the request id for the operator. */
async function tell(parts: JobParts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const id = error instanceof Error && 'details' in error ? String((error.details as { instance?: string }).instance ?? '') : '';
    const message = error instanceof Error ? error.message : String(error);
    Notification.error(id === '' ? message : textsOf(parts).__('%1 (request %2)', message, id));
  }
}
