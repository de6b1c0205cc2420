/** A document that cannot be read, with a reason for its owner. */
export class Refused extends Error {
  readonly code: 'invalid-input' | 'payload-too-large';

  constructor(detail: string, code: 'invalid-input' | 'payload-too-large' = 'invalid-input') {
    super(detail);
    this.name = 'Refused';
    this.code = code;
  }
}
