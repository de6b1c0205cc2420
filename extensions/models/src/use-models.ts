import type { Client } from '@stratalab/client';
import { modelsRoutes } from '@stratalab/contracts/models';
import { useSuite } from '@stratalab/lab-kit';
import * as React from 'react';

/** Typed functions for the routes of models. */
export function useModels(): Client<typeof modelsRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => stratalab.clientFor(modelsRoutes), [stratalab]);
}
