import type { Client } from '@stratalab/client';
import { pipelinesRoutes } from '@stratalab/contracts/pipelines';
import { useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

export type PipelinesClient = Client<typeof pipelinesRoutes>;

/** Typed functions of the service. */
export function usePipelines(): PipelinesClient {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(pipelinesRoutes), [stratalab]);
}
