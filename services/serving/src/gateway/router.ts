import { Problem } from '@stratalab/contracts';
import type { Route, RoutedReplica } from './route.ts';

/** One call's place at a replica; given back exactly once. */
export interface Place {
  readonly replica: RoutedReplica;
  release(): void;
}

export interface Router {
  /** The endpoint as it was at most a second ago; `undefined` when there is none. */
  route(tenant: string, name: string): Promise<Route | undefined>;
  /**
   * Gives the call a place at the replica with the fewest calls, waiting for one when all are busy or none is ready yet.
   * @throws too-many-requests when too many wait already; unavailable when nothing got ready in time; the signal's reason after an abort
   */
  acquire(route: Route, options: { readonly signal: AbortSignal; readonly avoid: ReadonlySet<string> }): Promise<Place>;
  /** Calls in flight at a replica. */
  active(replicaId: string): number;
  /** Forgets what was known of an endpoint, and lets waiting calls look again. */
  invalidate(tenant: string, name: string): void;
}

export interface RouterOptions {
  readonly load: (tenant: string, name: string) => Promise<Route | undefined>;
  readonly now: () => number;
  /** Calls that may wait at one endpoint. */
  readonly highestWaiting: number;
  /** How long one call may wait. */
  readonly longestWaitMs: number;
}

const freshMs = 1_000;
const lookAgainMs = 250;
const highestRoutes = 5_000;

interface Waiting {
  readonly tryNow: (route: Route) => boolean;
  readonly fail: (error: unknown) => void;
  readonly until: number;
}

interface Lane {
  readonly waiting: Waiting[];
  timer: NodeJS.Timeout | undefined;
}

/** Least-loaded routing with a bounded queue per endpoint. Counts are of this process. */
export function createRouter(options: RouterOptions): Router {
  const routes = new Map<string, { readonly at: number; readonly route: Promise<Route | undefined> }>();
  const lanes = new Map<string, Lane>();
  const keyOf = (tenant: string, name: string): string => `${tenant}/${name}`;
  const places = createPlaces(target => void pump(target.tenant, target.name));

  const route = (tenant: string, name: string): Promise<Route | undefined> => {
    const key = keyOf(tenant, name);
    const known = routes.get(key);
    if (known !== undefined && options.now() - known.at < freshMs) return known.route;
    if (routes.size >= highestRoutes) routes.clear();
    const loaded = options.load(tenant, name);
    routes.set(key, { at: options.now(), route: loaded });
    loaded.catch(() => routes.delete(key));
    return loaded;
  };

  /** Offers places to those who wait, first come first served; looks again until nobody waits. */
  const pump = async (tenant: string, name: string): Promise<void> => {
    const key = keyOf(tenant, name);
    const lane = lanes.get(key);
    if (lane === undefined) return;
    const target = await route(tenant, name).catch(() => undefined);
    const now = options.now();
    for (const waiting of [...lane.waiting]) {
      if (target === undefined) waiting.fail(gone(name));
      else if (waiting.tryNow(target)) continue;
      else if (now >= waiting.until) waiting.fail(notReady(target));
    }
    if (lane.waiting.length === 0) {
      clearTimeout(lane.timer);
      lanes.delete(key);
      return;
    }
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => void pump(tenant, name), lookAgainMs);
  };

  const wait = (target: Route, acquire: { readonly signal: AbortSignal; readonly avoid: ReadonlySet<string> }): Promise<Place> => {
    const key = keyOf(target.tenant, target.name);
    const lane = lanes.get(key) ?? { waiting: [], timer: undefined };
    lanes.set(key, lane);
    if (lane.waiting.length >= options.highestWaiting) {
      throw new Problem('too-many-requests', {
        detail: `${options.highestWaiting} calls wait at the endpoint '${target.name}' already.`,
        hint: 'Try again in some seconds, or give the endpoint more replicas.',
        retryAfterSeconds: 2
      });
    }
    return new Promise<Place>((resolve, reject) => {
      const leave = (): void => {
        acquire.signal.removeEventListener('abort', onAbort);
        const at = lane.waiting.indexOf(waiting);
        if (at >= 0) lane.waiting.splice(at, 1);
      };
      const onAbort = (): void => waiting.fail(acquire.signal.reason);
      const waiting: Waiting = {
        until: options.now() + options.longestWaitMs,
        tryNow(current) {
          const found = places.take(current, acquire.avoid);
          if (found === undefined) return false;
          leave();
          resolve(found);
          return true;
        },
        fail(error) {
          leave();
          reject(error);
        }
      };
      lane.waiting.push(waiting);
      acquire.signal.addEventListener('abort', onAbort, { once: true });
      lane.timer ??= setTimeout(() => void pump(target.tenant, target.name), lookAgainMs);
    });
  };

  return {
    route,
    active: places.active,
    async acquire(target, acquire) {
      acquire.signal.throwIfAborted();
      if (target.state === 'stopped' || target.state === 'stopping' || target.state === 'failed') throw notReady(target);
      // Who came first goes first: nobody overtakes those who wait.
      const isQueueEmpty = (lanes.get(keyOf(target.tenant, target.name))?.waiting.length ?? 0) === 0;
      const found = isQueueEmpty ? places.take(target, acquire.avoid) : undefined;
      return found ?? wait(target, acquire);
    },
    invalidate(tenant, name) {
      routes.delete(keyOf(tenant, name));
      void pump(tenant, name);
    }
  };
}

interface Places {
  active(replicaId: string): number;
  /** A place at the free replica with the fewest calls; `undefined` when all are busy. */
  take(target: Route, avoid: ReadonlySet<string>): Place | undefined;
}

/** Counts calls per replica; `onFree` hears of every place that is given back. */
function createPlaces(onFree: (target: Route) => void): Places {
  const counts = new Map<string, number>();
  const active = (id: string): number => counts.get(id) ?? 0;
  return {
    active,
    take(target, avoid) {
      const free = target.replicas.filter(replica => active(replica.id) < target.parallel && !avoid.has(replica.id));
      const [first, ...rest] = free;
      if (first === undefined) return undefined;
      const replica = rest.reduce((best, next) => (active(next.id) < active(best.id) ? next : best), first);
      counts.set(replica.id, active(replica.id) + 1);
      let isReleased = false;
      return {
        replica,
        release() {
          if (isReleased) return;
          isReleased = true;
          const left = active(replica.id) - 1;
          if (left > 0) counts.set(replica.id, left);
          else counts.delete(replica.id);
          onFree(target);
        }
      };
    }
  };
}

function notReady(target: Route): Problem {
  const isResting = target.state === 'stopped' || target.state === 'stopping';
  return new Problem('unavailable', {
    detail: `The endpoint '${target.name}' does not answer: ${target.message}`,
    hint: isResting ? 'Start the deployment again.' : 'Try again in some seconds.',
    ...(isResting || target.state === 'failed' ? {} : { retryAfterSeconds: 5 })
  });
}

function gone(name: string): Problem {
  return new Problem('not-found', { detail: `There is no endpoint '${name}' any more.` });
}
