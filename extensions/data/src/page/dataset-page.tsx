import { formatUrn, type Urn } from '@stratalab/contracts';
import type { Dataset, DatasetVersion, Profile } from '@stratalab/contracts/catalog';
import {
  dataIcon,
  formatAmount,
  formatBytes,
  LineageStrip,
  ObjectHeader,
  Tabs,
  QueryNotice,
  useQuery,
  useSuite,
  useTexts,
  type ObjectAction,
  type QueryState,
  type TabItem
} from '@stratalab/lab-kit';
import * as React from 'react';
import { dataCommands } from '../commands/command-ids';
import { useCatalog } from '../data-context';
import { About } from './about';
import { loadLineage } from './load-lineage';
import { MountBar } from './mount-bar';
import { PreviewTab } from './preview-tab';
import { ProfileTab } from './profile-tab';
import { QualityTab } from './quality-tab';
import { SchemaTab } from './schema-tab';
import { versionStatus } from './state-chip';
import { UseTab } from './use-tab';
import { VersionsTab } from './versions-tab';

const refreshOn = ['dataset.'] as const;

interface Shown {
  readonly dataset: Dataset;
  /** The version of the page's URN, or the latest. */
  readonly version: DatasetVersion | null;
}

/** Page of a dataset, or of one version of it. */
export function DatasetPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const catalog = useCatalog();
  const params = { tenant: urn.tenant, dataset: urn.name };
  const shown = useQuery<Shown>(
    `dataset ${formatUrn(urn)}`,
    async (_chosen, signal) => {
      const dataset = await catalog.getDataset({ params }, { signal });
      const version = urn.version === undefined ? dataset.latest : await catalog.getVersion({ params: { ...params, version: urn.version } }, { signal });
      return { dataset, version };
    },
    { refreshOn }
  );
  const isReady = shown.data?.version?.state === 'ready';
  const profile = useQuery<Profile>(
    `profile ${shown.data?.version?.urn ?? ''}`,
    (_chosen, signal) => catalog.profileVersion({ params: { ...params, version: shown.data?.version?.version ?? 'latest' } }, { signal }),
    { refreshOn, isEnabled: isReady }
  );
  if (shown.data === undefined) return <QueryNotice query={shown} />;
  return <LoadedPage query={shown} shown={shown.data} profile={profile} tenant={urn.tenant} />;
}

interface LoadedPageProps {
  readonly query: QueryState<Shown>;
  readonly shown: Shown;
  readonly profile: QueryState<Profile>;
  readonly tenant: string;
}

function LoadedPage({ query, shown, profile, tenant }: LoadedPageProps): React.JSX.Element {
  const { dataset, version } = shown;
  const catalog = useCatalog();
  const texts = useTexts();
  const [isEditing, setEditing] = React.useState(false);
  const { primary, more } = useActions({ shown, reload: query.reload, onEdit: () => setEditing(true) });
  const mount = mountShown(shown);
  return (
    <div className="jp-Strata-page">
      <div className="jp-Strata-intro">
        <ObjectHeader
          icon={dataIcon}
          name={dataset.name}
          chips={[...(version === null ? [] : [texts.__('version %1', version.version)]), ...(dataset.isSample ? [texts.__('sample')] : [])]}
          status={version === null ? undefined : versionStatus(version, texts)}
          owner={dataset.owner}
          createdAt={version?.createdAt ?? dataset.createdAt}
          primary={primary}
          more={more}
        />
        <QueryNotice query={query} />
        {version !== null && <Facts version={version} latest={dataset.latest} />}
        <About tenant={tenant} dataset={dataset} isEditing={isEditing} onDone={() => setEditing(false)} />
        {mount !== null && <MountBar key={mount.mountName} mount={mount} />}
      </div>
      <LineageStrip urn={version?.urn ?? dataset.urn} name={dataset.name} load={(urn, _tenant, signal) => loadLineage(catalog, { urn, tenant, signal })} />
      <Tabs label={dataset.name} items={useTabs({ shown, profile, tenant })} />
    </div>
  );
}

/** The mount of the version on the page. */
function mountShown({ dataset, version }: Shown): Dataset['mount'] {
  return dataset.mount !== null && dataset.mount.version === version?.version ? dataset.mount : null;
}

function useActions({ shown, reload, onEdit }: { readonly shown: Shown; readonly reload: () => void; readonly onEdit: () => void }): {
  readonly primary: ObjectAction;
  readonly more: readonly ObjectAction[];
} {
  const { commands } = useSuite();
  const texts = useTexts();
  const [isBusy, setBusy] = React.useState(false);
  const { dataset, version } = shown;
  const mount = mountShown(shown);
  const run = (id: string, args: Record<string, string>): void => {
    setBusy(true);
    void commands.execute(id, args).finally(() => {
      setBusy(false);
      reload();
    });
  };
  const primary: ObjectAction =
    mount === null
      ? {
          label: texts.__('Mount'),
          isDisabled: isBusy || version === null || version.state !== 'ready',
          onClick: () => run(dataCommands.mount, { dataset: dataset.name, version: version?.version ?? 'latest' })
        }
      : { label: texts.__('Unmount'), isDisabled: isBusy, onClick: () => run(dataCommands.unmount, { mountName: mount.mountName }) };
  return {
    primary,
    more: [
      { label: texts.__('Upload a new version…'), onClick: () => void commands.execute(dataCommands.upload, { dataset: dataset.name }) },
      { label: texts.__('Edit description and tags'), onClick: onEdit },
      { label: texts.__('Delete…'), onClick: () => run(dataCommands.remove, { dataset: dataset.name }) }
    ]
  };
}

function Facts({ version, latest }: { readonly version: DatasetVersion; readonly latest: DatasetVersion | null }): React.JSX.Element {
  const { commands } = useSuite();
  const texts = useTexts();
  const facts = [
    version.format?.toUpperCase(),
    version.rowCount === null ? undefined : texts._n('%2 row', '%2 rows', version.rowCount, formatAmount(version.rowCount)),
    version.columnCount === null ? undefined : texts._n('%2 column', '%2 columns', version.columnCount, formatAmount(version.columnCount)),
    version.state === 'failed' ? undefined : formatBytes(version.sizeBytes),
    version.state === 'failed' ? undefined : texts._n('%2 file', '%2 files', version.fileCount, formatAmount(version.fileCount))
  ].filter(fact => fact !== undefined);
  return (
    <p className="jp-Strata-row jp-Strata-caption">
      <span>{facts.join(' · ')}</span>
      {latest !== null && latest.version !== version.version && (
        <button className="jp-Strata-link" onClick={() => void commands.execute(dataCommands.openDataset, { dataset: version.dataset })}>
          {texts.__('The latest version is %1', latest.version)}
        </button>
      )}
    </p>
  );
}

function useTabs({ shown, profile, tenant }: { readonly shown: Shown; readonly profile: QueryState<Profile>; readonly tenant: string }): readonly TabItem[] {
  const texts = useTexts();
  const { dataset, version } = shown;
  const versions: TabItem = { id: 'versions', label: texts.__('Versions'), count: dataset.versionCount, render: () => <VersionsTab tenant={tenant} dataset={dataset.name} /> };
  if (version === null) return [versions];
  return [
    { id: 'schema', label: texts.__('Schema'), count: version.columnCount ?? undefined, render: () => <SchemaTab version={version} profile={profile.data} /> },
    { id: 'preview', label: texts.__('Preview'), count: version.rowCount ?? undefined, render: () => <PreviewTab tenant={tenant} version={version} /> },
    { id: 'profile', label: texts.__('Profile'), render: () => <ProfileTab profile={profile} /> },
    versions,
    { id: 'quality', label: texts.__('Quality'), render: () => <QualityTab tenant={tenant} dataset={dataset} /> },
    { id: 'use', label: texts.__('Use'), render: () => <UseTab version={version} /> }
  ];
}
