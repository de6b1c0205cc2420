import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { IStratalabEvents } from './events';
import type { IStratalab } from './platform';

/** What every component of the suite may use. */
export interface SuiteContext {
  readonly stratalab: IStratalab;
  readonly events: IStratalabEvents;
  readonly commands: CommandRegistry;
  readonly translator: ITranslator;
  /** Resolves when Lab has its layout; nothing is asked of the platform before. Missing: at once. */
  readonly restored?: Promise<unknown>;
}

/** Everything a feature plugin needs for its widgets, in one token. */
export type ISuite = SuiteContext;
export const ISuite = new Token<ISuite>('@stratalab/lab-kit:ISuite', 'Platform access, live events, commands and texts for the widgets of the suite.');

const Context = React.createContext<SuiteContext | null>(null);

export const SuiteProvider = Context.Provider;

export function useSuite(): SuiteContext {
  const suite = React.useContext(Context);
  if (suite === null) throw new Error('This component must be inside a SuiteProvider.');
  return suite;
}

/** Texts of the suite in the user's language. */
export function useTexts(): TranslationBundle {
  const suite = React.useContext(Context);
  return (suite?.translator ?? nullTranslator).load('stratalab');
}
