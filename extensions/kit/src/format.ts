/** Narrow, and no line ends within a number. */
const thinSpace = '\u202f';

/** A number for people: at most two decimals, thousands apart by thin spaces. */
export function formatAmount(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  const [whole = '0', fraction] = String(rounded).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, thinSpace);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const binaryUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

const mibPerGib = 1024;

/** The unit in which amounts of a quota are read: MiB as GiB where one of them is that large. `factor` of the given unit make one of it. */
export function readableUnit(unit: string, amounts: readonly (number | null)[]): { readonly unit: string; readonly factor: number } {
  const isLarge = unit === 'MiB' && amounts.some(amount => amount !== null && amount >= mibPerGib);
  return isLarge ? { unit: 'GiB', factor: mibPerGib } : { unit, factor: 1 };
}

/** A size in bytes with its binary unit. */
export function formatBytes(sizeBytes: number): string {
  const power = sizeBytes < 1 ? 0 : Math.min(binaryUnits.length - 1, Math.floor(Math.log2(sizeBytes) / 10));
  const value = sizeBytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)}${thinSpace}${binaryUnits[power] ?? 'B'}`;
}

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1]
];

/** "3 minutes ago" in the user's language. */
export function formatAgo(time: string, nowMs: number, locale: string): string {
  const seconds = (new Date(time).getTime() - nowMs) / 1000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}
