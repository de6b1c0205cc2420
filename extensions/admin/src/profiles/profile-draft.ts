import type { TranslationBundle } from '@jupyterlab/translation';
import { profilePatterns, type Profile, type ProfileInput } from '@stratalab/contracts/control';
import { isSlug, slugOf } from '../tenants/slug';

type Toleration = Profile['tolerations'][number];

/** A profile as a person fills it in: numbers as typed, memory in GiB, labels and taints as kubectl writes them. */
export interface ProfileDraft {
  /** Follows what it is called until it is typed; fixed once it is offered. */
  readonly name: string | undefined;
  readonly displayName: string;
  readonly description: string;
  readonly isDefault: boolean;
  readonly cpu: string;
  readonly memoryGiB: string;
  readonly gpuCount: string;
  /** null: every tenant. */
  readonly tenants: readonly string[] | null;
  readonly gpuResource: string;
  /** `key=value` */
  readonly labels: readonly string[];
  /** `key`, `key=value`, each with `:Effect` behind it or without. */
  readonly taints: readonly string[];
  readonly images: readonly ImageDraft[];
}

export interface ImageDraft {
  /** People's choices are remembered by it, so it stays. */
  readonly name?: string;
  readonly displayName: string;
  readonly image: string;
}

const mibPerGib = 1024;
const leastMiB = 128;
const mostMiB = 33_554_432;
const most = { cpu: 1024, gpu: 64 };
const leastCpu = 0.1;

export const emptyDraft: ProfileDraft = {
  ...{ name: undefined, displayName: '', description: '', isDefault: false, cpu: '2', memoryGiB: '4', gpuCount: '0' },
  ...{ tenants: null, gpuResource: '', labels: [], taints: [], images: [] }
};

/** The form filled with a profile that is offered. */
export function draftOf(profile: Profile): ProfileDraft {
  return {
    ...{ name: profile.name, displayName: profile.displayName, description: profile.description, isDefault: profile.isDefault },
    ...{ cpu: String(profile.cpu), memoryGiB: String(profile.memoryMiB / mibPerGib), gpuCount: String(profile.gpuCount) },
    ...{ tenants: profile.tenants, gpuResource: profile.gpuResource ?? '', labels: labelsOf(profile), taints: profile.tolerations.map(taintOf), images: profile.images }
  };
}

/** `key=value` of each label its nodes must have. */
export function labelsOf({ nodeSelector }: Pick<Profile, 'nodeSelector'>): readonly string[] {
  return Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
}

export function nameOf(draft: ProfileDraft): string {
  return draft.name ?? slugOf(draft.displayName);
}

/** What is sent for a form that has no problems. */
export function inputOf(draft: ProfileDraft): ProfileInput {
  return {
    ...{ displayName: draft.displayName.trim(), description: draft.description.trim(), isDefault: draft.isDefault },
    ...{ cpu: numberOf(draft.cpu), memoryMiB: Math.round(numberOf(draft.memoryGiB) * mibPerGib), gpuCount: numberOf(draft.gpuCount) },
    tenants: draft.tenants === null ? null : [...draft.tenants],
    gpuResource: draft.gpuResource.trim() === '' ? null : draft.gpuResource.trim(),
    nodeSelector: Object.fromEntries(filled(draft.labels).map(splitLabel)),
    tolerations: filled(draft.taints).map(tolerationOf),
    images: imagesOf(draft)
  };
}

export type DraftField = keyof ProfileDraft;

/** What is wrong with the form, per field; empty when it can be sent. */
export function problemsOf(draft: ProfileDraft, texts: TranslationBundle): ReadonlyMap<DraftField, string> {
  const { labelKey, labelValue, resource, image } = profilePatterns;
  const memoryMiB = numberOf(draft.memoryGiB) * mibPerGib;
  const gpuCount = numberOf(draft.gpuCount);
  const isLabel = (text: string): boolean => text.includes('=') && fits(labelKey, splitLabel(text)[0]) && fits(labelValue, splitLabel(text)[1]);
  const isTaint = (text: string): boolean => {
    const { key, value = '', effect } = tolerationOf(text);
    return fits(labelKey, key) && fits(labelValue, value) && text.includes(':') === (effect !== undefined);
  };
  const images = draft.images.filter(isFilled);
  const findings: readonly (readonly [DraftField, boolean, string])[] = [
    ['displayName', draft.displayName.trim() === '', texts.__('People choose it by this name')],
    ['name', draft.displayName.trim() !== '' && !isSlug(nameOf(draft)), texts.__('Lower-case letters, digits and inner dashes only.')],
    ['cpu', !(numberOf(draft.cpu) >= leastCpu && numberOf(draft.cpu) <= most.cpu), texts.__('From 0.1 to 1024')],
    ['memoryGiB', !(memoryMiB >= leastMiB && memoryMiB <= mostMiB), texts.__('At least 0.125 GiB')],
    ['gpuCount', !(Number.isInteger(gpuCount) && gpuCount >= 0 && gpuCount <= most.gpu), texts.__('A whole number, at most 64')],
    ['tenants', draft.tenants?.length === 0, texts.__('Choose at least one tenant')],
    ['tenants', draft.isDefault && draft.tenants !== null, texts.__('The default profile is for every tenant')],
    ['gpuResource', draft.gpuResource.trim() !== '' && !fits(resource, draft.gpuResource.trim()), texts.__('Such as nvidia.com/mig-1g.10gb')],
    ['labels', !filled(draft.labels).every(isLabel), texts.__('Each is key=value, as kubectl writes labels')],
    ['taints', !filled(draft.taints).every(isTaint), texts.__('Each is key=value:NoSchedule; value and effect may be left out')],
    ['images', images.some(({ displayName }) => displayName.trim() === ''), texts.__('Each image needs a name')],
    ['images', !images.every(each => fits(image, each.image.trim())), texts.__('Each image is named by digest: registry/name@sha256:…')]
  ];
  // The first finding of a field is the one to say.
  return new Map(
    findings
      .filter(([, isWrong]) => isWrong)
      .map(([field, , words]) => [field, words] as const)
      .reverse()
  );
}

function fits(pattern: string, text: string): boolean {
  return new RegExp(pattern).test(text);
}

function filled(rows: readonly string[]): readonly string[] {
  return rows.map(row => row.trim()).filter(row => row !== '');
}

function isFilled({ displayName, image }: ImageDraft): boolean {
  return displayName.trim() !== '' || image.trim() !== '';
}

/** NaN for what is no number; a comma is a decimal point to many. */
function numberOf(text: string): number {
  return /^\d+(?:[.,]\d+)?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : Number.NaN;
}

function splitLabel(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const;

/** `key=value:NoSchedule` is a taint to put up with; without a value any value, without an effect any effect. */
function tolerationOf(text: string): Toleration {
  const [taint = '', suffix] = text.split(':');
  const effect = effects.find(known => known === suffix);
  const rest = effect === undefined ? {} : { effect };
  if (!taint.includes('=')) return { key: taint, operator: 'Exists', ...rest };
  const [key, value] = splitLabel(taint);
  return { key, operator: 'Equal', value, ...rest };
}

function taintOf({ key, operator, value, effect }: Toleration): string {
  return `${key}${operator === 'Equal' ? `=${value ?? ''}` : ''}${effect === undefined ? '' : `:${effect}`}`;
}

/** Each image with a name of its own, made of what it is called where it has none yet. */
function imagesOf({ images }: ProfileDraft): Profile['images'] {
  const taken = new Set(images.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return images.filter(isFilled).map(({ name, displayName, image }, index) => {
    const wished = slugOf(displayName) === '' ? 'image' : slugOf(displayName);
    const own = name ?? (taken.has(wished) ? `${wished}-${index + 1}` : wished);
    taken.add(own);
    return { name: own, displayName: displayName.trim(), image: image.trim() };
  });
}
