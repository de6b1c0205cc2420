import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISidebarSections, IStratalabActivity, IStratalabNavigator, ISuite, jobIcon } from '@stratalab/lab-kit';
import { jobCommands, jobsSectionId } from './command-ids';
import { addJobCommands } from './commands';
import { knownName } from './job/job-names';
import { lazyCompute } from './lazy-compute';

const category = 'Stratalab';
const mostCounted = 200;

const jobs: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:jobs',
  description: 'Jobs: run, watch, cancel, and the queue.',
  autoStart: true,
  requires: [ISuite, IStratalabNavigator, ISidebarSections, IStratalabActivity],
  optional: [ILauncher, ICommandPalette, INotebookTracker],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (
    app: JupyterFrontEnd,
    suite: ISuite,
    navigator: IStratalabNavigator,
    sections: ISidebarSections,
    activity: IStratalabActivity,
    launcher: ILauncher | null,
    palette: ICommandPalette | null,
    notebooks: INotebookTracker | null
  ) => {
    const texts = suite.translator.load('stratalab');
    addJobCommands({ app, suite, sections, notebooks });
    sections.add({ id: jobsSectionId, title: texts.__('Jobs'), rank: 100, icon: jobIcon, load: () => import('./list/jobs-section').then(({ JobsSection }) => JobsSection) });
    navigator.registerPage('job', { icon: jobIcon, title: ({ name }) => knownName(name) ?? texts.__('Job'), load: () => import('./job/job-page').then(({ JobPage }) => JobPage) });
    activity.add({
      id: 'jobs',
      label: count => texts._n('%1 job', '%1 jobs', count),
      count: async (tenant, signal) => {
        const { subject } = await suite.stratalab.whoAmI();
        const compute = lazyCompute(suite);
        return (await compute.listJobs({ params: { tenant }, query: { createdBy: subject, activity: 'active', limit: mostCounted } }, { signal })).items.length;
      },
      refreshOn: ['job.changed.', 'job.finished.'],
      command: jobCommands.showJobs
    });
    launcher?.add({ command: jobCommands.runJob, category, rank: 5 });
    for (const command of [jobCommands.runJob, jobCommands.runCellAsJob, jobCommands.runFileAsJob, jobCommands.showJobs, jobCommands.showQueue])
      palette?.addItem({ command, category });
  }
};

/** The plugins of this panel family. */
export const jobsPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [jobs];
