import type { ColumnProfile } from '@stratalab/contracts/catalog';
import { stringify } from 'yaml';

const fewValues = 10;
const enoughRows = 20;

const logicalTypes: Readonly<Record<ColumnProfile['kind'], string | undefined>> = {
  number: 'number',
  text: 'string',
  time: 'timestamp',
  boolean: 'boolean',
  nested: 'object',
  other: undefined
};

/** An ODCS document that says what the profile of a version shows: no nulls, unique keys, few values, at least as many rows as half of now. */
export function suggestContract(dataset: string, profile: { readonly rowCount: number; readonly columns: readonly ColumnProfile[] }): string {
  return stringify(
    {
      apiVersion: 'v3.1.0',
      kind: 'DataContract',
      id: dataset,
      version: '1.0.0',
      status: 'draft',
      schema: [
        {
          name: dataset,
          quality: [{ metric: 'rowCount', mustBeGreaterOrEqualTo: Math.max(1, Math.floor(profile.rowCount / 2)) }],
          properties: profile.columns.map(column => propertyOf(column, profile.rowCount))
        }
      ]
    },
    { lineWidth: 0 }
  );
}

function propertyOf(column: ColumnProfile, rowCount: number): Record<string, unknown> {
  const { name, kind, type, count, nullCount, distinctCount, topValues } = column;
  const logicalType = kind === 'time' && type === 'DATE' ? 'date' : kind === 'number' && /INT/.test(type) ? 'integer' : logicalTypes[kind];
  const isKey = kind !== 'number' || /INT/.test(type);
  const isFew = kind === 'text' && topValues !== null && topValues.length > 0 && topValues.length < fewValues && rowCount >= enoughRows;
  return {
    name,
    ...(logicalType === undefined ? {} : { logicalType }),
    ...(nullCount === 0 && count > 0 ? { required: true } : {}),
    ...(isKey && distinctCount === count && count >= enoughRows && nullCount === 0 ? { unique: true } : {}),
    ...(isFew ? { quality: [{ metric: 'invalidValues', arguments: { validValues: topValues.map(({ value }) => value) }, mustBe: 0 }] } : {})
  };
}
