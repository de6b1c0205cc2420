import type { IStratalab, SuiteContext } from '@stratalab/lab-kit';
import { Signal } from '@lumino/signaling';

/**
 * The suite as seen from one tenant that need not be the one this browser tab works in: `tenant()` answers it whatever was chosen,
 * and only its events arrive. Whoever looks after a tenant need not be a member of any.
 */
export function scopeSuite(suite: SuiteContext, tenant: string): SuiteContext {
  const { stratalab, events } = suite;
  const scoped: IStratalab = {
    url: stratalab.url,
    clientFor: table => stratalab.clientFor(table),
    authorization: () => stratalab.authorization(),
    whoAmI: () => stratalab.whoAmI(),
    refresh: () => stratalab.refresh(),
    tenant: async () => tenant,
    chooseTenant: name => stratalab.chooseTenant(name),
    get tenantChanged() {
      return tenantChanged;
    }
  };
  const tenantChanged = new Signal<IStratalab, string>(scoped);
  return {
    ...suite,
    stratalab: scoped,
    events: {
      listen: (prefixes, callback) => events.listen(prefixes, event => event.tenant === tenant && callback(event)),
      get state() {
        return events.state;
      },
      get stateChanged() {
        return events.stateChanged;
      },
      get missed() {
        return events.missed;
      }
    }
  };
}
