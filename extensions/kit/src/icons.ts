import { LabIcon } from '@jupyterlab/ui-components';

/** Draws in Lab's 16 px grid and in the colour of its other icons. */
function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `stratalab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="${path}"/></svg>`
  });
}

/** Three strata. */
export const strataIcon = icon('strata', 'M8 1.5 14.5 5 8 8.5 1.5 5zM3 7.3 8 10l5-2.7 1.5.8L8 11.6 1.5 8.1zM3 10.4l5 2.7 5-2.7 1.5.8L8 14.7l-6.5-3.5z');
export const dataIcon = icon('data', 'M2 3h12v10H2zm1.5 1.5v2h3v-2zm4.5 0v2h4.5v-2zm-4.5 3.4v1.6h3V7.9zm4.5 0v1.6h4.5V7.9zm-4.5 3v.9h3v-.9zm4.5 0v.9h4.5v-.9z');
export const jobIcon = icon('job', 'M2 3h12v2.5H2zm0 3.8h8v2.5H2zm0 3.7h5V13H2zm9.5-3.2L15 9.9l-3.5 2.6z');
export const modelIcon = icon('model', 'M8 1.5 14 5v6l-6 3.5L2 11V5zm0 1.8L4.3 5.4 8 7.5l3.7-2.1zM3.5 6.7v3.5l3.7 2.1V8.8zm9 0L8.8 8.8v3.5l3.7-2.1z');
export const endpointIcon = icon('endpoint', 'M2 2.5h12v4.7H2zm1.8 1.6v1.5h1.5V4.1zM2 8.8h12v4.7H2zm1.8 1.6v1.5h1.5v-1.5z');
export const agentIcon = icon('agent', 'M2 2.5h12v8.6H8.2L5 14v-2.9H2zm2.3 2.3v1.4h7.4V4.8zm0 2.8V9h5V7.6z');
export const adminIcon = icon(
  'admin',
  'M8 1.5 13.5 4v4c0 3.2-2.3 5.6-5.5 6.5C4.8 13.6 2.5 11.2 2.5 8V4zm0 1.7L4 5v3c0 2.4 1.6 4.1 4 4.9 2.4-.8 4-2.5 4-4.9V5zm2.3 2.6 1 1-3.8 3.9-2-2 1-1 1 1z'
);
