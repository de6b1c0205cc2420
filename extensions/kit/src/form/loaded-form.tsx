import type { ITranslator } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { customizeValidator } from '@rjsf/validator-ajv8';
import * as React from 'react';

export interface FormProps {
  /** JSON Schema of an object; titles and descriptions are shown as they are. */
  readonly schema: ReadonlyJSONObject;
  readonly value: ReadonlyJSONObject;
  readonly uiSchema?: Readonly<Record<string, unknown>>;
  /** Called with every change; `isValid` says whether the schema holds. */
  readonly onChange: (value: ReadonlyJSONObject, isValid: boolean) => void;
  readonly translator: ITranslator;
}

const validator = customizeValidator<ReadonlyJSONObject>();

export function LoadedForm({ schema, value, uiSchema, onChange, translator }: FormProps): React.JSX.Element {
  return (
    <div className="jp-Strata-form">
      <FormComponent
        schema={schema}
        formData={value}
        uiSchema={uiSchema ?? {}}
        validator={validator}
        liveValidate
        showErrorList={false}
        noHtml5Validate
        compact
        translator={translator}
        onChange={event => onChange(event.formData ?? {}, event.errors.length === 0)}
      />
    </div>
  );
}
