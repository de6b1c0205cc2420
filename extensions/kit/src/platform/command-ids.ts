/** Commands of the shell that components of any feature may call. */
export const shellCommands = {
  /** `{ urn }`: opens the page of an object. */
  openObject: 'stratalab:open-object',
  /** `{ code }`: inserts a cell below the active one of the current notebook; never runs it. */
  insertCell: 'stratalab:insert-cell',
  /** Shows the Stratalab sidebar. */
  openHome: 'stratalab:open-home',
  /** Opens the page of the chosen tenant. */
  openTenant: 'stratalab:open-tenant',
  /** `{ tenant? }`: works in another tenant from now on; asks when none is named. */
  chooseTenant: 'stratalab:choose-tenant'
} as const;
