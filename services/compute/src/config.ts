import { Type } from 'typebox';

/** Settings of `compute`. */
export const computeConfig = Type.Object({});
