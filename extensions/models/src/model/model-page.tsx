import type { Problem, Urn } from '@stratalab/contracts';
import type { Model, ModelVersion } from '@stratalab/contracts/models';
import {
  asProblem,
  confirmDestructive,
  EmptyState,
  modelIcon,
  ObjectPage,
  ProblemNotice,
  QueryNotice,
  usePages,
  useQuery,
  useSuite,
  useTexts,
  type QueryState
} from '@stratalab/lab-kit';
import * as React from 'react';
import { deployCommand, modelsCommands } from '../command-ids';
import { useModels } from '../use-models';
import { formatWord } from '../words';
import { VersionView } from './version-view';
import { VersionsTable } from './versions-table';

/** Page of a registered model; a URN with a version opens that version. */
export function ModelPage({ urn }: { readonly urn: Urn }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const [isGone, setGone] = React.useState(false);
  const params = { tenant: urn.tenant, model: urn.name };
  const model = useQuery(`model ${urn.name}`, (_tenant, signal) => client.getModel({ params }, { signal }), { refreshOn: ['model.'], isEnabled: !isGone });
  if (isGone) return <EmptyState text={texts.__('The model %1 was deleted.', urn.name)} />;
  if (model.data === undefined) return <QueryNotice query={model} />;
  const asked = urn.version === undefined ? undefined : Number(urn.version);
  return <ModelView query={model} model={model.data} tenant={urn.tenant} asked={asked} onDeleted={() => setGone(true)} />;
}

interface ModelViewProps {
  readonly query: QueryState<Model>;
  readonly model: Model;
  readonly tenant: string;
  readonly asked: number | undefined;
  readonly onDeleted: () => void;
}

function ModelView({ query, model, tenant, asked, onDeleted }: ModelViewProps): React.JSX.Element {
  const { commands, translator } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [problem, setProblem] = React.useState<Problem>();
  const [chosen, setChosen] = React.useState(asked);
  const version = chosen ?? model.latestVersion ?? undefined;
  const versions = usePages<ModelVersion>(
    `versions ${tenant} ${model.name}`,
    ({ cursor, signal }) => client.listModelVersions({ params: { tenant, model: model.name }, query: cursor === undefined ? {} : { cursor } }, { signal }),
    ['model.']
  );
  const shown = versions.rows.find(row => row.version === version);
  const run = (work: () => Promise<unknown>) => (): void => {
    setProblem(undefined);
    work().catch((error: unknown) => setProblem(asProblem(error)));
  };
  const remove = async (): Promise<void> => {
    const isAgreed = await confirmDestructive({
      title: texts.__('Delete the model %1?', model.name),
      verb: texts.__('Delete'),
      blastRadius: [
        texts._n('%1 version goes with its files.', '%1 versions go with their files.', model.versionCount),
        ...model.aliases.map(({ alias }) => texts.__('Programs that load %1@%2 fail from now on.', model.name, alias)),
        texts.__('Endpoints that serve it cannot be started again.')
      ],
      nameToType: model.name,
      translator
    });
    if (!isAgreed) return;
    await client.deleteModel({ params: { tenant, model: model.name } });
    onDeleted();
  };
  return (
    <ObjectPage
      query={query}
      icon={modelIcon}
      name={model.name}
      chips={[...(model.format === null ? [] : [formatWord(model.format, texts)]), ...model.aliases.map(({ alias, version: of }) => texts.__('@%1 → %2', alias, of))]}
      owner={model.createdBy}
      createdAt={model.createdAt}
      primary={{
        label: version === undefined ? texts.__('Deploy') : texts.__('Deploy version %1', version),
        isDisabled: shown === undefined || shown.isQuarantined,
        onClick: () => void commands.execute(deployCommand, { model: model.name, ...(version === undefined ? {} : { version }) })
      }}
      more={[
        { label: texts.__('Upload a new version …'), onClick: () => void commands.execute(modelsCommands.uploadModel, { model: model.name }) },
        { label: texts.__('Delete the model …'), onClick: run(remove) }
      ]}
      lineage={problem === undefined ? <Description model={model} tenant={tenant} /> : <ProblemNotice problem={problem} />}
      tabs={[
        {
          id: 'versions',
          label: texts.__('Versions'),
          count: model.versionCount,
          render: () => (
            <div className="jp-StrataModels-versions">
              <VersionsTable versions={versions} chosen={version} onChoose={setChosen} />
              {shown !== undefined && <VersionView key={shown.version} version={shown} tenant={tenant} onDeleted={() => setChosen(undefined)} />}
            </div>
          )
        }
      ]}
    />
  );
}

/** What the model is for, in the words of its people; a click edits it. */
function Description({ model, tenant }: { readonly model: Model; readonly tenant: string }): React.JSX.Element {
  const texts = useTexts();
  const client = useModels();
  const [draft, setDraft] = React.useState<string>();
  const [problem, setProblem] = React.useState<Problem>();
  const save = (): void => {
    const description = draft ?? '';
    setDraft(undefined);
    client.updateModel({ params: { tenant, model: model.name }, body: { description } }).catch((error: unknown) => setProblem(asProblem(error)));
  };
  if (problem !== undefined) return <ProblemNotice problem={problem} />;
  if (draft === undefined) {
    return (
      <div className="jp-Strata-row">
        <span>{model.description === '' ? <span className="jp-Strata-caption">{texts.__('No description yet')}</span> : model.description}</span>
        <button className="jp-Strata-link" onClick={() => setDraft(model.description)}>
          {texts.__('Edit')}
        </button>
      </div>
    );
  }
  return (
    <form
      className="jp-Strata-row"
      onSubmit={event => {
        event.preventDefault();
        save();
      }}
    >
      <input className="jp-mod-styled jp-StrataModels-filter" aria-label={texts.__('Description')} autoFocus value={draft} onChange={event => setDraft(event.target.value)} />
      <button className="jp-mod-styled jp-mod-accept" type="submit">
        {texts.__('Save')}
      </button>
    </form>
  );
}
