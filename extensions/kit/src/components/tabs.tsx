import * as React from 'react';
import { formatAmount } from '../format';

export interface TabItem {
  readonly id: string;
  readonly label: string;
  readonly count?: number | undefined;
  readonly render: () => React.ReactNode;
}

export interface TabsProps {
  readonly items: readonly TabItem[];
  readonly label: string;
  /** Tab that is open at first; the first one unless given. */
  readonly initial?: string | undefined;
  /** Called when a person opens a tab. */
  readonly onOpen?: (id: string) => void;
}

/** Tabs of an object page; only the open one is mounted. Arrows, Home and End move between them. */
export function Tabs({ items, label, initial, onOpen }: TabsProps): React.JSX.Element {
  const [openId, setOpenId] = React.useState(initial ?? items[0]?.id);
  const show = (id: string): void => {
    setOpenId(id);
    onOpen?.(id);
  };
  const prefix = React.useId();
  const list = React.useRef<HTMLDivElement>(null);
  const open = items.find(item => item.id === openId) ?? items[0];
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const next = tabAfter(items, open?.id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    show(next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div className="jp-Strata-tabs">
      <div role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown} className="jp-Strata-tabList">
        {items.map(item => (
          <button
            key={item.id}
            role="tab"
            id={`${prefix}-${item.id}`}
            data-tab={item.id}
            aria-selected={item === open}
            aria-controls={`${prefix}-panel`}
            tabIndex={item === open ? 0 : -1}
            onClick={() => show(item.id)}
          >
            {item.label}
            {item.count !== undefined && <span className="jp-Strata-count">{formatAmount(item.count)}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${prefix}-panel`} aria-labelledby={`${prefix}-${open?.id ?? ''}`} className="jp-Strata-tabPanel">
        {open?.render()}
      </div>
    </div>
  );
}

/** The tab that a key leads to; undefined for other keys. */
export function tabAfter(items: readonly { readonly id: string }[], current: string | undefined, key: string): string | undefined {
  const index = items.findIndex(item => item.id === current);
  const steps: Readonly<Record<string, number>> = { ArrowRight: index + 1, ArrowLeft: index - 1 + items.length, Home: 0, End: items.length - 1 };
  const target = steps[key];
  return target === undefined ? undefined : items[target % items.length]?.id;
}
