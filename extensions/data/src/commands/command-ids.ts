/** Commands of the data panel. */
export const dataCommands = {
  /** `{ search? }`: shows the sidebar "Data". */
  open: 'stratalab:open-data',
  /** `{ dataset, version? }`: opens the page of a dataset. */
  openDataset: 'stratalab:open-dataset',
  /** `{ dataset? }`: uploads files as a new version; asks for them. */
  upload: 'stratalab:upload-dataset',
  /** `{ dataset?, path? }`: publishes a folder of the workspace; asks for what is missing. */
  registerFolder: 'stratalab:register-folder',
  /** `{ dataset, version? }`: mounts a version; answers its path. */
  mount: 'stratalab:mount-dataset',
  /** `{ mountName }`: takes a mount away. */
  unmount: 'stratalab:unmount-dataset',
  /** `{ dataset }`: deletes a dataset after showing what depends on it. */
  remove: 'stratalab:delete-dataset'
} as const;
