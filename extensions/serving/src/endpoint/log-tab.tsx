import type { Deployment } from '@stratalab/contracts/serving';
import { LogView, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useServing } from '../use-serving';

/** The log of each replica, over its restarts. */
export function LogTab({ deployment, tenant }: { readonly deployment: Deployment; readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const serving = useServing();
  const count = Math.max(1, deployment.wantedReplicas, deployment.replicas.length);
  const parts = Array.from({ length: count }, (_unused, index) => ({ id: String(index), label: texts.__('Replica %1', index + 1) }));
  return (
    <LogView
      parts={parts}
      read={async ({ part, offset, signal }) => {
        const piece = await serving.getDeploymentLog({ params: { tenant, deployment: deployment.name, replica: Number(part) }, query: { offset } }, { signal });
        return { text: piece.text, nextOffset: piece.nextOffset, isEnded: false };
      }}
    />
  );
}
