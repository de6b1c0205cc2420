import type { Client } from '@stratalab/client';
import { servingRoutes } from '@stratalab/contracts/serving';
import { useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** Typed functions for the routes of serving. */
export function useServing(): Client<typeof servingRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(servingRoutes), [stratalab]);
}
