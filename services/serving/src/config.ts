import { Type } from 'typebox';

/** Settings of `serving`. */
export const servingConfig = Type.Object({});
