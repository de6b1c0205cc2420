import { formatAmount, shellCommands, unitName, useQuery, useSuite, useTenant, useTexts, type ActivitySource, type IStratalabActivity } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceName } from '../overview/resource-names';
import { fullestQuota, useQuotas } from '../overview/use-quotas';

/** Status bar: the tenant, what of mine runs, and the quota nearest to its limit; each opens what it shows. */
export function StatusItem({ activity }: { readonly activity: IStratalabActivity }): React.JSX.Element | null {
  const { commands } = useSuite();
  const texts = useTexts();
  const tenant = useTenant();
  const sources = useSources(activity);
  if (tenant === undefined) return null;
  return (
    <span className="jp-Strata-statusItem">
      <button title={texts.__('Switch tenant')} onClick={() => void commands.execute(shellCommands.chooseTenant)}>
        {tenant}
      </button>
      <StreamMark />
      {sources.map(source => (
        <ActivityCount key={source.id} source={source} />
      ))}
      <FullestQuota />
    </span>
  );
}

function useSources(activity: IStratalabActivity): readonly ActivitySource[] {
  const [sources, setSources] = React.useState(activity.sources);
  React.useEffect(() => {
    const read = (): void => setSources(activity.sources);
    read();
    activity.changed.connect(read);
    return () => {
      activity.changed.disconnect(read);
    };
  }, [activity]);
  return sources;
}

/** Says quietly that live events are not arriving right now. */
function StreamMark(): React.JSX.Element | null {
  const { events } = useSuite();
  const texts = useTexts();
  const [state, setState] = React.useState(events.state);
  React.useEffect(() => {
    const read = (): void => setState(events.state);
    read();
    events.stateChanged.connect(read);
    return () => {
      events.stateChanged.disconnect(read);
    };
  }, [events]);
  if (state !== 'retrying' && state !== 'refused') return null;
  return <span title={texts.__('Live updates are interrupted; trying again.')}>◐ {texts.__('reconnecting')}</span>;
}

function ActivityCount({ source }: { readonly source: ActivitySource }): React.JSX.Element | null {
  const { commands } = useSuite();
  const { data } = useQuery(`activity ${source.id}`, source.count, { refreshOn: source.refreshOn });
  if (data === undefined || data === 0) return null;
  return <button onClick={() => void commands.execute(source.command)}>{source.label(data)}</button>;
}

function FullestQuota(): React.JSX.Element | null {
  const { commands } = useSuite();
  const texts = useTexts();
  const { data } = useQuotas();
  const quota = fullestQuota(data?.items ?? []);
  if (quota === undefined) return null;
  const taken = quota.used + quota.reserved;
  const limit = quota.limit ?? taken;
  const label = resourceName(quota.resource, texts);
  const text = texts.__('%1 of %2 %3', formatAmount(taken), formatAmount(limit), unitName(quota.unit, texts));
  return (
    <button title={`${label}: ${text}`} onClick={() => void commands.execute(shellCommands.openTenant)}>
      {label}
      <meter aria-label={label} min={0} max={Math.max(limit, 1)} value={taken} aria-valuetext={text} />
    </button>
  );
}
