import ts from 'typescript';

/** A text that the source asks for, by the key of its translation. */
export interface Message {
  readonly key: string;
  /** The English plural, where the text depends on a number. */
  readonly plural?: string;
  readonly place: string;
}

export interface Messages {
  readonly messages: readonly Message[];
  /** Calls whose text is not written there, so that nobody can translate it: `file:line call`. */
  readonly unreadable: readonly string[];
}

const contextDelimiter = '\u0004';

/** Every text in the sources of the panels below a folder; tests and what was built are left out. */
export function readMessages(folder: string): Messages {
  const files = ts.sys.readDirectory(folder, ['.ts', '.tsx'], ['**/node_modules', '**/lib', '**/*.test.*', '**/*.test-support.*'], ['*/src/**/*']);
  const found = files.map(file => messagesOf(file, ts.sys.readFile(file) ?? ''));
  return { messages: found.flatMap(({ messages }) => messages), unreadable: found.flatMap(({ unreadable }) => unreadable) };
}

/** The texts of one source file. */
export function messagesOf(file: string, source: string): Messages {
  const messages: Message[] = [];
  const unreadable: string[] = [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const place = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const message = messageOf(node.expression.name.text, node.arguments);
      if (message === null) unreadable.push(`${place} ${node.getText()}`);
      else if (message !== undefined) messages.push({ ...message, place });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { messages, unreadable };
}

/** Undefined: not a call for a text. Null: its text is not a literal. */
function messageOf(method: string, given: readonly ts.Expression[]): Omit<Message, 'place'> | null | undefined {
  const [first, second, third] = given.map(argument => (ts.isStringLiteralLike(argument) ? argument.text : null));
  switch (method) {
    case '__':
    case 'gettext':
      return isText(first) ? { key: first } : null;
    case '_n':
    case 'ngettext':
      return isText(first) && isText(second) ? { key: first, plural: second } : null;
    case '_p':
    case 'pgettext':
      return isText(first) && isText(second) ? { key: first + contextDelimiter + second } : null;
    case '_np':
    case 'npgettext':
      return isText(first) && isText(second) && isText(third) ? { key: first + contextDelimiter + second, plural: third } : null;
    default:
      return undefined;
  }
}

function isText(argument: string | null | undefined): argument is string {
  return typeof argument === 'string';
}

/** The places for arguments in a text, each once, in order: `%1,%2`. */
export function placeholdersOf(text: string): string {
  return [...new Set(text.match(/%\d+/g))].sort().join(',');
}
