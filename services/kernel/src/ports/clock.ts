/** Time as a port, so that rules and use cases can be tested at any instant. */
export interface Clock {
  /** Current instant. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
