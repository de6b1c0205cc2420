import { nullTranslator } from '@jupyterlab/translation';
import { PageConfig } from '@jupyterlab/coreutils';
import { CommandRegistry } from '@lumino/commands';
import { createEvents, createStratalab, createSuiteTranslator, SuiteProvider, type SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import { AdministrationPage } from '../page/administration-page';
import { placeOf, type Place } from '../page/place';

/**
 * The administration page outside JupyterLab, for administrators who cannot or do not want to start a workspace.
 * The page that loads this carries the signed-in person's token, as Lab's own page does.
 */
async function main(): Promise<void> {
  const root = document.getElementById('stratalab-administration');
  if (root === null) return;
  const stratalab = createStratalab({ token: PageConfig.getOption('token') }, window.localStorage);
  const translator = createSuiteTranslator(nullTranslator);
  await translator.ready;
  const suite: SuiteContext = { stratalab, translator, events: createEvents(stratalab), commands: new CommandRegistry() };
  createRoot(root).render(
    <SuiteProvider value={suite}>
      <AdministrationPage place={placeOf(Object.fromEntries(new URLSearchParams(window.location.search)))} onPlace={remember} />
    </SuiteProvider>
  );
}

/** The address says where one is, so that a reload and a link lead there again. */
function remember(place: Place): void {
  const query = new URLSearchParams({ ...place }).toString();
  window.history.replaceState(null, '', query === '' ? window.location.pathname : `?${query}`);
}

void main();
