/** Reads `name=url, name=url`; a URL is kept without a slash at its end. */
export function parseServiceUrls(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(',')
      .filter(part => part.includes('='))
      .map(part => {
        const at = part.indexOf('=');
        return [
          part.slice(0, at).trim(),
          part
            .slice(at + 1)
            .trim()
            .replace(/\/$/, '')
        ] as const;
      })
  );
}
