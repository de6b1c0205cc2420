import { defineService } from '@stratalab/kernel';
import { agentsConfig } from './config.ts';
import type { AgentsPorts } from './ports.ts';

/** Collections, retrieval and answers with checked citations. */
export const agents = defineService<AgentsPorts, Record<never, never>>({
  name: 'agents',
  routes: {},
  migrations: new URL('../migrations/', import.meta.url),
  config: agentsConfig,
  create: () => ({ handlers: {} })
});
export type { AgentsPorts } from './ports.ts';
