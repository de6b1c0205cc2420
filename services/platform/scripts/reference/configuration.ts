import { agents } from '@stratalab/agents';
import { catalog } from '@stratalab/catalog';
import { compute } from '@stratalab/compute';
import { control } from '@stratalab/control';
import { models } from '@stratalab/models';
import { pipelines } from '@stratalab/pipelines';
import { serving } from '@stratalab/serving';
import type { TObject } from 'typebox';
import { clusterConfig } from '../../src/cluster-config.ts';
import { rayConfig } from '../../src/ray-config.ts';
import { platformConfig } from '../../src/config.ts';
import { s3Config } from '../../src/s3-config.ts';
import { hubSettings, startSettings } from '../../src/settings-reference.ts';
import { code, page, table } from './markdown.ts';

const services = [control, catalog, compute, pipelines, models, serving, agents];

interface Variable {
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly description?: string;
  readonly unit?: string;
}

/** Every environment variable with default, limits, unit and reason, from the configuration objects themselves. */
export function configurationPage(): string {
  const sections = [
    section('Start', 'What a person may set for `npm start`.', startSettings),
    section('Hub', 'Read by the Hub; set them for `npm start`, which hands them on.', hubSettings),
    section('Platform process', 'Set by the supervisor and the Hub; by hand only when services run apart.', platformConfig),
    section('Cluster', 'For an installation whose jobs run on Kubernetes; set them for `npm start`, which hands them on.', clusterConfig),
    section('Ray', 'For jobs on Ray; set them for `npm start`, which hands them on.', rayConfig),
    section('Objects in S3', 'For a bucket beside the data volume; set them for `npm start`, which hands them on.', s3Config),
    ...services.filter(({ config }) => Object.keys(config.properties).length > 0).map(({ name, config }) => section(`Service ${name}`, '', config))
  ];
  return page('Configuration', 'Everything is an environment variable. An empty variable counts as none.', sections);
}

function section(title: string, text: string, config: TObject): string {
  const rows = Object.entries(config.properties).map(([name, schema]) => {
    const variable: Variable = schema;
    return [code(name), defaultOf(variable), limitsOf(variable), variable.description ?? ''];
  });
  return `## ${title}\n\n${text === '' ? '' : `${text}\n\n`}${table(['Variable', 'Default', 'Limits', 'What for'], rows)}`;
}

function defaultOf(variable: Variable): string {
  if (variable.default === undefined) return 'required';
  return variable.default === '' ? 'none' : code(`${String(variable.default)}${variable.unit === undefined ? '' : ` ${variable.unit}`}`);
}

function limitsOf({ minimum, maximum, unit }: Variable): string {
  if (minimum === undefined && maximum === undefined) return '';
  return `${minimum ?? ''} … ${maximum ?? ''}${unit === undefined ? '' : ` ${unit}`}`;
}
