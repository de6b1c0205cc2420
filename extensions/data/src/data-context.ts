import type { Client } from '@stratalab/client';
import type { catalogRoutes } from '@stratalab/contracts/catalog';
import { lazyClient, useSuite } from '@stratalab/lab-kit';
import * as React from 'react';
import type { Uploads } from './upload/uploads';

/** Typed functions of the catalog for a component. */
export function useCatalog(): Client<typeof catalogRoutes> {
  const { stratalab } = useSuite();
  return React.useMemo(() => lazyClient(stratalab, () => import('@stratalab/contracts/catalog').then(contract => contract.catalogRoutes)), [stratalab]);
}

const Context = React.createContext<Uploads | null>(null);
export const UploadsProvider = Context.Provider;

/** Uploads of this tab; the component is drawn again when one moves. */
export function useUploads(): Uploads {
  const uploads = React.useContext(Context);
  if (uploads === null) throw new Error('This component must be inside an UploadsProvider.');
  const [, setRound] = React.useState(0);
  React.useEffect(() => {
    const onChange = (): void => setRound(round => round + 1);
    uploads.changed.connect(onChange);
    return () => {
      uploads.changed.disconnect(onChange);
    };
  }, [uploads]);
  return uploads;
}
