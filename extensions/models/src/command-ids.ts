/** Commands of this panel family. */
export const modelsCommands = {
  /** Shows the section of models and runs. */
  showModels: 'stratalab:show-models',
  /** Shows how a notebook or a program logs its runs here. */
  trackExperiment: 'stratalab:track-experiment',
  /** `{ model? }`: asks for a GGUF file and a name, and sends it as the next version. */
  uploadModel: 'stratalab:upload-model',
  /** `{ run, model? }`: registers what a run logged as the next version of a model. */
  registerRun: 'stratalab:register-run'
} as const;

/** Owned by the panel of the endpoints. `{ model, version }`. */
export const deployCommand = 'stratalab:deploy-model';

/** Id of the section in the Stratalab sidebar. */
export const modelsSectionId = 'stratalab-models';
