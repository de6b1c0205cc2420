import type { Client } from '@stratalab/client';
import { controlRoutes } from '@stratalab/contracts/control';
import { useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** Typed functions of the service that keeps tenants, people, limits and books. */
export function useControl(): Client<typeof controlRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(controlRoutes), [stratalab]);
}
