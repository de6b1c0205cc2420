import * as React from 'react';
import { useSuite } from '../platform/context';
import { formatAgo } from '../format';

const refreshMs = 30_000;

/** How long ago, with the exact time on hover. */
export function TimeAgo({ time }: { readonly time: string }): React.JSX.Element {
  const { translator } = useSuite();
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), refreshMs);
    return () => clearInterval(timer);
  }, []);
  const locale = translator.languageCode.replace('_', '-');
  return (
    <time dateTime={time} title={new Date(time).toLocaleString(locale)}>
      {formatAgo(time, Math.max(now, new Date(time).getTime()), locale)}
    </time>
  );
}
