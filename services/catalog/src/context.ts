import type { ServiceContext } from '@stratalab/kernel';
import type { CatalogConfig } from './config.ts';
import type { CatalogPorts } from './ports.ts';

/** What use cases and reconcilers of `catalog` work with. */
export interface CatalogContext extends Pick<ServiceContext<CatalogPorts>, 'ports' | 'clientFor' | 'clock'> {
  readonly config: CatalogConfig;
}
