/** Commands of the agents family. */
export const agentCommands = {
  /** `{ name?, description? }`: asks for a name when none is given, then opens the page. */
  newCollection: 'stratalab:new-collection',
  /** `{ collection }` */
  openCollection: 'stratalab:open-collection',
  /** `{ collection }`: asks before it deletes. */
  deleteCollection: 'stratalab:delete-collection',
  /** `{ collection }` */
  rebuildCollection: 'stratalab:rebuild-collection',
  /** `{ collection, endpoint, question }`: answers the answer. */
  ask: 'stratalab:ask'
} as const;

/** Of the serving family; known by its id only. */
export const deployModelCommand = 'stratalab:deploy-model';

export const agentsSectionId = 'stratalab-agents-section';
