import * as React from 'react';
import { useTexts } from '../platform/context';
import { formatAmount, readableUnit } from '../format';
import { unitName } from '../locale/unit-name';

export interface MeterProps {
  readonly label: string;
  /** As the platform names it; shown in the reader's language. */
  readonly unit: string;
  readonly used: number;
  readonly reserved: number;
  /** null: no limit. */
  readonly limit: number | null;
}

const nearlyFull = 0.9;

/** How much of a limit is used and reserved, with numbers and a bar; the bar is never the only bearer of the meaning. */
export function Meter({ label, unit, used, reserved, limit }: MeterProps): React.JSX.Element {
  const texts = useTexts();
  const taken = used + reserved;
  const share = (value: number): string => (limit === null || limit === 0 ? '0%' : `${Math.min(100, (value / limit) * 100)}%`);
  const isNearlyFull = limit !== null && taken >= limit * nearlyFull && taken > 0;
  const shown = readableUnit(unit, [taken, limit]);
  const name = unitName(shown.unit, texts);
  const amount = (value: number): string => formatAmount(value / shown.factor);
  const text = limit === null ? texts.__('%1 %2 used, no limit', amount(taken), name) : texts.__('%1 of %2 %3', amount(taken), amount(limit), name);
  return (
    <div className={`jp-Strata-meter${isNearlyFull ? ' jp-mod-full' : ''}`}>
      <div className="jp-Strata-meterText">
        <span>{label}</span>
        <span>{text}</span>
      </div>
      <div className="jp-Strata-meterBar" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={limit ?? taken} aria-valuenow={taken} aria-valuetext={text}>
        <span style={{ width: share(used) }} />
        <span className="jp-mod-reserved" style={{ width: share(reserved) }} />
      </div>
    </div>
  );
}
