import { jobPriorityRange } from '@stratalab/contracts/compute';
import { Type, type Static, type TProperties } from 'typebox';

const strict = <T extends TProperties>(properties: T, description: string) => Type.Object(properties, { additionalProperties: false, description });
const name = (description: string) => Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,29}[a-z0-9])?$', description });
const amount = (description: string) => Type.Number({ minimum: 0, description });
const count = (description: string, maximum = 100_000) => Type.Integer({ minimum: 1, maximum, description });
const mig = Type.Record(Type.String({ pattern: '^[0-9]g\\.[0-9]+gb$' }), Type.Integer({ minimum: 1 }), { description: 'MIG slices by profile, as in 1g.18gb: 14' });

/** A number, or how it is spread: evenly from … to …, or around a mean (exponential, at most five times the mean). */
const spread = (minimum: number, description: string) =>
  Type.Union(
    [
      Type.Number({ minimum }),
      strict({ from: Type.Number({ minimum }), to: Type.Number({ minimum }) }, 'evenly between two numbers'),
      strict({ mean: Type.Number({ minimum }) }, 'around a mean')
    ],
    { description }
  );

const Amounts = strict(
  { cpu: amount('cores'), memoryGiB: amount('memory'), gpu: Type.Optional(Type.Integer({ minimum: 0, description: 'whole GPUs' })), mig: Type.Optional(mig) },
  'an amount of each resource'
);

const SomeAmounts = strict(
  { cpu: Type.Optional(amount('cores')), memoryGiB: Type.Optional(amount('memory')), gpu: Type.Optional(amount('whole GPUs')), mig: Type.Optional(mig) },
  'amounts of some resources'
);

const Quota = strict(
  {
    cpu: Type.Optional(amount('cores')),
    memoryGiB: Type.Optional(amount('memory')),
    gpu: Type.Optional(amount('whole GPUs')),
    mig: Type.Optional(mig),
    pods: Type.Optional(count('pods'))
  },
  'the most jobs of the tenant may use at once; what is left out is as much as the pools have'
);

const Tenant = strict(
  {
    name: name('name of the tenant'),
    quota: Type.Optional(Quota),
    deserved: Type.Optional(SomeAmounts),
    weight: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'share of the pools the tenant deserves, against the other weights; 1 if left out' }))
  },
  'one tenant and its queue'
);

const Arrivals = strict(
  {
    tenant: name('whose jobs these are'),
    name: Type.Optional(name('a word for these jobs')),
    perHour: Type.Optional(Type.Number({ exclusiveMinimum: 0, description: 'jobs an hour, arriving at random moments' })),
    burst: Type.Optional(strict({ atMinute: amount('when'), jobs: count('how many at once', 10_000) }, 'jobs that arrive together')),
    processes: spread(1, 'pods of one job, which start together or not at all'),
    perProcess: Amounts,
    minutes: spread(0.01, 'how long a job runs'),
    failing: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'share of the jobs that fail by themselves half-way' })),
    pool: Type.Optional(name('pool these jobs must run in')),
    priority: Type.Optional(Type.Integer({ ...jobPriorityRange, description: 'among the jobs of the tenant a higher one starts first; 0 if left out' }))
  },
  'a stream of jobs'
);

const Failure = strict(
  {
    atMinute: amount('when'),
    nodeLost: Type.Optional(
      strict({ pool: name('in which pool'), nodes: Type.Optional(count('how many; 1 if left out')), forMinutes: amount('how long they are gone') }, 'nodes that vanish')
    ),
    podEvicted: Type.Optional(
      strict({ tenant: name('of which tenant'), pods: Type.Optional(count('how many; 1 if left out')) }, 'running pods that are taken away; if none runs then, the first that does')
    )
  },
  'something that goes wrong'
);

const Change = strict(
  { quota: Type.Optional(Quota), deserved: Type.Optional(SomeAmounts), weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })) },
  'what is another for a tenant'
);

/** What `npm run cluster -- simulate` reads. */
export const ScenarioDocument = strict(
  {
    name: Type.Optional(Type.String({ maxLength: 80 })),
    seed: Type.Optional(Type.Integer({ description: 'the same seed gives the same arrivals' })),
    durationMinutes: Type.Number({ exclusiveMinimum: 0, maximum: 10_080, description: 'how long jobs arrive' }),
    drainMinutes: Type.Optional(amount('how long to wait for the last jobs after that; as long again if left out')),
    timeScale: Type.Optional(Type.Number({ minimum: 1, maximum: 600, description: 'seconds of the scenario in one second; 20 if left out' })),
    retries: Type.Optional(Type.Integer({ minimum: 0, maximum: 10, description: 'how often a job that lost its place is tried again; 3 if left out' })),
    pools: Type.Array(strict({ name: name('name of the pool'), nodes: count('machines', 5_000), perNode: Amounts }, 'machines of one kind'), { minItems: 1 }),
    tenants: Type.Array(Tenant, { minItems: 1 }),
    arrivals: Type.Array(Arrivals, { minItems: 1 }),
    failures: Type.Optional(Type.Array(Failure)),
    whatIf: Type.Optional(
      Type.Array(strict({ name: Type.String({ minLength: 1, maxLength: 40 }), tenants: Type.Record(Type.String(), Change) }, 'the same day with something changed'), {
        maxItems: 5
      })
    )
  },
  'a scenario'
);

export type ScenarioDocument = Static<typeof ScenarioDocument>;
export type ScenarioTenant = Static<typeof Tenant>;
export type ScenarioArrivals = Static<typeof Arrivals>;
export type ScenarioAmounts = Static<typeof Amounts>;
export type ScenarioFailure = Static<typeof Failure>;
export type Spread = ScenarioArrivals['minutes'];
