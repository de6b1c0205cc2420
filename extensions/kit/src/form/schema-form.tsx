import * as React from 'react';
import { useSuite } from '../platform/context';
import type { FormProps } from './loaded-form';

const LoadedForm = React.lazy(() => import('./loaded-form').then(({ LoadedForm: Form }) => ({ default: Form })));

export type SchemaFormProps = Omit<FormProps, 'translator'>;

/** A form from a JSON Schema with Lab's own look; the form library and the validator are imported when the first form is shown. */
export function SchemaForm(props: SchemaFormProps): React.JSX.Element {
  const { translator } = useSuite();
  return (
    <React.Suspense fallback={<div className="jp-Strata-skeleton" aria-busy="true" />}>
      <LoadedForm {...props} translator={translator} />
    </React.Suspense>
  );
}
