import { LabIcon } from '@jupyterlab/ui-components';

function icon(name: string, path: string): LabIcon {
  return new LabIcon({
    name: `stratalab:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 16 16"><path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="${path}"/></svg>`
  });
}

/** Two sources that become one thing. */
export const lineageIcon = icon('lineage', 'M1.5 2h4.6v3.5H4.6v1.3h6.8V5.5H9.9V2h4.6v3.5h-1.6v2.8H8.8v2.2h1.5V14H5.7v-3.5h1.5V8.3H3.1V5.5H1.5z');
/** Steps one after the other. */
export const pipelineIcon = icon('pipeline', 'M1.5 2h5v3.5h-5zM9.5 6.25h5v3.5h-5zM1.5 10.5h5V14h-5zM7.5 3.2h3.1v2.1H9.4v-.9H7.5zM7.5 11.7h1.9v-1h1.2v2.2H7.5z');
