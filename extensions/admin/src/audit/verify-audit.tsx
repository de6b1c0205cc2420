import type { ResponseOf } from '@stratalab/contracts';
import type { controlRoutes } from '@stratalab/contracts/control';
import { formatAmount, ProblemNotice, StatusChip, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAction } from '../page/use-action';
import { useControl } from '../page/use-control';

/** Recomputes the hash chain of a tenant's audit log and says whether anybody changed it. */
export function VerifyAudit({ tenant }: { readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const { isBusy, problem, run } = useAction();
  const [result, setResult] = React.useState<ResponseOf<typeof controlRoutes.verifyAudit>>();
  const check = (): void => void run(async () => setResult(await control.verifyAudit({ params: { tenant } })));
  return (
    <>
      <span aria-live="polite">
        {result !== undefined &&
          (result.isIntact ? (
            <StatusChip tone="good" label={texts.__('Intact: %1 entries checked', formatAmount(result.checked))} />
          ) : (
            <StatusChip tone="bad" label={texts.__('Changed: entry %1 does not fit', String(result.brokenAt))} />
          ))}
      </span>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={check} />}
      <button className="jp-mod-styled" disabled={isBusy} onClick={check}>
        {isBusy ? texts.__('Checking…') : texts.__('Verify the chain')}
      </button>
    </>
  );
}
