/** The part of the ODCS 3.1 JSON Schema that Stratalab reads; what it does not know passes, what it knows must have its shape. */
const text = { type: 'string' } as const;
const number = { type: 'number' } as const;

const range = { type: 'array', items: number, minItems: 2, maxItems: 2 } as const;
const quality = {
  type: 'object',
  properties: {
    id: text,
    name: text,
    description: text,
    type: { enum: ['text', 'library', 'sql', 'custom'] },
    metric: { enum: ['rowCount', 'nullValues', 'missingValues', 'invalidValues', 'duplicateValues'] },
    rule: text,
    arguments: { type: 'object' },
    query: text,
    unit: { enum: ['rows', 'percent'] },
    severity: text,
    mustBe: number,
    mustNotBe: number,
    mustBeGreaterThan: number,
    mustBeGreaterOrEqualTo: number,
    mustBeLessThan: number,
    mustBeLessOrEqualTo: number,
    mustBeBetween: range,
    mustNotBeBetween: range
  }
} as const;

const property = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    logicalType: { enum: ['string', 'date', 'timestamp', 'time', 'number', 'integer', 'object', 'array', 'boolean'] },
    required: { type: 'boolean' },
    unique: { type: 'boolean' },
    logicalTypeOptions: { type: 'object' },
    quality: { type: 'array', items: quality, maxItems: 200 }
  }
} as const;

export const odcsSchema = {
  type: 'object',
  required: ['apiVersion', 'kind', 'id', 'version', 'status', 'schema'],
  properties: {
    apiVersion: { type: 'string', pattern: '^v3\\.[01]\\.\\d+$' },
    kind: { const: 'DataContract' },
    id: text,
    version: text,
    status: text,
    name: text,
    schema: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: text,
          properties: { type: 'array', items: property, maxItems: 5000 },
          quality: { type: 'array', items: quality, maxItems: 200 }
        }
      }
    }
  }
} as const;

export interface OdcsQuality {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly type?: 'text' | 'library' | 'sql' | 'custom';
  readonly metric?: string;
  readonly rule?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly query?: string;
  readonly unit?: 'rows' | 'percent';
  readonly severity?: string;
  readonly mustBe?: number;
  readonly mustNotBe?: number;
  readonly mustBeGreaterThan?: number;
  readonly mustBeGreaterOrEqualTo?: number;
  readonly mustBeLessThan?: number;
  readonly mustBeLessOrEqualTo?: number;
  readonly mustBeBetween?: readonly [number, number];
  readonly mustNotBeBetween?: readonly [number, number];
}

export interface OdcsProperty {
  readonly name: string;
  readonly logicalType?: string;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly logicalTypeOptions?: Readonly<Record<string, unknown>>;
  readonly quality?: readonly OdcsQuality[];
}

export interface OdcsDocument {
  readonly schema: readonly { readonly name: string; readonly properties?: readonly OdcsProperty[]; readonly quality?: readonly OdcsQuality[] }[];
}
