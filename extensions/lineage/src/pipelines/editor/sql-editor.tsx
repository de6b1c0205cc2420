import { CodeEditor, type IEditorServices } from '@jupyterlab/codeeditor';
import * as React from 'react';

export interface SqlEditorProps {
  readonly services: IEditorServices;
  readonly value: string;
  readonly mimeType: string;
  readonly label: string;
  readonly onChange: (value: string) => void;
  /** Moves the cursor there when it changes. */
  readonly place?: { readonly line: number; readonly column: number } | undefined;
}

/** Lab's own editor, with the user's theme, key map and settings. */
export function SqlEditor({ services, value, mimeType, label, onChange, place }: SqlEditorProps): React.JSX.Element {
  const host = React.useRef<HTMLDivElement>(null);
  const editor = React.useRef<CodeEditor.IEditor>();
  const latest = React.useRef(onChange);
  latest.current = onChange;
  React.useEffect(() => {
    if (host.current === null) return undefined;
    const model = new CodeEditor.Model({ mimeType });
    model.sharedModel.setSource(value);
    const created = services.factoryService.newDocumentEditor({ host: host.current, model, config: { lineNumbers: true, lineWrap: true } });
    host.current.querySelector('[contenteditable]')?.setAttribute('aria-label', label);
    const listen = (): void => latest.current(model.sharedModel.getSource());
    model.sharedModel.changed.connect(listen);
    editor.current = created;
    return () => {
      model.sharedModel.changed.disconnect(listen);
      created.dispose();
      model.dispose();
      editor.current = undefined;
    };
    // The text is the editor's own while it is mounted; another step gets another editor by its key.
  }, [services, mimeType, label]);
  React.useEffect(() => {
    const shared = editor.current?.model.sharedModel;
    if (shared !== undefined && !isSameText(shared.getSource(), value)) shared.setSource(value);
  }, [value]);
  React.useEffect(() => {
    if (place === undefined || editor.current === undefined) return;
    editor.current.setCursorPosition({ line: place.line - 1, column: place.column - 1 });
    editor.current.focus();
  }, [place]);
  return <div className="jp-Strata-editor" ref={host} />;
}

/** Equal but for a last line end, which the document adds: writing it back would move the cursor of whoever types. */
export function isSameText(one: string, other: string): boolean {
  return one.replace(/\n$/, '') === other.replace(/\n$/, '');
}
