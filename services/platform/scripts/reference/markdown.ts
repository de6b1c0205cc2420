/** One Markdown table; cells lose what would break it. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string): string => (text === '' ? '' : `\`${text}\``);

/** A page that says where it comes from. */
export function page(title: string, introduction: string, sections: readonly string[]): string {
  return `# ${title}\n\n<!-- Written by \`npm run docs\` from the source; do not edit. -->\n\n${introduction}\n\n${sections.join('\n\n')}\n`;
}
