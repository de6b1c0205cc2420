import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { adminIcon, ISidebarSections, ISuite } from '@stratalab/lab-kit';
import { addAdminCommands } from './commands/admin-commands';
import { adminCommands } from './commands/command-ids';
import { AdministrationWidget } from './page/page-widget';
import { placeOf } from './page/place';
import { isAdministrating } from './page/is-administrating';

const category = 'Stratalab';

const administration: JupyterFrontEndPlugin<void> = {
  id: '@stratalab/lab:administration',
  description: 'Tenants, pool, profiles, members, quotas, usage, access keys and audit, for those who look after them.',
  autoStart: true,
  requires: [ISuite, ISidebarSections],
  optional: [ILauncher, ICommandPalette, ILayoutRestorer],
  // eslint-disable-next-line max-params -- Lab passes one argument per token
  activate: (app: JupyterFrontEnd, suite: ISuite, sections: ISidebarSections, launcher: ILauncher | null, palette: ICommandPalette | null, restorer: ILayoutRestorer | null) => {
    addOpenCommand(app, suite, restorer);
    addAdminCommands(suite, app.commands);
    // Decided when Lab has its layout, from the answer that the status bar asks for anyway; others never see any of it.
    void suite.restored
      ?.then(() => suite.stratalab.whoAmI())
      .then(
        who => {
          if (!isAdministrating(who)) return;
          sections.add({
            id: 'stratalab-administration-section',
            title: suite.translator.load('stratalab').__('Administration'),
            rank: 900,
            icon: adminIcon,
            load: () => import('./section/administration-section').then(({ AdministrationSection }) => AdministrationSection)
          });
          launcher?.add({ command: adminCommands.open, category, rank: 95 });
          palette?.addItem({ command: adminCommands.open, category });
        },
        () => undefined
      );
  }
};

function addOpenCommand(app: JupyterFrontEnd, suite: ISuite, restorer: ILayoutRestorer | null): void {
  const tracker = new WidgetTracker<AdministrationWidget>({ namespace: 'stratalab-administration' });
  app.commands.addCommand(adminCommands.open, {
    label: () => suite.translator.load('stratalab').__('Administration'),
    caption: () => suite.translator.load('stratalab').__('Tenants, members, quotas, usage, access keys and audit'),
    icon: adminIcon,
    describedBy: {
      args: {
        type: 'object',
        properties: {
          tenant: { type: 'string', description: 'Tenant to look after; the first unless given' },
          tab: { type: 'string', enum: ['tenants', 'pool', 'profiles', 'members', 'quotas', 'usage', 'access-keys', 'audit'] }
        }
      }
    },
    execute: args => {
      const place = placeOf(args);
      // The launcher gives a folder and no place: it shows the page that is open, wherever the person was on it.
      const isElsewhere = place.tenant !== undefined || place.tab !== undefined;
      const open = tracker.currentWidget;
      if (open !== null && isElsewhere) open.dispose();
      const page = open === null || open.isDisposed ? new AdministrationWidget(suite, place, () => void tracker.save(page)) : open;
      if (!tracker.has(page)) void tracker.add(page);
      if (!page.isAttached) app.shell.add(page, 'main', { type: category });
      app.shell.activateById(page.id);
    }
  });
  void restorer?.restore(tracker, { command: adminCommands.open, args: page => ({ ...page.place }), name: () => 'administration' });
}

/** The plugins of this panel family. */
export const adminPlugins: readonly JupyterFrontEndPlugin<unknown>[] = [administration];
