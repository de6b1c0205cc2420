import { adminPlugins } from '@stratalab/lab-admin';
import { agentsPlugins } from '@stratalab/lab-agents';
import { dataPlugins } from '@stratalab/lab-data';
import { homePlugins } from '@stratalab/lab-home';
import { jobsPlugins } from '@stratalab/lab-jobs';
import { lineagePlugins } from '@stratalab/lab-lineage';
import { modelsPlugins } from '@stratalab/lab-models';
import { servingPlugins } from '@stratalab/lab-serving';

/** Every plugin of the suite; an administrator may disable any of them by id. */
export default [...homePlugins, ...dataPlugins, ...jobsPlugins, ...modelsPlugins, ...servingPlugins, ...agentsPlugins, ...adminPlugins, ...lineagePlugins];
