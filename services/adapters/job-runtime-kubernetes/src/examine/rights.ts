import { AuthorizationV1Api, type KubeConfig } from '@kubernetes/client-node';
import { fail, ok, warn, type ClusterFinding, type ExamineOptions, type Right } from './finding.ts';

interface Asked {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verb: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

const shownMissing = 6;

/** Asks the API server, right by right, what this account may do; nothing is tried. @param namespace a namespace of a tenant, or one that stands for it */
export async function examineRights({ kubeConfig, rights }: ExamineOptions, namespace: string): Promise<ClusterFinding> {
  const name = 'Rights';
  const asked = [...rights.everywhere.flatMap(right => spellOut(right, undefined)), ...rights.inTenants.flatMap(right => spellOut(right, namespace))];
  const missing: string[] = [];
  for (const one of asked) if (!(await isAllowed(kubeConfig, one))) missing.push(describe(one));
  if (missing.length > 0) {
    const more = missing.length > shownMissing ? ` and ${missing.length - shownMissing} more` : '';
    return fail(
      name,
      `This account lacks ${missing.length} of the ${asked.length} rights the platform needs: ${missing.slice(0, shownMissing).join('; ')}${more}.`,
      'Install the roles of the platform (they come with the chart) and bind them to its account.'
    );
  }
  const everything: Asked = { group: '*', resource: '*', subresource: '', verb: '*', name: undefined, namespace: undefined };
  if (await isAllowed(kubeConfig, everything))
    return warn(
      name,
      `All ${asked.length} rights are there, and this account may do everything else as well.`,
      'Fine for a person; let the platform itself run with its own account and nothing more.'
    );
  return ok(name, `all ${asked.length} that the platform needs`);
}

function spellOut(right: Right, namespace: string | undefined): readonly Asked[] {
  return right.apiGroups.flatMap(group =>
    right.resources.flatMap(path => {
      const [resource = '', subresource = ''] = path.split('/');
      return right.verbs.flatMap(verb => (right.resourceNames ?? [undefined]).map(name => ({ group, resource, subresource, verb, name, namespace })));
    })
  );
}

async function isAllowed(kubeConfig: KubeConfig, { group, resource, subresource, verb, name, namespace }: Asked): Promise<boolean> {
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource === '' ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace })
  };
  const { status } = await kubeConfig
    .makeApiClient(AuthorizationV1Api)
    .createSelfSubjectAccessReview({ body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } } });
  return status?.allowed === true;
}

function describe({ group, resource, subresource, verb, name, namespace }: Asked): string {
  const what = `${resource}${subresource === '' ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}`;
  return `${verb} ${what}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ' in a tenant'}`;
}
