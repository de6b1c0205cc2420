import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import * as React from 'react';

export interface DestructiveAction {
  /** A question: "Delete dataset flights?" */
  readonly title: string;
  /** The verb on the button. */
  readonly verb: string;
  /** Everything that goes or breaks with it, one sentence each; empty: nothing else is affected. */
  readonly blastRadius: readonly string[];
  /** The name that must be typed before the button works, for what cannot be undone. */
  readonly nameToType?: string;
  readonly translator: ITranslator;
}

/** Asks before something is destroyed, showing first what goes with it. @returns true when the person agreed */
export async function confirmDestructive(action: DestructiveAction): Promise<boolean> {
  const texts = action.translator.load('stratalab');
  const body = new ConfirmBody(action);
  const { button } = await showDialog({
    title: action.title,
    body,
    buttons: [Dialog.cancelButton({ label: texts.__('Cancel') }), Dialog.warnButton({ label: action.verb })],
    defaultButton: 0
  });
  return button.accept && (action.nameToType === undefined || body.getValue() === action.nameToType);
}

class ConfirmBody extends ReactWidget implements Dialog.IBodyWidget<string> {
  constructor(action: DestructiveAction) {
    super();
    this._action = action;
    this.addClass('jp-Strata-confirm');
  }

  getValue(): string {
    return this._typed;
  }

  protected override render(): React.ReactElement {
    return (
      <BlastRadius
        action={this._action}
        onType={typed => {
          this._typed = typed;
        }}
      />
    );
  }

  private readonly _action: DestructiveAction;
  private _typed = '';
}

/** What goes with the object, and the name to type when it cannot be undone. */
export function BlastRadius({ action, onType }: { readonly action: DestructiveAction; readonly onType: (typed: string) => void }): React.JSX.Element {
  const texts = action.translator.load('stratalab');
  const { blastRadius, nameToType } = action;
  return (
    <div>
      {blastRadius.length === 0 ? (
        <p>{texts.__('Nothing else is affected.')}</p>
      ) : (
        <>
          <p>{texts.__('This is what happens:')}</p>
          <ul>
            {blastRadius.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
      {nameToType !== undefined && (
        <label>
          {texts.__('This cannot be undone. Type %1 to confirm.', nameToType)}
          <input className="jp-mod-styled" autoComplete="off" onChange={event => onType(event.target.value)} />
        </label>
      )}
    </div>
  );
}
