import type { Problem } from '@stratalab/contracts';
import type { ModelVersion } from '@stratalab/contracts/models';
import { asProblem, ProblemNotice, QueryNotice, useQuery, useSuite, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { useModels } from '../use-models';

export interface RegisterFormProps {
  readonly run: string;
  readonly model?: string | undefined;
  readonly onRegistered: (version: ModelVersion) => void;
}

/** Asks which of the things a run logged becomes a version, and of which model. */
export function RegisterForm({ run, model, onRegistered }: RegisterFormProps): React.JSX.Element {
  const { stratalab } = useSuite();
  const texts = useTexts();
  const client = useModels();
  const [name, setName] = React.useState(model ?? '');
  const [source, setSource] = React.useState<string>();
  const [isSending, setSending] = React.useState(false);
  const [problem, setProblem] = React.useState<Problem>();
  const detail = useQuery(`run to register ${run}`, (tenant, signal) => client.getRun({ params: { tenant, run } }, { signal }));
  const files = useQuery(`files to register ${run}`, (tenant, signal) => client.listRunArtifacts({ params: { tenant, run }, query: {} }, { signal }));
  const models = useQuery('models to register', (tenant, signal) => client.listModels({ params: { tenant }, query: { limit: 200 } }, { signal }));
  if (detail.data === undefined) return <QueryNotice query={detail} />;
  const sources = [
    ...detail.data.models.filter(({ state }) => state === 'ready').map(logged => ({ id: logged.id, label: texts.__('Logged model %1', logged.name) })),
    ...(files.data?.items ?? []).filter(({ isFolder }) => isFolder).map(({ path }) => ({ id: `/${path}`, label: texts.__('Folder %1', path) }))
  ];
  if (files.data !== undefined && sources.length === 0)
    return <p>{texts.__('This run logged no model and no folder of files. Log one first, for example with mlflow.sklearn.log_model(model, name="model").')}</p>;
  const chosen = source ?? sources[0]?.id;
  const register = async (): Promise<void> => {
    if (chosen === undefined) return;
    setProblem(undefined);
    setSending(true);
    try {
      const tenant = await stratalab.tenant();
      const what = chosen.startsWith('/') ? { path: chosen.slice(1) } : { loggedModel: chosen };
      onRegistered(await client.registerModelVersion({ params: { tenant, model: name }, body: { run, ...what } }, { idempotencyKey: crypto.randomUUID() }));
    } catch (error) {
      setProblem(asProblem(error));
      setSending(false);
    }
  };
  return (
    <form
      className="jp-StrataModels-form"
      onSubmit={event => {
        event.preventDefault();
        void register();
      }}
    >
      <label>
        {texts.__('What')}
        <select className="jp-mod-styled" value={chosen} onChange={event => setSource(event.target.value)}>
          {sources.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        {texts.__('Model')}
        <input
          className="jp-mod-styled"
          list="jp-StrataModels-names"
          value={name}
          required
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,127}"
          placeholder={texts.__('A new name, or one that is there')}
          onChange={event => setName(event.target.value)}
        />
        <datalist id="jp-StrataModels-names">
          {models.data?.items.map(known => (
            <option key={known.name} value={known.name} />
          ))}
        </datalist>
      </label>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <button className="jp-mod-styled jp-mod-accept" type="submit" disabled={isSending || name === '' || chosen === undefined}>
        {isSending ? texts.__('Registering …') : texts.__('Register')}
      </button>
    </form>
  );
}
