import type { ObjectPageComponent } from '@stratalab/lab-kit';
import * as React from 'react';
import { UploadsProvider } from '../data-context';
import type { Uploads } from './uploads';

/** The page with the uploads of the tab within reach. */
export function withUploads(Page: ObjectPageComponent, uploads: Uploads): ObjectPageComponent {
  return function PageWithUploads(props) {
    return (
      <UploadsProvider value={uploads}>
        <Page {...props} />
      </UploadsProvider>
    );
  };
}
