import { closed, Slug } from '../fields.ts';
import { route } from '../route.ts';
import { Profile, ProfileInput } from './schemas.ts';

const profile = '/api/control/v1/profiles/{profile}' as const;
const ProfileParams = closed({ profile: Slug });

export const putProfile = route({
  operationId: 'putProfile',
  method: 'PUT',
  path: profile,
  summary: 'Offer a workspace profile, or change one: its size, the nodes it runs on and the images it may run',
  permission: 'platform:administer',
  audit: 'profile.set',
  params: ProfileParams,
  body: ProfileInput,
  response: Profile
});
export const removeProfile = route({
  operationId: 'removeProfile',
  method: 'DELETE',
  path: profile,
  summary: 'Offer a workspace profile no longer; workspaces that run with it go on',
  permission: 'platform:administer',
  audit: 'profile.remove',
  params: ProfileParams,
  problems: ['invalid-state']
});
