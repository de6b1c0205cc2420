/** A text argument of a command; undefined when it is missing or empty. */
export function textOf(args: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A schema of command arguments: all are texts. */
export function describe(properties: Readonly<Record<string, string>>, required: readonly string[] = []) {
  return {
    args: {
      type: 'object' as const,
      properties: Object.fromEntries(Object.entries(properties).map(([name, description]) => [name, { type: 'string' as const, description }])),
      required: [...required]
    }
  };
}
