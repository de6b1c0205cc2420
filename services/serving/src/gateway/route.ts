import type { DeploymentState } from '@stratalab/contracts/serving';
import type { ReplicaAddress } from '@stratalab/kernel';

export interface RoutedReplica {
  readonly id: string;
  readonly address: ReplicaAddress;
}

/** Where calls of one endpoint go, as it was at one moment. */
export interface Route {
  readonly tenant: string;
  readonly name: string;
  readonly kind: 'chat' | 'predict';
  readonly state: DeploymentState;
  readonly message: string;
  /** Longest conversation; bounds what one call can use. */
  readonly contextTokens: number | null;
  /** Calls one replica answers at once. */
  readonly parallel: number;
  readonly replicas: readonly RoutedReplica[];
  readonly createdAt: string;
}
