/** Commands of this panel family. */
export const servingCommands = {
  /** `{ model?, version? }`: asks what to serve, says whether it fits, and serves it. */
  deployModel: 'stratalab:deploy-model',
  /** Shows the section of the endpoints. */
  showEndpoints: 'stratalab:show-endpoints'
} as const;

/** Id of the section in the Stratalab sidebar. */
export const endpointsSectionId = 'stratalab-endpoints';
