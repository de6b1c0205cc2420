/** Commands of this panel family. */
export const jobCommands = {
  /**
   * `{ name?, code?, fileName?, kind?, template?, from?, processes?, cpu?, memoryMiB?, gpu?, isInstead? }`: opens the form that runs a job, filled with what is given;
   * runs nothing by itself. With `isInstead` the job `from` leaves the queue when the form is sent, if it still waits.
   */
  runJob: 'stratalab:run-job',
  /** Opens that form with the code of the active cell. */
  runCellAsJob: 'stratalab:run-cell-as-job',
  /** `{ path? }`: opens that form with a Python file of the workspace. */
  runFileAsJob: 'stratalab:run-file-as-job',
  /** `{ job, tenant? }`: asks whether to stop the job, then stops it. */
  cancelJob: 'stratalab:cancel-job',
  /** `{ job }`: runs a finished job again, as a new one, and opens its page. */
  retryJob: 'stratalab:retry-job',
  /** Shows the section of the jobs. */
  showJobs: 'stratalab:show-jobs',
  /** Opens the queue. */
  showQueue: 'stratalab:show-queue'
} as const;

/** Id of the section in the Stratalab sidebar. */
export const jobsSectionId = 'stratalab-jobs';
