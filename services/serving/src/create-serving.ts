import { controlRoutes } from '@stratalab/contracts/control';
import { modelsRoutes } from '@stratalab/contracts/models';
import type { servingRoutes } from '@stratalab/contracts/serving';
import { loadConfig, newId, serviceActor, wake, type ServiceContext, type ServiceParts } from '@stratalab/kernel';
import { servingConfig } from './config.ts';
import { createDispatcher } from './gateway/dispatch.ts';
import { createInvoker } from './gateway/invoke.ts';
import { loadRoute } from './gateway/load-route.ts';
import { createRouter } from './gateway/router.ts';
import { mountGateway } from './gateway/surface.ts';
import { createTokenBudget, type TokenBudget } from './gateway/token-budget.ts';
import { createUsageRecorder, type UsageRecorder } from './gateway/usage-recorder.ts';
import { createHandlers } from './http.ts';
import type { ServingPorts } from './ports.ts';
import { createDeploymentReconciler } from './reconcilers/deployment.ts';
import { createUsageReporter } from './reconcilers/report-usage.ts';
import { listDeploymentsByName } from './store/deployment-store.ts';
import { insertIntervals } from './store/usage-store.ts';
import { returnTokens, takeTokens } from './store/token-store.ts';
import { tables } from './store/tables.ts';
import { createSubscriptions } from './subscriptions.ts';
import { dayOf } from './usecases/deployment-view.ts';
import type { ServingParts } from './usecases/parts.ts';

const reportPauseMs = 2_000;
/** Endpoints shown in the model list of the gateway, per tenant. */
const highestListed = 1_000;

/** Puts the service together: one router, one budget and one usage recorder for the gateway and the contract routes alike. */
export function createServing(context: ServiceContext<ServingPorts>): ServiceParts<typeof servingRoutes> {
  const { ports, database, clock, logger } = context;
  const config = loadConfig(servingConfig, context.environment);
  const now = (): Date => clock.now();
  const control: ServingParts['control'] = (tenant, subject) => context.clientFor(controlRoutes, serviceActor('serving', tenant, subject));
  const router = createRouter({
    load: (tenant, name) => loadRoute({ database, runtime: ports.runtime }, tenant, name),
    now: () => Date.now(),
    highestWaiting: config.STRATALAB_ENDPOINT_QUEUE,
    longestWaitMs: config.STRATALAB_ENDPOINT_WAIT_SECONDS * 1000
  });
  const dispatcher = createDispatcher();
  const budget = createBudget(context, control);
  const usage = createRecorder(context);
  const invoker = createInvoker({ router, dispatcher, budget, usage });
  const parts: ServingParts = {
    ...ports,
    router,
    invoker,
    budget,
    usage,
    now,
    control,
    models: (tenant, subject) => context.clientFor(modelsRoutes, serviceActor('serving', tenant, subject))
  };
  const listEndpoints = (tenant: string) =>
    database.inTenant({ tenant, isReadOnly: true }, async tx => {
      const rows = await listDeploymentsByName(tx, tenant, { after: undefined, limit: highestListed, kind: 'chat' });
      return rows.map(row => ({ name: row.name, createdAt: row.created_at }));
    });
  return {
    handlers: createHandlers(parts),
    reconcilers: [createDeploymentReconciler(parts, { drainMs: config.STRATALAB_DRAIN_SECONDS * 1000 }), createUsageReporter(parts)],
    subscriptions: createSubscriptions(budget),
    surface: (app, http) => mountGateway(app, http, { ...parts, clock, logger, listEndpoints }),
    async start() {
      await removeStrangers(context);
      ports.runtime.watch(id => void wakeOwner(context, id), context.stop);
    },
    async stop() {
      await usage.close();
      await budget.close();
      await dispatcher.close();
      await ports.embedder.close();
      await ports.runtime.close();
    }
  };
}

function createBudget({ database, clock }: ServiceContext<ServingPorts>, control: ServingParts['control']): TokenBudget {
  return createTokenBudget({
    now: () => clock.now(),
    async limitOf(tenant) {
      const { items } = await control(tenant).getQuotas({ params: { tenant } });
      return items.find(quota => quota.resource === 'tokens-per-day')?.limit ?? null;
    },
    take: request => database.inTenant({ tenant: request.tenant }, tx => takeTokens(tx, request)),
    giveBack: request => database.inTenant({ tenant: request.tenant }, tx => returnTokens(tx, request))
  });
}

function createRecorder({ database, clock, logger }: ServiceContext<ServingPorts>): UsageRecorder {
  return createUsageRecorder({
    now: () => clock.now(),
    onError: error => logger.warn({ event: 'usage.not-written', error }, 'usage could not be written and is kept'),
    write: (tenant, sums) =>
      database.inTenant({ tenant }, async tx => {
        await insertIntervals(
          tx,
          sums.map(sum => ({
            id: newId(),
            tenant,
            deployment_name: sum.endpoint,
            subject: sum.subject,
            day: dayOf(sum.to),
            requests: sum.requests,
            input_tokens: sum.inputTokens,
            output_tokens: sum.outputTokens,
            from_time: sum.from.toISOString(),
            to_time: sum.to.toISOString()
          }))
        );
        await wake(tx, { kind: 'serving-usage', objectId: tenant, tenant, delayMs: reportPauseMs });
      })
  });
}

/** Replicas nobody knows any more (the database is older than the folder) must not run on unseen. */
async function removeStrangers({ database, ports }: ServiceContext<ServingPorts>): Promise<void> {
  const known = await database.asSystem('known deployments', tx => tables(tx).selectFrom('serving.deployment').select('id').execute());
  const ids = new Set(known.map(row => row.id));
  for (const replica of await ports.runtime.list()) if (!ids.has(replica.slice(0, replica.lastIndexOf('-')))) await ports.runtime.remove(replica);
}

async function wakeOwner({ database, logger }: ServiceContext<ServingPorts>, replicaId: string): Promise<void> {
  const id = replicaId.slice(0, replicaId.lastIndexOf('-'));
  try {
    await database.asSystem('a replica ended', async tx => {
      const row = await tables(tx).selectFrom('serving.deployment').select('tenant').where('id', '=', id).executeTakeFirst();
      if (row !== undefined) await wake(tx, { kind: 'deployment', objectId: id, tenant: row.tenant });
    });
  } catch (error) {
    // The next look of the reconciler sees it too.
    logger.warn({ event: 'deployment.not-woken', error }, 'a deployment could not be woken');
  }
}
