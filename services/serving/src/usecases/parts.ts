import type { Client } from '@stratalab/client';
import type { controlRoutes } from '@stratalab/contracts/control';
import type { modelsRoutes } from '@stratalab/contracts/models';
import type { Embedder, ModelRuntime } from '@stratalab/kernel';
import type { Invoker } from '../gateway/invoke.ts';
import type { Router } from '../gateway/router.ts';
import type { TokenBudget } from '../gateway/token-budget.ts';
import type { UsageRecorder } from '../gateway/usage-recorder.ts';

/** What use cases of this service work with. */
export interface ServingParts {
  readonly runtime: ModelRuntime;
  readonly embedder: Embedder;
  readonly router: Router;
  readonly invoker: Invoker;
  readonly budget: TokenBudget;
  readonly usage: UsageRecorder;
  readonly now: () => Date;
  /** The books, as this service, on behalf of a person. */
  readonly control: (tenant: string, subject?: string) => Client<typeof controlRoutes>;
  /** The registry, as this service, on behalf of a person. */
  readonly models: (tenant: string, subject?: string) => Client<typeof modelsRoutes>;
}
