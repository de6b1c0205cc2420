import { Suggestions, useTexts } from '@stratalab/lab-kit';
import * as React from 'react';
import { Field } from '../page/field';
import type { Filling } from './filling';
import { ImageRows } from './image-rows';
import { TextRows } from './text-rows';
import type { Known } from './use-known';

/** Which devices, machines and images a workspace gets where workspaces are pods. */
export function ClusterFields({ draft, change, of, known }: Filling & { readonly known: Known }): React.JSX.Element {
  const texts = useTexts();
  const gpus = React.useId();
  return (
    <fieldset className="jp-Strata-frame jp-Strata-fieldGroup">
      <legend>{texts.__('On a cluster')}</legend>
      <span className="jp-Strata-caption">{texts.__('Of no meaning where workspaces are processes of one machine.')}</span>
      <Field label={texts.__('Kind of GPU')} problem={of('gpuResource')} hint={texts.__('A type or a MIG slice by its resource; whole GPUs when empty.')}>
        <input
          className="jp-mod-styled"
          list={gpus}
          placeholder="nvidia.com/mig-1g.10gb"
          spellCheck={false}
          value={draft.gpuResource}
          aria-invalid={of('gpuResource') !== undefined}
          onChange={event => change({ gpuResource: event.target.value })}
        />
      </Field>
      <Suggestions id={gpus} values={known.gpuResources} />
      <Part title={texts.__('Node pool')} hint={texts.__('Labels its machines must have; any machine when empty.')}>
        <TextRows
          label={texts.__('Label of the machines')}
          rows={draft.labels}
          placeholder="pool=gpu"
          suggestions={known.labels}
          problem={of('labels')}
          addLabel={texts.__('Add a label')}
          onChange={labels => change({ labels })}
        />
      </Part>
      <Part title={texts.__('Tolerated taints')} hint={texts.__('Marks of machines that keep others away.')}>
        <TextRows
          label={texts.__('Tolerated taint')}
          rows={draft.taints}
          placeholder="nvidia.com/gpu:NoSchedule"
          suggestions={[]}
          problem={of('taints')}
          addLabel={texts.__('Add a taint')}
          onChange={taints => change({ taints })}
        />
      </Part>
      <Part title={texts.__('Images')} hint={texts.__('People choose among these and nothing else; the first is the default.')}>
        <ImageRows rows={draft.images} suggestions={known.images} problem={of('images')} onChange={images => change({ images })} />
      </Part>
    </fieldset>
  );
}

function Part({ title, hint, children }: { readonly title: string; readonly hint: string; readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <section className="jp-Strata-fieldPart" aria-label={title}>
      <span>{title}</span>
      <span className="jp-Strata-caption">{hint}</span>
      {children}
    </section>
  );
}
