import { kernelRoutes, type Route } from '@stratalab/contracts';
import { tablesByService } from '@stratalab/contracts/tables';
import { sampleValue } from './sample-value.test-support.ts';

export interface NamedRoute {
  readonly service: string;
  readonly declared: Route;
}

/** Every route of every service, and those each process has. */
export const allRoutes: readonly NamedRoute[] = Object.entries({ events: kernelRoutes, ...tablesByService }).flatMap(([service, table]) =>
  Object.values(table).map(declared => ({ service, declared }))
);

/** Path and query of a call; `tenant` fills `{tenant}`, the other parameters are samples. */
export function urlOf(declared: Route, tenant: string): string {
  const path = declared.path.replace(/\{([^}]+)\}/g, (_all, name: string) => {
    const value = name === 'tenant' ? tenant : sampleValue(declared.params.properties[name] ?? {});
    return encodeURIComponent(String(value));
  });
  const query = Object.entries(Object(sampleValue(declared.query))).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** A body the route may accept, or none. */
export function bodyOf(declared: Route): unknown {
  return declared.body === undefined ? undefined : sampleValue(declared.body);
}
