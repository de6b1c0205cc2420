import { badRequest } from './openai-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Reads the body once. @throws OpenAiError 400 when it is not a JSON object with a model */
export function parseBody(body: Buffer): { readonly fields: Fields; readonly model: string } {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw badRequest('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest('The body must be a JSON object.');
  const fields: Fields = { ...value };
  const { model } = fields;
  if (typeof model !== 'string' || model === '') throw badRequest("You must say which model is meant, in 'model'.", 'model', 'missing_required_parameter');
  return { fields, model };
}
