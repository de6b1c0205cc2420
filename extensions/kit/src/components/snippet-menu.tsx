import * as React from 'react';
import { startCellDrag } from './cell-drag';
import { shellCommands } from '../platform/command-ids';
import { useSuite, useTexts } from '../platform/context';

export interface Snippet {
  readonly language: 'Python' | 'curl' | 'TypeScript';
  readonly code: string;
}

/** Ready-made code for an object: copy it, insert it below the active cell, or drag it into a notebook. Python only goes into notebooks. */
export function SnippetMenu({ snippets }: { readonly snippets: readonly Snippet[] }): React.JSX.Element | null {
  const { commands } = useSuite();
  const texts = useTexts();
  const [language, setLanguage] = React.useState(snippets[0]?.language);
  const [isCopied, setCopied] = React.useState(false);
  const snippet = snippets.find(candidate => candidate.language === language) ?? snippets[0];
  if (snippet === undefined) return null;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(snippet.code);
    setCopied(true);
  };
  const isCell = snippet.language === 'Python';
  return (
    <div className="jp-Strata-snippet">
      <div className="jp-Strata-row">
        <span role="radiogroup" aria-label={texts.__('Language')} className="jp-Strata-choice">
          {snippets.map(candidate => (
            <button
              key={candidate.language}
              role="radio"
              aria-checked={candidate === snippet}
              onClick={() => {
                setLanguage(candidate.language);
                setCopied(false);
              }}
            >
              {candidate.language}
            </button>
          ))}
        </span>
        <span className="jp-Strata-spring" />
        <button className="jp-mod-styled jp-mod-minimal" onClick={() => void copy()}>
          {isCopied ? texts.__('Copied') : texts.__('Copy')}
        </button>
        {isCell && (
          <button className="jp-mod-styled jp-mod-minimal" onClick={() => void commands.execute(shellCommands.insertCell, { code: snippet.code })}>
            {texts.__('Insert into notebook')}
          </button>
        )}
      </div>
      <pre tabIndex={0} onPointerDown={isCell ? event => startCellDrag(event, { code: snippet.code, label: texts.__('Python cell') }) : undefined}>
        <code>{snippet.code}</code>
      </pre>
    </div>
  );
}
