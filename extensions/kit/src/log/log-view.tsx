import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { ProblemNotice } from '../components/problem-notice';
import { formatAmount } from '../format';
import { useTexts } from '../platform/context';
import { parseAnsi } from './ansi';
import { useLog, type ReadLog } from './use-log';

export interface LogPart {
  readonly id: string;
  /** "rank 0", "replica 2". */
  readonly label: string;
}

export interface LogViewProps {
  readonly read: ReadLog;
  readonly parts: readonly LogPart[];
  /** What is said below a log that is not over; that more may come unless given. */
  readonly waitingText?: string;
  /** Saves the whole log of a part; without it there is no button. */
  readonly onDownload?: (part: string) => void;
}

const lineHeight = 18;
const overscan = 20;

/** A log that follows its end until one scrolls up; every part on its own, search, wrapped or not. */
export function LogView({ read, parts, waitingText, onDownload }: LogViewProps): React.JSX.Element {
  const texts = useTexts();
  const [chosen, setPart] = React.useState('');
  const part = parts.find(candidate => candidate.id === chosen)?.id ?? parts[0]?.id ?? '';
  const [search, setSearch] = React.useState('');
  const [isFollowing, setFollowing] = React.useState(true);
  const [isWrapped, setWrapped] = React.useState(false);
  const log = useLog(read, part);
  const lines = React.useMemo(() => (search === '' ? log.lines : log.lines.filter(line => line.toLowerCase().includes(search.toLowerCase()))), [log.lines, search]);
  return (
    <div className="jp-Strata-log">
      <div className="jp-Strata-row">
        {parts.length > 1 && (
          <select className="jp-mod-styled" aria-label={texts.__('Part of the log')} value={part} onChange={event => setPart(event.target.value)}>
            {parts.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )}
        <input
          className="jp-mod-styled"
          type="search"
          placeholder={texts.__('Search the log')}
          aria-label={texts.__('Search the log')}
          value={search}
          onChange={event => setSearch(event.target.value)}
        />
        <span className="jp-Strata-caption" role="status">
          {search === ''
            ? texts._n('%2 line', '%2 lines', lines.length, formatAmount(lines.length))
            : texts._n('%2 line found', '%2 lines found', lines.length, formatAmount(lines.length))}
        </span>
        <span className="jp-Strata-spring" />
        <Toggle label={texts.__('Follow')} isOn={isFollowing} onToggle={setFollowing} />
        <Toggle label={texts.__('Wrap')} isOn={isWrapped} onToggle={setWrapped} />
        {onDownload !== undefined && (
          <button className="jp-mod-styled jp-mod-minimal" onClick={() => onDownload(part)}>
            {texts.__('Download')}
          </button>
        )}
      </div>
      {log.droppedLines > 0 && <p className="jp-Strata-caption">{texts.__('%1 earlier lines are not shown; download the log to see them.', formatAmount(log.droppedLines))}</p>}
      {log.problem !== undefined && <ProblemNotice problem={log.problem} onRetry={log.retry} />}
      <Lines lines={lines} isFollowing={isFollowing} isWrapped={isWrapped} onFollowing={setFollowing} />
      {!log.isEnded && log.problem === undefined && <p className="jp-Strata-caption">{waitingText ?? texts.__('Waiting for more')}</p>}
    </div>
  );
}

function Toggle({ label, isOn, onToggle }: { readonly label: string; readonly isOn: boolean; readonly onToggle: (isOn: boolean) => void }): React.JSX.Element {
  return (
    <label className="jp-Strata-toggle">
      <input type="checkbox" checked={isOn} onChange={event => onToggle(event.target.checked)} /> {label}
    </label>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly isFollowing: boolean;
  readonly isWrapped: boolean;
  readonly onFollowing: (isFollowing: boolean) => void;
}

function Lines({ lines, isFollowing, isWrapped, onFollowing }: LinesProps): React.JSX.Element {
  const texts = useTexts();
  const scroller = React.useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan });
  React.useEffect(() => {
    if (isFollowing && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines.length, virtual]);
  React.useEffect(() => virtual.measure(), [isWrapped, virtual]);
  return (
    <div
      className={`jp-Strata-logLines${isWrapped ? ' jp-mod-wrapped' : ''}`}
      ref={scroller}
      role="log"
      aria-live="off"
      aria-label={texts.__('Log')}
      tabIndex={0}
      onWheel={event => event.deltaY < 0 && onFollowing(false)}
      onKeyDown={event => ['ArrowUp', 'PageUp', 'Home'].includes(event.key) && onFollowing(false)}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div key={index} data-index={index} ref={isWrapped ? virtual.measureElement : undefined} className="jp-Strata-logLine" style={{ transform: `translateY(${start}px)` }}>
            {parseAnsi(lines[index] ?? '').map((piece, position) => (
              <span key={position} className={piece.className}>
                {piece.text}
              </span>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
