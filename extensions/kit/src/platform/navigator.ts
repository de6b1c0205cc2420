import type { ObjectKind, Urn } from '@stratalab/contracts';
import type { LabIcon } from '@jupyterlab/ui-components';
import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type * as React from 'react';

/** A page of one object; `text` is the URN as it was asked for. */
export type ObjectPageComponent = React.ComponentType<{ readonly urn: Urn; readonly text: string }>;

export interface PageFactory {
  readonly icon?: LabIcon;
  /** Title of the tab; the object's name unless given. */
  readonly title?: (urn: Urn) => string;
  /** Imports the component when the first page of this kind is shown. */
  readonly load: () => Promise<ObjectPageComponent>;
}

/** Opens the page of any object by its URN: one tab per object, restored after a reload, reachable by `?stratalab=<urn>`. */
export interface IStratalabNavigator {
  /** @throws Error when the kind has a page already */
  registerPage(kind: ObjectKind, factory: PageFactory): IDisposable;
  /** Shows the page, in the tab it already has if there is one. @returns false when no feature shows this kind, or the text is no URN */
  open(urn: string): boolean;
}

export const IStratalabNavigator = new Token<IStratalabNavigator>('@stratalab/lab-kit:IStratalabNavigator', 'Opens the page of a Stratalab object by its URN.');
