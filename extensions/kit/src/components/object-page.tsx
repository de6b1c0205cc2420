import { copyIcon, type LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { QueryState } from '../hooks/use-query';
import { useTexts } from '../platform/context';
import { QueryNotice } from './query-notice';
import { StatusChip, type StatusChipProps } from './status-chip';
import { Tabs, type TabItem } from './tabs';
import { TimeAgo } from './time-ago';

export interface ObjectAction {
  readonly label: string;
  readonly onClick: () => void;
  readonly isDisabled?: boolean;
}

export interface ObjectHeaderProps {
  readonly icon?: LabIcon;
  readonly name: string;
  /** Versions or aliases: "v3", "@champion". */
  readonly chips?: readonly string[];
  readonly status?: StatusChipProps | undefined;
  readonly owner?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly primary?: ObjectAction | undefined;
  readonly more?: readonly ObjectAction[];
}

/** Head of an object page: what it is, how it is, whose it is, and the one thing to do next. */
export function ObjectHeader(props: ObjectHeaderProps): React.JSX.Element {
  const texts = useTexts();
  return (
    <header className="jp-Strata-objectHeader">
      <div className="jp-Strata-row jp-Strata-objectTitle">
        {props.icon !== undefined && <props.icon.react tag="span" width="20px" height="20px" />}
        <h2>{props.name}</h2>
        <button className="jp-Strata-quiet" title={texts.__('Copy the name')} aria-label={texts.__('Copy the name')} onClick={() => void navigator.clipboard.writeText(props.name)}>
          <copyIcon.react tag="span" width="14px" />
        </button>
        {props.chips?.map(chip => (
          <span key={chip} className="jp-Strata-chip">
            {chip}
          </span>
        ))}
        <span className="jp-Strata-spring" />
        {props.primary !== undefined && (
          <button className="jp-mod-styled jp-mod-accept" disabled={props.primary.isDisabled} onClick={props.primary.onClick}>
            {props.primary.label}
          </button>
        )}
        {props.more !== undefined && props.more.length > 0 && <MoreActions actions={props.more} />}
      </div>
      <div className="jp-Strata-row jp-Strata-objectFacts">
        {props.status !== undefined && <StatusChip {...props.status} />}
        {props.owner !== undefined && <span>{props.owner}</span>}
        {props.createdAt !== undefined && <TimeAgo time={props.createdAt} />}
      </div>
    </header>
  );
}

function MoreActions({ actions }: { readonly actions: readonly ObjectAction[] }): React.JSX.Element {
  const texts = useTexts();
  const details = React.useRef<HTMLDetailsElement>(null);
  const close = (): void => details.current?.removeAttribute('open');
  return (
    <details className="jp-Strata-menu" ref={details} onKeyDown={event => event.key === 'Escape' && close()}>
      <summary aria-label={texts.__('More actions')}>⋯</summary>
      <div className="jp-Strata-menuItems">
        {actions.map(action => (
          <button
            key={action.label}
            disabled={action.isDisabled}
            onClick={() => {
              close();
              action.onClick();
            }}
          >
            {action.label}
          </button>
        ))}
      </div>
    </details>
  );
}

export interface ObjectPageProps extends ObjectHeaderProps {
  /** Where the object comes from: a refresh that failed is said on the page. */
  readonly query?: QueryState<unknown>;
  /** Strip of what it is made from and who uses it. */
  readonly lineage?: React.ReactNode;
  readonly tabs: readonly TabItem[];
}

/** The anatomy of every object page: header, lineage, tabs with counts. */
export function ObjectPage({ query, lineage, tabs, ...header }: ObjectPageProps): React.JSX.Element {
  return (
    <div className="jp-Strata-page">
      <ObjectHeader {...header} />
      {query !== undefined && <QueryNotice query={query} />}
      {lineage}
      <Tabs items={tabs} label={header.name} />
    </div>
  );
}
