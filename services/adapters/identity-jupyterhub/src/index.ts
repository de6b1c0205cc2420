export { createHubIdentity, type HubIdentityOptions } from './hub-identity.ts';
export { createHubPeople, type HubPeople } from './hub-people.ts';
export { readGroups } from './groups.ts';
