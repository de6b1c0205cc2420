import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { jobIcon, SuiteWidget, type SuiteContext } from '@stratalab/lab-kit';
import type { JobInput } from '@stratalab/contracts/compute';
import * as React from 'react';
import { rememberName } from './job/job-names';

let forms = 0;

export interface FormPlan {
  readonly input: Partial<JobInput>;
  /** A job that waits and leaves the queue when the form is sent. */
  readonly insteadOf?: string | undefined;
  readonly openObject: (urn: string) => void;
}

/** Opens a new form in the main area; when the job is sent, its page takes the place of the form. */
export function openForm(app: JupyterFrontEnd, suite: SuiteContext, { input, insteadOf, openObject }: FormPlan): void {
  forms += 1;
  const content = new SuiteWidget({
    id: `stratalab-job-form-${forms}-content`,
    suite,
    load: async () => {
      const { SubmitForm } = await import('./submit/submit-form');
      return () =>
        React.createElement(SubmitForm, {
          input,
          insteadOf,
          onSubmitted: job => {
            rememberName(job);
            openObject(job.urn);
            widget.dispose();
          }
        });
    }
  });
  const widget = new MainAreaWidget({ content });
  widget.id = `stratalab-job-form-${forms}`;
  widget.title.label = suite.translator.load('stratalab').__('Run a job');
  widget.title.icon = jobIcon;
  widget.title.closable = true;
  widget.toolbar.hide();
  app.shell.add(widget, 'main');
  app.shell.activateById(widget.id);
}

const queueId = 'stratalab-queue';

/** Shows the queue, in the tab it already has if there is one. */
export function openQueue(app: JupyterFrontEnd, suite: SuiteContext): void {
  const shown = [...app.shell.widgets('main')].find(({ id }) => id === queueId);
  if (shown === undefined) {
    const content = new SuiteWidget({ id: `${queueId}-content`, suite, load: () => import('./queue/queue-page').then(({ QueuePage }) => QueuePage) });
    const widget = new MainAreaWidget({ content });
    widget.id = queueId;
    widget.title.label = suite.translator.load('stratalab').__('Queue');
    widget.title.icon = jobIcon;
    widget.title.closable = true;
    widget.toolbar.hide();
    app.shell.add(widget, 'main');
  }
  app.shell.activateById(queueId);
}
