import { LabIcon } from '@jupyterlab/ui-components';

/** Three strata in the 16 px grid of Lab's own icons. */
export const strataIcon = new LabIcon({
  name: 'stratalab:strata',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><g class="jp-icon3" fill="#616161"><path d="M8 1.5 14.5 5 8 8.5 1.5 5z"/><path d="M3 7.3 8 10l5-2.7 1.5.8L8 11.6 1.5 8.1z"/><path d="m3 10.4 5 2.7 5-2.7 1.5.8L8 14.7l-6.5-3.5z"/></g></svg>'
});
