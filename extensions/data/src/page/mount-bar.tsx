import type { Mount } from '@stratalab/contracts/catalog';
import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

/** Where the mounted version can be read, ready to copy. */
export function MountBar({ mount }: { readonly mount: Mount }): React.JSX.Element {
  const texts = useTexts();
  const [isCopied, setCopied] = React.useState(false);
  return (
    <p className="jp-Strata-mountBar">
      {texts.__('Mounted in your workspace, without a copy:')} <code>{mount.path}</code>
      <button
        className="jp-Strata-link"
        onClick={() => {
          void navigator.clipboard.writeText(mount.path).then(() => setCopied(true));
        }}
      >
        {isCopied ? texts.__('Copied') : texts.__('Copy path')}
      </button>
    </p>
  );
}
