import { jobPriorityRange } from '@stratalab/contracts/compute';
import type { Site } from '../site.ts';

/** Every priority a job can have, lowest first. */
export const jobPriorities: readonly number[] = Array.from(
  { length: jobPriorityRange.maximum - jobPriorityRange.minimum + 1 },
  (_unused, index) => jobPriorityRange.minimum + index
);

/**
 * Name of the priority class of jobs with this priority, which `tenancy-kubernetes` makes. What a class does to others cannot be changed once it is made, so jobs that
 * may take back what is due to their tenant have classes of their own.
 */
export function jobPriorityClass(priority: number, { isReclaiming = false }: Pick<Site, 'isReclaiming'>): string {
  const level = priority < 0 ? `minus-${-priority}` : String(priority);
  return `stratalab-${isReclaiming ? 'reclaiming-' : ''}job-${level}`;
}
