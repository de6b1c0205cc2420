import type { TranslationBundle } from '@jupyterlab/translation';
import type { Profile } from '@stratalab/contracts/control';
import { useTexts, VirtualTable, type Column, type Pages } from '@stratalab/lab-kit';
import * as React from 'react';
import { sizeWords } from '../pool/amount-words';
import { labelsOf } from './profile-draft';

export interface ProfileTableProps {
  readonly profiles: readonly Profile[];
  readonly isLoading: boolean;
  readonly empty: React.ReactNode;
  readonly onReload: () => void;
  readonly onEdit: (profile: Profile) => void;
  readonly onRemove: (profile: Profile) => void;
}

/** The profiles in the order people see them, the default one first. */
export function ProfileTable({ profiles, isLoading, empty, onReload, onEdit, onRemove }: ProfileTableProps): React.JSX.Element {
  const texts = useTexts();
  const pages: Pages<Profile> = { rows: profiles, total: profiles.length, hasMore: false, isLoading, problem: undefined, loadMore: () => undefined, reload: onReload };
  const columns: readonly Column<Profile>[] = [
    {
      id: 'profile',
      label: texts.__('Profile'),
      width: 130,
      text: ({ displayName }) => displayName,
      render: profile => (
        <>
          <button className="jp-Strata-link" data-profile={profile.name} onClick={() => onEdit(profile)}>
            {profile.displayName}
          </button>{' '}
          {profile.isDefault && <span className="jp-Strata-chip">{texts.__('default')}</span>}
        </>
      )
    },
    { id: 'name', label: texts.__('Name'), width: 100, isHidden: true, text: ({ name }) => name },
    { id: 'size', label: texts.__('Size'), width: 180, text: ({ cpu, memoryMiB, gpuCount }) => sizeWords({ cpu, memoryMiB, gpu: gpuCount }, texts) },
    { id: 'gpu-kind', label: texts.__('Kind of GPU'), width: 130, text: profile => gpuWords(profile, texts) },
    { id: 'nodes', label: texts.__('Node pool'), width: 110, text: profile => listWords(labelsOf(profile), texts.__('any machine')) },
    {
      id: 'images',
      label: texts.__('Images'),
      width: 110,
      text: ({ images }) =>
        listWords(
          images.map(({ displayName }) => displayName),
          texts.__('standard')
        )
    },
    { id: 'tenants', label: texts.__('Offered to'), width: 100, text: profile => tenantWords(profile, texts) },
    { id: 'description', label: texts.__('Description'), width: 160, isHidden: true, text: ({ description }) => description },
    {
      id: 'steps',
      label: texts.__('Actions'),
      width: 130,
      text: () => '',
      render: profile => <Steps profile={profile} onEdit={onEdit} onRemove={onRemove} />
    }
  ];
  return <VirtualTable label={texts.__('Profiles')} columns={columns} pages={pages} rowKey={({ name }) => name} onOpen={onEdit} empty={empty} />;
}

function gpuWords({ gpuCount, gpuResource }: Profile, texts: TranslationBundle): string {
  if (gpuCount === 0) return '–';
  return gpuResource ?? texts.__('whole GPUs');
}

function tenantWords({ tenants }: Profile, texts: TranslationBundle): string {
  return tenants === null ? texts.__('every tenant') : listWords(tenants, texts.__('nobody'));
}

const listWords = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(', '));

function Steps({ profile, onEdit, onRemove }: { readonly profile: Profile } & Pick<ProfileTableProps, 'onEdit' | 'onRemove'>): React.JSX.Element {
  const texts = useTexts();
  return (
    <span className="jp-Strata-row">
      <button className="jp-Strata-link" aria-label={texts.__('Change the profile %1', profile.displayName)} onClick={() => onEdit(profile)}>
        {texts.__('Change')}
      </button>
      {!profile.isDefault && (
        <button className="jp-Strata-link" aria-label={texts.__('Delete the profile %1', profile.displayName)} onClick={() => onRemove(profile)}>
          {texts.__('Delete…')}
        </button>
      )}
    </span>
  );
}
