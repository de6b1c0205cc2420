import { Type } from 'typebox';

/** Settings of `catalog`. */
export const catalogConfig = Type.Object({});
