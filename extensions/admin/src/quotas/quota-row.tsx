import type { Quota } from '@stratalab/contracts/control';
import { formatAmount, Meter, ProblemNotice, readableUnit, unitName, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { resourceName } from '../page/names';
import { useAction } from '../page/use-action';
import { editUnit, parseLimit } from './quota-unit';

export interface QuotaRowProps {
  readonly quota: Quota;
  readonly isEditable: boolean;
  readonly onSave: (limit: number | null) => Promise<void>;
}

/** One resource: the meter, its numbers, and the limit to edit in place. */
export function QuotaRow({ quota, isEditable, onSave }: QuotaRowProps): React.JSX.Element {
  const texts = useTexts();
  const [isEditing, setEditing] = React.useState(false);
  const label = resourceName(quota.resource, texts);
  const { used, reserved, limit, unit } = quota;
  const { factor } = readableUnit(unit, [used + reserved, limit]);
  const amount = (value: number): string => formatAmount(value / factor);
  const isOver = limit !== null && used + reserved > limit;
  return (
    <section className="jp-Strata-quota" aria-label={label}>
      <Meter label={label} unit={unit} used={used} reserved={reserved} limit={limit} />
      <div className="jp-Strata-row">
        <span className="jp-Strata-caption">{texts.__('used %1 · reserved %2 · limit %3', amount(used), amount(reserved), limit === null ? texts.__('none') : amount(limit))}</span>
        <span className="jp-Strata-spring" />
        {isEditable && !isEditing && (
          <button className="jp-Strata-link" aria-label={texts.__('Change the limit of %1', label)} onClick={() => setEditing(true)}>
            {texts.__('Change limit')}
          </button>
        )}
      </div>
      {isOver && (
        <p className="jp-Strata-hint" role="status">
          {texts.__('More is in use than the limit allows. Nothing is stopped; whatever asks for more is refused until use falls below the limit.')}
        </p>
      )}
      {isEditing && <EditLimit quota={quota} label={label} onSave={onSave} onClose={() => setEditing(false)} />}
    </section>
  );
}

interface EditLimitProps {
  readonly quota: Quota;
  readonly label: string;
  readonly onSave: (limit: number | null) => Promise<void>;
  readonly onClose: () => void;
}

function EditLimit({ quota, label, onSave, onClose }: EditLimitProps): React.JSX.Element {
  const texts = useTexts();
  const { isBusy, problem, run } = useAction();
  const unit = editUnit(quota);
  const [text, setText] = React.useState(quota.limit === null ? '' : String(quota.limit / unit.factor));
  const [isUnlimited, setUnlimited] = React.useState(quota.limit === null);
  const limit = isUnlimited ? null : parseLimit(text, quota, unit);
  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (limit !== undefined && (await run(() => onSave(limit)))) onClose();
  };
  return (
    <form className="jp-Strata-row" onSubmit={event => void submit(event)} onKeyDown={event => event.key === 'Escape' && onClose()}>
      <label className="jp-Strata-row">
        <input
          className="jp-mod-styled jp-Strata-limit"
          inputMode="decimal"
          aria-label={texts.__('Limit of %1 in %2', label, unitName(unit.unit, texts))}
          aria-invalid={limit === undefined}
          value={text}
          disabled={isUnlimited}
          autoFocus
          onFocus={event => event.target.select()}
          onChange={event => setText(event.target.value)}
        />
        {unitName(unit.unit, texts)}
      </label>
      <label className="jp-Strata-toggle">
        <input type="checkbox" checked={isUnlimited} onChange={event => setUnlimited(event.target.checked)} /> {texts.__('No limit')}
      </label>
      <button className="jp-mod-styled jp-mod-accept" type="submit" disabled={limit === undefined || isBusy}>
        {isBusy ? texts.__('Saving…') : texts.__('Save')}
      </button>
      <button className="jp-mod-styled" type="button" onClick={onClose}>
        {texts.__('Cancel')}
      </button>
      {problem !== undefined && <ProblemNotice problem={problem} />}
    </form>
  );
}
