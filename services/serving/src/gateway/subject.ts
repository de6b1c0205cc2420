import type { Actor } from '@stratalab/kernel';

/** Whose use a call is: the person a service acts for, else the caller. */
export function subjectOf(actor: Actor): string {
  return actor.onBehalfOf ?? actor.subject;
}
