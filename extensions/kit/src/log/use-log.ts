import type { Problem } from '@stratalab/contracts';
import * as React from 'react';
import { asProblem } from '../hooks/use-query';
import { LogBuffer } from './log-buffer';

export interface LogChunk {
  readonly text: string;
  /** Byte offset to go on from. */
  readonly nextOffset: number;
  /** Nothing will be appended any more and everything has been read. */
  readonly isEnded: boolean;
}

export interface LogRequest {
  readonly part: string;
  readonly offset: number;
  readonly signal: AbortSignal;
}

/** Reads a log by byte offset; an empty chunk means: nothing new yet. */
export type ReadLog = (request: LogRequest) => Promise<LogChunk>;

export interface LogState {
  readonly lines: readonly string[];
  readonly droppedLines: number;
  readonly isEnded: boolean;
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

const pollMs = 1000;
const empty = { lines: [], droppedLines: 0, isEnded: false, problem: undefined };

/** Follows one part of a log from its beginning until it ends; pauses while the tab is hidden, stops with the component. */
export function useLog(read: ReadLog, part: string): LogState {
  const [state, setState] = React.useState<Omit<LogState, 'retry'>>(empty);
  const [round, setRound] = React.useState(0);
  const latest = React.useRef(read);
  latest.current = read;
  React.useEffect(() => {
    const abort = new AbortController();
    setState(empty);
    void follow({ read: request => latest.current(request), part, signal: abort.signal, onState: setState });
    return () => abort.abort();
  }, [part, round]);
  return { ...state, retry: React.useCallback(() => setRound(before => before + 1), []) };
}

interface Following {
  readonly read: ReadLog;
  readonly part: string;
  readonly signal: AbortSignal;
  readonly onState: (state: Omit<LogState, 'retry'>) => void;
}

async function follow({ read, part, signal, onState }: Following): Promise<void> {
  const buffer = new LogBuffer();
  let offset = 0;
  try {
    while (!signal.aborted) {
      const chunk = await read({ part, offset, signal });
      if (signal.aborted) return;
      const isNew = chunk.nextOffset > offset;
      offset = chunk.nextOffset;
      buffer.append(chunk.text);
      if (isNew || chunk.isEnded) onState({ lines: buffer.lines, droppedLines: buffer.droppedLines, isEnded: chunk.isEnded, problem: undefined });
      if (chunk.isEnded) return;
      if (!isNew) await pause(signal);
    }
  } catch (error) {
    if (!signal.aborted) onState({ lines: buffer.lines, droppedLines: buffer.droppedLines, isEnded: false, problem: asProblem(error) });
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    setTimeout(resolve, pollMs);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  if (!document.hidden || signal.aborted) return;
  await new Promise<void>(resolve => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
