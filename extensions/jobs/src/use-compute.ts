import type { Client } from '@stratalab/client';
import { computeRoutes } from '@stratalab/contracts/compute';
import { useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** Typed functions for the routes of compute. */
export function useCompute(): Client<typeof computeRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(computeRoutes), [stratalab]);
}
