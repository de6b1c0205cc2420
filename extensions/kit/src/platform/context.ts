import { nullTranslator, type ITranslator, type TranslationBundle } from '@jupyterlab/translation';
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
}

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
