import { useTexts } from '@stratalab/lab-kit';
import * as React from 'react';

export interface OneTimeSecretProps {
  readonly title: string;
  /** What to do with it, and that it is not shown again. */
  readonly sentence: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** Something that is shown once: it can be copied, and goes when the person says so. */
export function OneTimeSecret({ title, sentence, secret, onDone }: OneTimeSecretProps): React.JSX.Element {
  const texts = useTexts();
  const [isCopied, setCopied] = React.useState(false);
  const field = React.useRef<HTMLInputElement>(null);
  React.useEffect(() => field.current?.focus(), []);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret).then(
      () => setCopied(true),
      // Without the permission, or without a secure origin, the text is selected for Ctrl+C.
      () => field.current?.select()
    );
  };
  return (
    <section className="jp-Strata-once" aria-label={title}>
      <strong>{title}</strong>
      <p>{sentence}</p>
      <div className="jp-Strata-row">
        <input ref={field} className="jp-mod-styled" readOnly value={secret} aria-label={title} onFocus={event => event.target.select()} />
        <button className="jp-mod-styled jp-mod-accept" onClick={() => void copy()}>
          {texts.__('Copy')}
        </button>
        <button className="jp-mod-styled" onClick={onDone}>
          {texts.__('Done')}
        </button>
        <span aria-live="polite" className="jp-Strata-caption">
          {isCopied ? texts.__('Copied') : ''}
        </span>
      </div>
    </section>
  );
}
