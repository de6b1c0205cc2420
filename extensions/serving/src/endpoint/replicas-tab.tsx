import type { Problem } from '@stratalab/contracts';
import { maximumReplicas, type Deployment } from '@stratalab/contracts/serving';
import { asProblem, formatAmount, ProblemNotice, StatusChip, TimeAgo, useTexts, type StatusTone } from '@stratalab/lab-kit';
import * as React from 'react';
import { phaseWord } from '../state-words';
import { useServing } from '../use-serving';

const countedMs = 5_000;

/** Replicas with their phases, what they take, what was used today, and the number to change. */
export function ReplicasTab({ deployment, tenant, reload }: { readonly deployment: Deployment; readonly tenant: string; readonly reload: () => void }): React.JSX.Element {
  const texts = useTexts();
  // Calls make no events: what is counted is asked for again while somebody looks.
  React.useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), countedMs);
    reload();
    return () => clearInterval(timer);
  }, [reload]);
  const { resources, usageToday, replicas, contextTokens } = deployment;
  return (
    <div className="jp-Strata-panel">
      <dl className="jp-StrataServing-facts">
        <dt>{texts.__('Each replica')}</dt>
        <dd>{texts._n('%2 core, %3 MiB', '%2 cores, %3 MiB', resources.cpu, formatAmount(resources.cpu), formatAmount(resources.memoryMiB))}</dd>
        {contextTokens !== null && (
          <>
            <dt>{texts.__('Longest conversation')}</dt>
            <dd>{texts.__('%1 tokens', formatAmount(contextTokens))}</dd>
          </>
        )}
        <dt>{texts.__('Today')}</dt>
        <dd>{texts.__('%1 calls, %2 tokens in, %3 tokens out', formatAmount(usageToday.requests), formatAmount(usageToday.inputTokens), formatAmount(usageToday.outputTokens))}</dd>
      </dl>
      <Scale key={deployment.generation} deployment={deployment} tenant={tenant} />
      {replicas.length === 0 && <p className="jp-Strata-caption">{texts.__('No replica runs.')}</p>}
      <ul className="jp-Strata-list" aria-label={texts.__('Replicas')}>
        {replicas.map(replica => (
          <li key={replica.index}>
            <span className="jp-Strata-name">{texts.__('Replica %1', replica.index + 1)}</span>
            <StatusChip tone={toneOfPhase(replica.phase)} label={phaseWord(replica.phase, texts)} sentence={replica.phase === 'ready' ? undefined : replica.message} />
            <span className="jp-Strata-caption">
              {texts._n('%2 call in flight', '%2 calls in flight', replica.activeRequests, formatAmount(replica.activeRequests))}
              {replica.restarts > 0 && ` · ${texts._n('%2 restart', '%2 restarts', replica.restarts, formatAmount(replica.restarts))}`}
              {replica.startedAt !== null && (
                <>
                  {' · '}
                  <TimeAgo time={replica.startedAt} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Scale({ deployment, tenant }: { readonly deployment: Deployment; readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const serving = useServing();
  const [count, setCount] = React.useState(String(Math.max(1, deployment.wantedReplicas)));
  const [problem, setProblem] = React.useState<Problem>();
  const wanted = Number(count);
  const isValid = Number.isInteger(wanted) && wanted >= 1 && wanted <= maximumReplicas;
  const apply = async (): Promise<void> => {
    setProblem(undefined);
    try {
      await serving.updateDeployment({ params: { tenant, deployment: deployment.name }, body: { replicas: wanted } });
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <>
      <div className="jp-Strata-row">
        <label className="jp-Strata-row">
          <span>{texts.__('Replicas')}</span>
          <input className="jp-mod-styled jp-StrataServing-number" type="number" min={1} max={maximumReplicas} value={count} onChange={event => setCount(event.target.value)} />
        </label>
        <button className="jp-mod-styled" disabled={!isValid || wanted === deployment.wantedReplicas} onClick={() => void apply()}>
          {texts.__('Change')}
        </button>
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </>
  );
}

function toneOfPhase(phase: Deployment['replicas'][number]['phase']): StatusTone {
  if (phase === 'ready') return 'good';
  return phase === 'crashed' ? 'bad' : phase === 'stopped' ? 'neutral' : 'busy';
}
