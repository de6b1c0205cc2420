import { computeRoutes, type Pool, type PoolNode, type PoolTenant, type Resources } from '@stratalab/contracts/compute';
import { EmptyState, formatAmount, QueryNotice, StatusChip, TimeAgo, usePages, useSuite, useTexts, VirtualTable, type Column, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { memoryWords, usedWords } from './amount-words';
import { PoolSums } from './pool-sums';
import { UsualAskForm } from './usual-ask-form';

const pageSize = 200;
const refreshMs = 10_000;

/** The machines jobs run on: what is free and of what use, who uses it, and each machine. */
export function PoolTab(): React.JSX.Element {
  const texts = useTexts();
  const { stratalab } = useSuite();
  const compute = React.useMemo(() => stratalab.clientFor(computeRoutes), [stratalab]);
  const [ask, setAsk] = React.useState<Resources>();
  const [pool, setPool] = React.useState<Pool>();
  const nodes = usePages<PoolNode>(`pool ${JSON.stringify(ask ?? null)}`, async ({ cursor, signal }) => {
    const page = await compute.getPool({ query: { limit: pageSize, ...ask, ...(cursor === undefined ? {} : { cursor }) } }, { signal });
    setPool(page);
    return { items: page.items, nextCursor: page.nextCursor, total: page.nodeCount };
  });
  useRefresh(nodes);
  const notice = <QueryNotice query={{ ...nodes, data: pool }} />;
  if (pool === undefined) return notice;
  return (
    <div className="jp-Strata-adminTab jp-Strata-pool">
      <div className="jp-Strata-row">
        <UsualAskForm ask={ask ?? pool.usualAsk} onAsk={setAsk} />
        <span className="jp-Strata-spring" />
        <span className="jp-Strata-caption">
          {texts.__('As of')} <TimeAgo time={pool.readAt} />
        </span>
        <button className="jp-mod-styled jp-mod-minimal" onClick={nodes.reload}>
          {texts.__('Refresh')}
        </button>
      </div>
      {notice}
      <PoolSums pool={pool} />
      <h3>{texts.__('Machines')}</h3>
      <div className="jp-Strata-poolMachines" style={heightOf(pool.nodeCount)}>
        <Nodes pages={nodes} />
      </div>
      <h3>{texts.__('Use by tenant')}</h3>
      <div style={{ flex: 'none', height: heightOf(pool.tenants.length, mostTenants).maxHeight }}>
        <Tenants tenants={pool.tenants} onReload={nodes.reload} />
      </div>
    </div>
  );
}

const rowPixels = 28;
const headPixels = 60;
const leastPixels = 120;
const mostTenants = 8;

/** A table is no higher than its rows: what is left belongs to the other one. */
function heightOf(rows: number, most = rows): { readonly maxHeight: number } {
  return { maxHeight: Math.max(leastPixels, headPixels + rowPixels * Math.min(most, rows)) };
}

/** Reads again every few seconds while the page is looked at, unless somebody scrolled into later pages. */
function useRefresh({ rows, reload, isLoading }: Pages<PoolNode>): void {
  const isShort = rows.length <= pageSize && !isLoading;
  React.useEffect(() => {
    if (!isShort) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') reload();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [isShort, reload]);
}

function Nodes({ pages }: { readonly pages: Pages<PoolNode> }): React.JSX.Element {
  const texts = useTexts();
  const state = (node: PoolNode): string => {
    if (!node.isReady) return texts.__('Not ready');
    if (!node.isOpen) return texts.__('Closed');
    return node.takesJobs ? texts.__('Takes jobs') : texts.__('Not for jobs');
  };
  const tone = (node: PoolNode) => (node.takesJobs ? 'good' : node.isReady ? 'neutral' : 'bad');
  const devices = (node: PoolNode): string =>
    node.devices.map(({ resource, used, total }) => `${resource} ${usedWords(formatAmount(used), formatAmount(total), texts)}`).join('; ');
  const labels = (node: PoolNode): string =>
    Object.entries(node.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(', ');
  const columns: readonly Column<PoolNode>[] = [
    { id: 'name', label: texts.__('Machine'), width: 130, text: node => node.name },
    { id: 'state', label: texts.__('State'), width: 120, text: state, render: node => <StatusChip tone={tone(node)} label={state(node)} /> },
    { id: 'pool', label: texts.__('Pool'), width: 110, text: node => node.pool ?? '–' },
    { id: 'cpu', label: texts.__('Cores used'), width: 100, isNumber: true, text: ({ used, total }) => usedWords(formatAmount(used.cpu), formatAmount(total.cpu), texts) },
    {
      id: 'memory',
      label: texts.__('Memory used'),
      width: 170,
      isNumber: true,
      text: ({ used, total }) => usedWords(memoryWords(used.memoryMiB, texts), memoryWords(total.memoryMiB, texts), texts)
    },
    { id: 'fits', label: texts.__('Fit now'), width: 90, isNumber: true, text: node => formatAmount(node.fits) },
    { id: 'devices', label: texts.__('Devices used'), width: 200, text: node => (node.devices.length === 0 ? '–' : devices(node)) },
    { id: 'labels', label: texts.__('Labels'), width: 260, isHidden: true, text: labels }
  ];
  return (
    <VirtualTable
      label={texts.__('Machines')}
      columns={columns}
      pages={pages}
      rowKey={node => node.name}
      empty={<EmptyState text={texts.__('The cluster has no machine. Add a node; it appears here within seconds.')} />}
    />
  );
}

function Tenants({ tenants, onReload }: { readonly tenants: readonly PoolTenant[]; readonly onReload: () => void }): React.JSX.Element {
  const texts = useTexts();
  const pages: Pages<PoolTenant> = { rows: tenants, total: tenants.length, hasMore: false, isLoading: false, problem: undefined, loadMore: () => undefined, reload: onReload };
  const of = (used: string, limit: string | null): string => (limit === null ? used : usedWords(used, limit, texts));
  const number = (value: number | null): string | null => (value === null ? null : formatAmount(value));
  const columns: readonly Column<PoolTenant>[] = [
    { id: 'tenant', label: texts.__('Tenant'), width: 140, text: row => row.tenant },
    { id: 'cpu', label: texts.__('Cores used'), width: 100, isNumber: true, text: ({ used, limits }) => of(formatAmount(used.cpu), number(limits.cpu)) },
    {
      id: 'memory',
      label: texts.__('Memory used'),
      width: 150,
      isNumber: true,
      text: ({ used, limits }) => of(memoryWords(used.memoryMiB, texts), limits.memoryMiB === null ? null : memoryWords(limits.memoryMiB, texts))
    },
    { id: 'gpu', label: texts.__('GPUs used'), width: 90, isNumber: true, text: ({ used, limits }) => of(formatAmount(used.gpu), number(limits.gpu)) },
    { id: 'processes', label: texts.__('Processes'), width: 80, isNumber: true, text: row => formatAmount(row.processes) },
    { id: 'waiting', label: texts.__('Jobs that wait'), width: 90, isNumber: true, text: row => formatAmount(row.waiting) }
  ];
  return (
    <VirtualTable
      label={texts.__('Use by tenant')}
      columns={columns}
      pages={pages}
      rowKey={row => row.tenant}
      empty={<p className="jp-Strata-caption">{texts.__('No tenant uses the pool now.')}</p>}
    />
  );
}
