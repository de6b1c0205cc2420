import { Type, type Static } from 'typebox';
import { urnPattern } from './urn.ts';

export const UrnText = Type.String({ pattern: urnPattern.source, maxLength: 400, description: 'urn:strata:<tenant>:<kind>:<name>@<version>' });
export type UrnText = Static<typeof UrnText>;
