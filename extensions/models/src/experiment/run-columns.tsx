import type { TranslationBundle } from '@jupyterlab/translation';
import type { Run } from '@stratalab/contracts/models';
import { StatusChip, TimeAgo, type Column, type Sort } from '@stratalab/lab-kit';
import * as React from 'react';
import { metricWord, originWord, stateTone, stateWord } from '../words';

const shownAtFirst = 5;
const mostColumns = 60;

/** Names of all metrics or params of the rows, in order. */
export function namesOf(runs: readonly Run[], kind: 'metrics' | 'params'): readonly string[] {
  return [...new Set(runs.flatMap(run => run[kind].map(({ key }) => key)))].sort().slice(0, mostColumns);
}

/** Columns of a table of runs: what every run has, then one per metric and param; the first few are shown. */
export function runColumns(runs: readonly Run[], texts: TranslationBundle): readonly Column<Run>[] {
  const metrics = namesOf(runs, 'metrics').map((key, index): Column<Run> => ({
    id: `metrics.${key}`,
    label: key,
    width: 90,
    isNumber: true,
    isSortable: true,
    isHidden: index >= shownAtFirst,
    text: run => {
      const found = run.metrics.find(metric => metric.key === key);
      return found === undefined ? '' : metricWord(found.value);
    }
  }));
  const params = namesOf(runs, 'params').map((key, index): Column<Run> => ({
    id: `params.${key}`,
    label: key,
    width: 90,
    isSortable: true,
    isHidden: index >= shownAtFirst,
    text: run => run.params.find(param => param.key === key)?.value ?? ''
  }));
  return [
    { id: 'attributes.run_name', label: texts.__('Run'), width: 150, isSortable: true, text: run => run.name },
    {
      id: 'state',
      label: texts.__('State'),
      width: 116,
      text: run => stateWord(run.state, texts),
      render: run => <StatusChip tone={stateTone(run.state)} label={stateWord(run.state, texts)} />
    },
    {
      id: 'attributes.start_time',
      label: texts.__('Started'),
      width: 110,
      isSortable: true,
      text: run => run.startedAt ?? '',
      render: run => (run.startedAt === null ? '' : <TimeAgo time={run.startedAt} />)
    },
    ...metrics,
    ...params,
    { id: 'origin', label: texts.__('Made by'), width: 120, text: run => originWord(run.origin, texts) },
    { id: 'attributes.user_id', label: texts.__('Person'), width: 90, isSortable: true, isHidden: true, text: run => run.createdBy }
  ];
}

/** The order as the service reads it: names that are not plain words are quoted. */
export function orderOf(sort: Sort | undefined): string | undefined {
  if (sort === undefined) return undefined;
  const dot = sort.column.indexOf('.');
  const [entity, key] = [sort.column.slice(0, dot), sort.column.slice(dot + 1)];
  return `${entity}.\`${key.replaceAll('`', '')}\` ${sort.direction === 'descending' ? 'desc' : 'asc'}`;
}
