import { Type } from 'typebox';

/** Settings of `models`. */
export const modelsConfig = Type.Object({});
