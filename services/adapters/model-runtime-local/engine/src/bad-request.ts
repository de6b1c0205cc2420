/** A request the engine refuses, in the words of the OpenAI protocol. */
export class BadRequest extends Error {
  readonly param: string | null;
  readonly code: string | null;

  constructor(message: string, param: string | null = null, code: string | null = null) {
    super(message);
    this.name = 'BadRequest';
    this.param = param;
    this.code = code;
  }
}
