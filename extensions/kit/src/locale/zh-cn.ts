import type { Catalogue } from './catalogue';

export const zhCn: Catalogue = {};
