import type { LabIcon } from '@jupyterlab/ui-components';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type * as React from 'react';

export interface SidebarSection {
  /** Unique; also the id of the widget. */
  readonly id: string;
  readonly title: string;
  /** Lower comes first: overview 0, jobs 100, models 200, endpoints 300, agents 400, administration 900. */
  readonly rank: number;
  readonly icon?: LabIcon;
  /** Imports the component when the section is opened for the first time. */
  readonly load: () => Promise<React.ComponentType>;
}

/** The sidebar "Stratalab": features contribute accordion sections. */
export interface ISidebarSections {
  add(section: SidebarSection): IDisposable;
  /** Shows the sidebar with this section open. */
  reveal(id: string): void;
}

export const ISidebarSections = new Token<ISidebarSections>('@stratalab/lab-kit:ISidebarSections', 'Accordion sections of the Stratalab sidebar.');
