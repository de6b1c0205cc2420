import { Type } from 'typebox';

/** Settings of `agents`. */
export const agentsConfig = Type.Object({});
