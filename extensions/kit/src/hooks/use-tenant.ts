import * as React from 'react';
import { useSuite } from '../platform/context';

/** Name of the chosen tenant; undefined until it is known. Follows the tenant switch. */
export function useTenant(): string | undefined {
  const { stratalab } = useSuite();
  const [tenant, setTenant] = React.useState<string>();
  React.useEffect(() => {
    let isMounted = true;
    const read = (): void => {
      stratalab.tenant().then(
        name => isMounted && setTenant(name),
        () => isMounted && setTenant(undefined)
      );
    };
    read();
    stratalab.tenantChanged.connect(read);
    return () => {
      isMounted = false;
      stratalab.tenantChanged.disconnect(read);
    };
  }, [stratalab]);
  return tenant;
}
