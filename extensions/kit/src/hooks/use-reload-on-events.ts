import * as React from 'react';
import { useSuite } from '../platform/context';

/** Calls `reload` after events whose names begin with one of the prefixes: once per `settleMs`, however many come. */
export function useReloadOnEvents(prefixes: readonly string[], settleMs: number, reload: () => void): void {
  const { events } = useSuite();
  // A new array with the same words is the same wish.
  const words = prefixes.join(' ');
  React.useEffect(() => {
    if (words === '') return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = events.listen(words.split(' '), () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, settleMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [words, settleMs, events, reload]);
}
