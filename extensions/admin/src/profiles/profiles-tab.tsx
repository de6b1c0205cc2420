import type { Profile } from '@stratalab/contracts/control';
import { EmptyState, ProblemNotice, QueryNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useAction } from '../page/use-action';
import { useControl } from '../page/use-control';
import { ProfileForm } from './profile-form';
import { ProfileTable } from './profile-table';
import { removeProfile } from './remove-profile';
import { useKnown } from './use-known';

/** Sizes of workspace on offer: make one, change one, offer one no longer, and say whose tenants may use it. */
export function ProfilesTab({ tenants }: { readonly tenants: readonly string[] }): React.JSX.Element {
  const texts = useTexts();
  const control = useControl();
  const profiles = useQuery('profiles', (_tenant, signal) => control.listProfiles({}, { signal }));
  const items = profiles.data?.items ?? [];
  const known = useKnown(items);
  const [edited, setEdited] = React.useState<Profile | 'new'>();
  const removal = useRemoval(profiles.reload);
  const root = useFocusBack(edited === undefined ? undefined : edited === 'new' ? '' : edited.name);
  if (profiles.data === undefined) return <QueryNotice query={profiles} />;
  if (edited !== undefined)
    return (
      <div className="jp-Strata-adminTab">
        <ProfileForm
          profile={edited === 'new' ? undefined : edited}
          taken={items.map(({ name }) => name)}
          tenants={tenants}
          known={known}
          onClose={() => setEdited(undefined)}
          onSaved={() => {
            setEdited(undefined);
            profiles.reload();
          }}
        />
      </div>
    );
  return (
    <div className="jp-Strata-adminTab" ref={root}>
      <div className="jp-Strata-row">
        <button className="jp-mod-styled jp-mod-accept" data-profile="" onClick={() => setEdited('new')}>
          {texts.__('Create a profile')}
        </button>
        <span className="jp-Strata-caption">{texts.__('Sizes people choose from when they start a workspace; a change holds from the next start on.')}</span>
      </div>
      <QueryNotice query={profiles} />
      {removal.problem !== undefined && <ProblemNotice problem={removal.problem} />}
      {removal.removed !== undefined && (
        <div className="jp-Strata-row jp-Strata-undo" role="status">
          <span>{texts.__('%1 is offered no longer.', removal.removed.displayName)}</span>
          <button className="jp-Strata-link" onClick={removal.undo}>
            {texts.__('Undo')}
          </button>
        </div>
      )}
      <ProfileTable
        profiles={items}
        isLoading={profiles.isLoading}
        onReload={profiles.reload}
        onEdit={setEdited}
        onRemove={removal.remove}
        empty={
          <EmptyState
            text={texts.__('No profile is offered, so nobody can start a workspace. Create the first one.')}
            action={{ label: texts.__('Create a profile'), onClick: () => setEdited('new') }}
          />
        }
      />
    </div>
  );
}

interface Removal {
  readonly problem: ReturnType<typeof useAction>['problem'];
  /** The last one that went, to bring back. */
  readonly removed: Profile | undefined;
  readonly remove: (profile: Profile) => void;
  readonly undo: () => void;
}

/** Takes a profile off the list after saying what that means, and brings it back as it was. */
function useRemoval(onChanged: () => void): Removal {
  const { translator } = useSuite();
  const control = useControl();
  const { problem, run } = useAction();
  const [removed, setRemoved] = React.useState<Profile>();
  const remove = (profile: Profile): void =>
    void run(async () => {
      if (!(await removeProfile(control, profile, translator))) return;
      setRemoved(profile);
      onChanged();
    });
  const undo = (): void =>
    void run(async () => {
      if (removed === undefined) return;
      const { name, ...body } = removed;
      await control.putProfile({ params: { profile: name }, body });
      setRemoved(undefined);
      onChanged();
    });
  return { problem, removed, remove, undo };
}

/** When the form goes, the focus is again where it was opened. */
function useFocusBack(opened: string | undefined): React.RefObject<HTMLDivElement> {
  const root = React.useRef<HTMLDivElement>(null);
  const last = React.useRef<string>();
  React.useEffect(() => {
    if (opened === undefined && last.current !== undefined) root.current?.querySelector<HTMLElement>(`[data-profile="${last.current}"]`)?.focus();
    last.current = opened;
  }, [opened]);
  return root;
}
