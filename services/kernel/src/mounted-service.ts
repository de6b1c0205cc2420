import type { RouteTable } from '@stratalab/contracts';
import type { FastifyInstance } from 'fastify';
import { implement } from './http/implement.ts';
import type { HttpParts } from './http/server.ts';
import type { Service, ServiceContext, ServiceParts } from './service.ts';

/** What the host drives, whatever the ports and routes of the service are. */
export interface RunningService extends Pick<ServiceParts<RouteTable>, 'reconcilers' | 'subscriptions' | 'leaders' | 'surface' | 'start' | 'stop'> {
  /** Mounts the service's contract routes. */
  implement(app: FastifyInstance, parts: HttpParts): void;
}

/** A service together with the ports this installation gives it. */
export interface MountedService {
  readonly name: string;
  readonly migrations: URL;
  create(context: Omit<ServiceContext<unknown>, 'ports'>): RunningService;
}

/** Binds a service to its ports. */
export function mountService<Ports, Table extends RouteTable>(service: Service<Ports, Table>, ports: Ports): MountedService {
  return {
    name: service.name,
    migrations: service.migrations,
    create(context) {
      const { handlers, ...rest } = service.create({ ...context, ports });
      return { ...rest, implement: (app, parts) => implement(app, parts, service.routes, handlers) };
    }
  };
}
