import * as React from 'react';
import { useSuite } from '../platform/context';

export interface ReloadOnEvents {
  readonly prefixes: readonly string[];
  readonly settleMs: number;
  /** An answer is on its way. */
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/**
 * Calls `reload` after events whose names begin with one of the prefixes: once per `settleMs`, however many come. Also when some may have been missed,
 * and when other prefixes are given.
 */
export function useReloadOnEvents({ prefixes, settleMs, isLoading, reload }: ReloadOnEvents): void {
  const { events } = useSuite();
  const [isDue, setDue] = React.useState(false);
  // A new array with the same words is the same wish.
  const words = prefixes.join(' ');
  const heard = React.useRef(words);
  React.useEffect(() => {
    // Who listens from now on has not heard what came before; who stops may have been told of the end by somebody else first.
    if (heard.current !== words) setDue(true);
    heard.current = words;
    if (words === '') return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setDue(true);
      }, settleMs);
    };
    const stop = events.listen(words.split(' '), onChange);
    events.missed.connect(onChange);
    return () => {
      clearTimeout(timer);
      events.missed.disconnect(onChange);
      stop();
    };
  }, [words, settleMs, events]);
  React.useEffect(() => {
    // Where events come faster than answers, one that is given up for the next would never be shown.
    if (!isDue || isLoading) return;
    setDue(false);
    reload();
  }, [isDue, isLoading, reload]);
}
