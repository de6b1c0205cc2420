/** The part of `turndown` we use; the package comes without types. */
declare module 'turndown' {
  interface TurndownOptions {
    readonly headingStyle?: 'atx' | 'setext';
    readonly codeBlockStyle?: 'fenced' | 'indented';
    readonly bulletListMarker?: '-' | '*' | '+';
  }
  interface TurndownRule {
    readonly filter: readonly string[] | string;
    readonly replacement: (content: string, node: { readonly nodeName: string; readonly parentNode: object | null }) => string;
  }
  export default class TurndownService {
    constructor(options?: TurndownOptions);
    escape(text: string): string;
    addRule(name: string, rule: TurndownRule): this;
    remove(filter: readonly string[]): this;
    turndown(input: string | object): string;
  }
}
