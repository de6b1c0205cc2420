import { BadRequest } from './bad-request.ts';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/** One request of either kind, checked. */
export interface Generation {
  readonly model: string;
  readonly messages?: readonly Message[];
  readonly prompt?: string;
  readonly isStream: boolean;
  readonly isUsageIncluded: boolean;
  readonly maxTokens: number | undefined;
  readonly temperature: number;
  readonly topP: number | undefined;
  readonly seed: number | undefined;
  readonly stop: readonly string[];
  /** 'json': any JSON; an object: JSON of this schema. */
  readonly format: 'text' | 'json' | Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** Small models ramble when they are hot; see the engine's measurements. */
const defaultTemperature = 0.2;
const refused = ['tools', 'functions', 'audio', 'logprobs', 'top_logprobs', 'prediction', 'echo', 'suffix', 'best_of'];

/** Checks a chat request. @throws BadRequest naming the parameter */
export function parseChat(body: unknown): Generation {
  const fields = fieldsOf(body);
  const messages = fields['messages'];
  if (!Array.isArray(messages) || messages.length === 0) throw new BadRequest("'messages' must be a list of at least one message.", 'messages');
  return { ...parseCommon(fields, 'max_completion_tokens'), messages: messages.map(parseMessage), format: parseFormat(fields['response_format']) };
}

/** Checks a legacy completion request. @throws BadRequest naming the parameter */
export function parseCompletion(body: unknown): Generation {
  const fields = fieldsOf(body);
  const prompt = Array.isArray(fields['prompt']) && fields['prompt'].length === 1 ? fields['prompt'][0] : fields['prompt'];
  if (typeof prompt !== 'string') throw new BadRequest("'prompt' must be one text.", 'prompt');
  return { ...parseCommon(fields, 'max_tokens'), prompt, format: 'text' };
}

function parseCommon(fields: Fields, maxTokensName: string): Omit<Generation, 'messages' | 'prompt' | 'format'> {
  for (const name of refused) {
    const value = fields[name];
    if (value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0))
      throw new BadRequest(`This model does not support '${name}'.`, name, 'unsupported_parameter');
  }
  if ((fields['n'] ?? 1) !== 1) throw new BadRequest("'n' must be 1.", 'n', 'unsupported_value');
  const options = fields['stream_options'];
  return {
    model: typeof fields['model'] === 'string' ? fields['model'] : '',
    isStream: fields['stream'] === true,
    isUsageIncluded: isFields(options) && options['include_usage'] === true,
    maxTokens: numberOf(fields, maxTokensName, { from: 1, to: 1_000_000, isWhole: true }) ?? numberOf(fields, 'max_tokens', { from: 1, to: 1_000_000, isWhole: true }),
    temperature: numberOf(fields, 'temperature', { from: 0, to: 2 }) ?? defaultTemperature,
    topP: numberOf(fields, 'top_p', { from: 0, to: 1 }),
    seed: numberOf(fields, 'seed', { from: -(2 ** 53), to: 2 ** 53, isWhole: true }),
    stop: parseStop(fields['stop'])
  };
}

function parseMessage(value: unknown, index: number): Message {
  const param = `messages[${index}]`;
  if (!isFields(value)) throw new BadRequest('Every message must be an object.', param);
  const role = value['role'] === 'developer' ? 'system' : value['role'];
  if (role !== 'system' && role !== 'user' && role !== 'assistant') throw new BadRequest(`'${String(value['role'])}' is not a role this model knows.`, `${param}.role`);
  return { role, text: parseContent(value['content'], `${param}.content`) };
}

/** Text, or a list of text parts; pictures and other media are refused rather than fetched. */
function parseContent(content: unknown, param: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw new BadRequest('The content of a message must be text.', param);
  return content
    .map((part: unknown, index) => {
      if (isFields(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
      throw new BadRequest('This model reads text only.', `${param}[${index}]`, 'unsupported_content');
    })
    .join('');
}

function parseFormat(value: unknown): Generation['format'] {
  if (value === undefined || value === null) return 'text';
  if (!isFields(value)) throw new BadRequest("'response_format' must be an object.", 'response_format');
  if (value['type'] === 'text') return 'text';
  if (value['type'] === 'json_object') return 'json';
  const wrapped = value['json_schema'];
  if (value['type'] !== 'json_schema' || !isFields(wrapped) || !isFields(wrapped['schema']))
    throw new BadRequest("'response_format.json_schema.schema' must be a JSON schema.", 'response_format');
  return wrapped['schema'];
}

function parseStop(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 4) throw new BadRequest("'stop' takes up to 4 texts.", 'stop');
  return list.map(item => {
    if (typeof item !== 'string' || item === '') throw new BadRequest("'stop' must be text.", 'stop');
    return item;
  });
}

function numberOf(fields: Fields, name: string, range: { readonly from: number; readonly to: number; readonly isWhole?: boolean }): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || value < range.from || value > range.to || (range.isWhole === true && !Number.isInteger(value)))
    throw new BadRequest(`'${name}' must be ${range.isWhole === true ? 'a whole number' : 'a number'} from ${range.from} to ${range.to}.`, name);
  return value;
}

function fieldsOf(body: unknown): Fields {
  if (!isFields(body)) throw new BadRequest('The body must be a JSON object.');
  return body;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
