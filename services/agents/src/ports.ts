import type { DocumentParser, ObjectStore } from '@stratalab/kernel';

/** What `agents` needs from outside. */
export interface AgentsPorts {
  readonly objects: ObjectStore;
  readonly parser: DocumentParser;
}
