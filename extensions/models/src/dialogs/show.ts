import type { SuiteContext } from '@stratalab/lab-kit';
import * as React from 'react';
import { openDialog } from './open-dialog';
import { RegisterForm } from './register-form';
import { TrackForm } from './track-form';
import { UploadForm } from './upload-form';

/** Shows how runs get here. */
export async function showTrackDialog(suite: SuiteContext): Promise<void> {
  await openDialog(suite, suite.translator.load('stratalab').__('Track an experiment'), () => React.createElement(TrackForm));
}

/** Asks for a model file; answers the URN of the new version, or undefined when the person changed their mind. */
export async function showUploadDialog(suite: SuiteContext, model: string | undefined): Promise<string | undefined> {
  const made: { urn?: string } = {};
  await openDialog(suite, suite.translator.load('stratalab').__('Upload a model'), close =>
    React.createElement(UploadForm, {
      model,
      onUploaded: version => {
        made.urn = version.urn;
        close();
      }
    })
  );
  return made.urn;
}

/** Asks what of a run becomes which model; answers the URN of the new version, or undefined. */
export async function showRegisterDialog(suite: SuiteContext, run: string, model: string | undefined): Promise<string | undefined> {
  const made: { urn?: string } = {};
  await openDialog(suite, suite.translator.load('stratalab').__('Register as a model'), close =>
    React.createElement(RegisterForm, {
      run,
      model,
      onRegistered: version => {
        made.urn = version.urn;
        close();
      }
    })
  );
  return made.urn;
}
