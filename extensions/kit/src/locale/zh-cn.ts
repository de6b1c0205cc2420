import { mergeCatalogues, type Catalogue } from './catalogue';
import { admin } from './zh-cn/admin';
import { agents } from './zh-cn/agents';
import { common } from './zh-cn/common';
import { data } from './zh-cn/data';
import { home } from './zh-cn/home';
import { jobs } from './zh-cn/jobs';
import { kit } from './zh-cn/kit';
import { lineage } from './zh-cn/lineage';
import { models } from './zh-cn/models';
import { serving } from './zh-cn/serving';

/** The parts of the Simplified Chinese catalogue; a key is in exactly one of them. */
export const zhCnParts: readonly Catalogue[] = [common, kit, home, data, jobs, lineage, models, serving, agents, admin];

export const zhCn: Catalogue = mergeCatalogues(zhCnParts);
