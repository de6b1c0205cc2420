export { createHubIdentity, type HubIdentityOptions } from './hub-identity.ts';
export { createHubSignIn, type HubSignIn } from './hub-sign-in.ts';
export { createHubPeople, type HubPeople } from './hub-people.ts';
export { readGroups } from './groups.ts';
