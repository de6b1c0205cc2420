import { Type } from 'typebox';

/** Settings of `pipelines`. */
export const pipelinesConfig = Type.Object({});
