import { SnippetMenu, useSuite, useTenant, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { trackSnippets } from '../snippets';

/** How runs get here: code that works unchanged in a workspace and in a job, and the address for programs elsewhere. */
export function TrackForm(): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const tenant = useTenant() ?? '';
  return (
    <div className="jp-StrataModels-form">
      <p>{texts.__('In notebooks and jobs MLflow knows the address and who you are. Run this in a cell; the run appears under Models at once.')}</p>
      <SnippetMenu snippets={trackSnippets(stratalab.url, tenant)} />
      <p className="jp-Strata-caption">{texts.__('Job, code and dataset versions of a run are attached by the platform.')}</p>
    </div>
  );
}
