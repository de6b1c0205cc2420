import { activity, events, platform, suite } from './plugins/access';
import { commands, navigator, notifications, sidebar, statusItem } from './plugins/shell';

/** Plugins of the shell; features build on the tokens they provide. */
export const homePlugins = [platform, events, suite, activity, navigator, sidebar, commands, statusItem, notifications];
