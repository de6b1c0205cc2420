import { homePlugins } from '@stratalab/lab-home';

/** Every plugin of the suite; an administrator may disable any of them by id. */
export default [...homePlugins];
