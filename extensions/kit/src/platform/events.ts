import { watch } from '@stratalab/client';
import type { EventRecord } from '@stratalab/contracts';
import { Token } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { IStratalab } from './platform';

export type StreamState = 'idle' | 'open' | 'retrying' | 'refused' | 'standby';

/** Facts of the chosen tenant as they happen: one stream per tab, whatever the number of panels. */
export interface IStratalabEvents {
  /**
   * Calls back for every event whose name starts with one of `prefixes` until the returned function is called.
   * The stream opens with the first listener and closes with the last; it stands by while the tab has been hidden for long, then goes on where it was.
   */
  listen(prefixes: readonly string[], callback: (event: EventRecord) => void): () => void;
  readonly state: StreamState;
  readonly stateChanged: ISignal<IStratalabEvents, StreamState>;
  /** The stream begins with the present, not where it was: no event tells of what changed since something was read before. */
  readonly missed: ISignal<IStratalabEvents, void>;
}

export const IStratalabEvents = new Token<IStratalabEvents>('@stratalab/lab-kit:IStratalabEvents', 'Live events of the chosen Stratalab tenant.');

interface Listener {
  readonly prefixes: readonly string[];
  readonly callback: (event: EventRecord) => void;
}

export interface EventsOptions {
  /** Follows a stream; replaceable for tests. */
  readonly follow?: typeof watch;
  readonly hiddenLimitMs?: number;
  readonly refusedRetryMs?: number;
}

const hiddenLimitMs = 10 * 60_000;
const refusedRetryMs = 60_000;

/** Shares one event stream between all panels of the page; sends nothing before the first listener. */
export function createEvents(stratalab: IStratalab, options: EventsOptions = {}): IStratalabEvents {
  return new EventHub(stratalab, options);
}

class EventHub implements IStratalabEvents {
  constructor(stratalab: IStratalab, options: EventsOptions) {
    this._stratalab = stratalab;
    this._options = options;
    stratalab.tenantChanged.connect(this._onTenantChanged, this);
    document.addEventListener('visibilitychange', () => this._onVisibility());
  }

  get state(): StreamState {
    return this._state;
  }

  get stateChanged(): ISignal<IStratalabEvents, StreamState> {
    return this._stateChanged;
  }

  get missed(): ISignal<IStratalabEvents, void> {
    return this._missed;
  }

  listen(prefixes: readonly string[], callback: (event: EventRecord) => void): () => void {
    const listener = { prefixes, callback };
    this._listeners.add(listener);
    if (this._running === undefined && this._state !== 'standby') this._restart();
    return () => {
      this._listeners.delete(listener);
      if (this._listeners.size === 0) this._stop('idle');
    };
  }

  private _onTenantChanged(): void {
    this._lastEventId = undefined;
    this._restart();
  }

  private _onVisibility(): void {
    clearTimeout(this._hiddenTimer);
    if (document.hidden) {
      this._hiddenTimer = setTimeout(() => this._running !== undefined && this._stop('standby'), this._options.hiddenLimitMs ?? hiddenLimitMs);
    } else if (this._state === 'standby' || this._state === 'refused') {
      this._restart();
    }
  }

  private _restart(): void {
    this._stop('idle');
    if (this._listeners.size === 0) return;
    const running = new AbortController();
    this._running = running;
    void this._run(running.signal);
  }

  private _stop(state: StreamState): void {
    clearTimeout(this._retryTimer);
    this._running?.abort();
    this._running = undefined;
    this._setState(state);
  }

  private async _run(signal: AbortSignal): Promise<void> {
    try {
      const tenant = await this._stratalab.tenant();
      if (signal.aborted) return;
      await (this._options.follow ?? watch)({
        url: `${this._stratalab.url}/api/events/v1/tenants/${encodeURIComponent(tenant)}/stream`,
        headers: () => this._stratalab.authorization(),
        signal,
        ...(this._lastEventId === undefined ? {} : { lastEventId: this._lastEventId }),
        onState: next => {
          if (signal.aborted) return;
          this._setState(next);
          if (next === 'open' && this._lastEventId === undefined) this._missed.emit();
        },
        onEvent: ({ id, data }) => {
          if (signal.aborted) return;
          this._lastEventId = id ?? this._lastEventId;
          this._deliver(JSON.parse(data) as EventRecord);
        }
      });
    } catch {
      if (signal.aborted) return;
      this._setState('refused');
      this._retryTimer = setTimeout(() => this._restart(), this._options.refusedRetryMs ?? refusedRetryMs);
    }
  }

  private _deliver(event: EventRecord): void {
    for (const { prefixes, callback } of [...this._listeners]) {
      if (prefixes.some(prefix => event.name.startsWith(prefix))) callback(event);
    }
  }

  private _setState(state: StreamState): void {
    if (state === this._state) return;
    this._state = state;
    this._stateChanged.emit(state);
  }

  private readonly _stratalab: IStratalab;
  private readonly _options: EventsOptions;
  private readonly _listeners = new Set<Listener>();
  private readonly _stateChanged = new Signal<IStratalabEvents, StreamState>(this);
  private readonly _missed = new Signal<IStratalabEvents, void>(this);
  private _state: StreamState = 'idle';
  private _running: AbortController | undefined;
  private _lastEventId: string | undefined;
  private _hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private _retryTimer: ReturnType<typeof setTimeout> | undefined;
}
