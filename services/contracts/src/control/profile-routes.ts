import { Type } from 'typebox';
import { closed, Slug } from '../fields.ts';
import { route } from '../route.ts';
import { Profile, ProfileInput } from './schemas.ts';

const profile = '/api/control/v1/profiles/{profile}' as const;
/** Groups of a user as the Hub has them; a tenant's are `<tenant>:<role>`. */
export const HubGroups = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 });
const ProfileParams = closed({ profile: Slug });

export const listOfferedProfiles = route({
  operationId: 'listOfferedProfiles',
  method: 'POST',
  path: '/api/control/v1/admissions/profiles',
  summary: 'Profiles that a user with these Hub groups may choose from, the default one first; changes nothing',
  permission: 'platform:introspect',
  audit: false,
  body: closed({ groups: HubGroups }),
  response: closed({ items: Type.Array(Profile) })
});
export const putProfile = route({
  operationId: 'putProfile',
  method: 'PUT',
  path: profile,
  summary: 'Offer a workspace profile, or change one: its size, the nodes it runs on and the images it may run',
  permission: 'platform:administer',
  audit: 'profile.set',
  params: ProfileParams,
  body: ProfileInput,
  response: Profile,
  problems: ['invalid-input']
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
