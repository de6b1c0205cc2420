import type { DatasetVersion } from '@stratalab/contracts/catalog';
import { EmptyState, SnippetMenu, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { snippetsOf } from '../code/snippets';
import { sourceOf } from './snippet-source';

/** Ready-made cells that read this version, whole in themselves: each mounts it first. */
export function UseTab({ version }: { readonly version: DatasetVersion }): React.JSX.Element {
  const texts = useTexts();
  const source = sourceOf(version);
  if (source === undefined) return <EmptyState text={texts.__('This version cannot be read.')} />;
  return (
    <div className="jp-Strata-stack">
      <p className="jp-Strata-caption">{texts.__('Copy a cell, insert it below the active one, or drag it into a notebook. No data is copied.')}</p>
      {snippetsOf(source).map(({ title, code }) => (
        <section key={title} aria-label={title}>
          <h3>{title}</h3>
          <SnippetMenu snippets={[{ language: 'Python', code }]} />
        </section>
      ))}
    </div>
  );
}
