import { asProblem, lazyClient, type IStratalab } from '@stratalab/lab-kit';
import { Problem } from '@stratalab/contracts';
import type { Upload, VersionReference } from '@stratalab/contracts/catalog';
import { Signal, type ISignal } from '@lumino/signaling';
import { safeFileName } from './file-names';
import { createKnownUploads, type KnownUploads } from './known-uploads';
import { sendFiles } from './send-files';

export interface UploadRequest {
  readonly dataset: string;
  readonly description?: string;
  readonly files: readonly File[];
}

/** One upload of this tab, as the screen shows it. */
export interface UploadState {
  readonly key: number;
  readonly dataset: string;
  readonly totalBytes: number;
  readonly sentBytes: number;
  readonly phase: 'sending' | 'waiting' | 'done' | 'failed';
  readonly problem?: Problem;
  readonly version?: VersionReference;
}

/** Uploads of this tab; they go on whatever panel is open. */
export interface Uploads {
  readonly states: readonly UploadState[];
  readonly changed: ISignal<Uploads, void>;
  /** Sends files as a new version. @returns the version; undefined when it failed or was cancelled, which the state tells */
  start(request: UploadRequest): Promise<VersionReference | undefined>;
  /** Stops an upload and drops what was sent, or takes an ended one off the list. */
  dismiss(key: number): void;
}

export function createUploads(stratalab: IStratalab, storage: Pick<Storage, 'getItem' | 'setItem'> = window.localStorage): Uploads {
  return new TabUploads(stratalab, createKnownUploads(storage));
}

class TabUploads implements Uploads {
  constructor(stratalab: IStratalab, known: KnownUploads) {
    this._stratalab = stratalab;
    this._known = known;
  }

  get states(): readonly UploadState[] {
    return [...this._states.values()];
  }

  get changed(): ISignal<Uploads, void> {
    return this._changed;
  }

  async start(request: UploadRequest): Promise<VersionReference | undefined> {
    const key = this._nextKey++;
    const totalBytes = request.files.reduce((sum, file) => sum + file.size, 0);
    const abort = new AbortController();
    this._aborts.set(key, abort);
    this._set({ key, dataset: request.dataset, totalBytes, sentBytes: 0, phase: 'sending' });
    try {
      const version = await this._send(key, request, abort.signal);
      this._update(key, { phase: 'done', sentBytes: totalBytes, version });
      return version;
    } catch (error) {
      if (!abort.signal.aborted) this._update(key, { phase: 'failed', problem: asProblem(error) });
      return undefined;
    } finally {
      this._aborts.delete(key);
    }
  }

  dismiss(key: number): void {
    this._aborts.get(key)?.abort(new Problem('invalid-state', { detail: 'The upload was cancelled.' }));
    this._states.delete(key);
    this._changed.emit();
  }

  private async _send(key: number, request: UploadRequest, signal: AbortSignal): Promise<VersionReference> {
    const tenant = await this._stratalab.tenant();
    const catalog = lazyClient(this._stratalab, () => import('@stratalab/contracts/catalog').then(({ catalogRoutes }) => catalogRoutes));
    const upload = await this._begin(tenant, request, signal);
    this._known.remember(tenant, upload);
    try {
      const version = await sendFiles(upload, request.files, {
        catalog,
        tenant,
        signal,
        url: this._stratalab.url,
        authorization: () => this._stratalab.authorization(),
        onProgress: sentBytes => this._update(key, { sentBytes }),
        onWaiting: isWaiting => this._update(key, { phase: isWaiting ? 'waiting' : 'sending' })
      });
      this._known.forget(tenant, upload.id);
      return version;
    } catch (error) {
      // Cancelled or refused for good: nothing of it is wanted any more.
      this._known.forget(tenant, upload.id);
      await catalog.cancelUpload({ params: { tenant, upload: upload.id } }).catch(() => undefined);
      throw error;
    }
  }

  /** The upload of the same files that was cut, or a new one. */
  private async _begin(tenant: string, request: UploadRequest, signal: AbortSignal): Promise<Upload> {
    const catalog = lazyClient(this._stratalab, () => import('@stratalab/contracts/catalog').then(({ catalogRoutes }) => catalogRoutes));
    const files = request.files.map(file => ({ name: safeFileName(file.name), size: file.size }));
    const known = this._known.find(tenant, request.dataset, files);
    if (known !== undefined) {
      const upload = await catalog.getUpload({ params: { tenant, upload: known } }, { signal }).catch(() => undefined);
      if (upload?.state === 'open') return upload;
    }
    const body = { dataset: request.dataset, files: files.map(({ name, size }) => ({ name, sizeBytes: size })) };
    return catalog.createUpload({ params: { tenant }, body: request.description === undefined ? body : { ...body, description: request.description } }, { signal });
  }

  private _set(state: UploadState): void {
    this._states.set(state.key, state);
    this._changed.emit();
  }

  private _update(key: number, change: Partial<UploadState>): void {
    const state = this._states.get(key);
    if (state !== undefined) this._set({ ...state, ...change });
  }

  private readonly _stratalab: IStratalab;
  private readonly _known: KnownUploads;
  private readonly _states = new Map<number, UploadState>();
  private readonly _aborts = new Map<number, AbortController>();
  private readonly _changed = new Signal<Uploads, void>(this);
  private _nextKey = 1;
}
