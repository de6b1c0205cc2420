import { InputDialog } from '@jupyterlab/apputils';
import type { Client } from '@stratalab/client';
import { formatUrn, Problem } from '@stratalab/contracts';
import type { agentsRoutes } from '@stratalab/contracts/agents';
import { agentIcon, confirmDestructive, lazyClient, shellCommands, type SuiteContext } from '@stratalab/lab-kit';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import { answerTimeoutMs } from '../answer-timeout';
import { agentCommands } from './command-ids';

type Arguments = ReadonlyPartialJSONObject;

const collectionField = { type: 'string', description: 'Name of a collection of the chosen tenant' } as const;

/** Adds what one can do with collections as commands, for tiles, palette, notebooks and agents. */
export function addAgentCommands(suite: SuiteContext, commands: CommandRegistry): void {
  const texts = suite.translator.load('stratalab');
  const agents = agentsClient(suite);
  const paramsOf = async (args: Arguments): Promise<{ tenant: string; collection: string }> => ({ tenant: await suite.stratalab.tenant(), collection: textOf(args, 'collection') });

  commands.addCommand(agentCommands.newCollection, {
    label: () => texts.__('New collection'),
    caption: () => texts.__('Documents that can be searched and asked'),
    icon: agentIcon,
    describedBy: { args: { type: 'object', properties: { name: { type: 'string', description: 'Asks when it is missing' }, description: { type: 'string' } } } },
    execute: args => newCollection(suite, args)
  });
  commands.addCommand(agentCommands.openCollection, {
    label: () => texts.__('Open a collection'),
    describedBy: { args: { type: 'object', properties: { collection: collectionField }, required: ['collection'] } },
    execute: async args => {
      const { tenant, collection } = await paramsOf(args);
      return openObject(suite, formatUrn({ tenant, kind: 'collection', name: collection }));
    }
  });
  commands.addCommand(agentCommands.rebuildCollection, {
    label: () => texts.__('Rebuild a collection'),
    describedBy: { args: { type: 'object', properties: { collection: collectionField }, required: ['collection'] } },
    execute: async args => agents.rebuildCollection({ params: await paramsOf(args) })
  });
  commands.addCommand(agentCommands.deleteCollection, {
    label: () => texts.__('Delete a collection'),
    describedBy: { args: { type: 'object', properties: { collection: { ...collectionField, description: 'Asks before it deletes' } }, required: ['collection'] } },
    execute: async args => {
      const params = await paramsOf(args);
      const { documentCount, chunkCount } = await agents.getCollection({ params });
      const isAgreed = await confirmDestructive({
        title: texts.__('Delete collection %1?', params.collection),
        verb: texts.__('Delete'),
        blastRadius:
          documentCount === 0 ? [] : [texts._n('%1 document is deleted.', '%1 documents are deleted.', documentCount), texts.__('%1 passages can no longer be found.', chunkCount)],
        nameToType: params.collection,
        translator: suite.translator
      });
      if (isAgreed) await agents.deleteCollection({ params });
      return isAgreed;
    }
  });
  commands.addCommand(agentCommands.ask, {
    label: () => texts.__('Ask a collection'),
    describedBy: {
      args: {
        type: 'object',
        properties: { collection: collectionField, endpoint: { type: 'string', description: 'Chat endpoint of the chosen tenant' }, question: { type: 'string' } },
        required: ['collection', 'endpoint', 'question']
      }
    },
    execute: async args =>
      agentsClient(suite, { timeoutMs: answerTimeoutMs }).ask({ params: await paramsOf(args), body: { endpoint: textOf(args, 'endpoint'), question: textOf(args, 'question') } })
  });
}

async function newCollection(suite: SuiteContext, args: Arguments): Promise<string | undefined> {
  const texts = suite.translator.load('stratalab');
  const given = args['name'];
  const asked =
    typeof given === 'string'
      ? given
      : (
          await InputDialog.getText({
            title: texts.__('New collection'),
            label: texts.__('Name'),
            placeholder: texts.__('Letters, digits, dots, dashes and underscores'),
            okLabel: texts.__('Create')
          })
        ).value;
  const name = asked?.trim().replace(/\s+/g, '-') ?? '';
  if (name === '') return undefined;
  const tenant = await suite.stratalab.tenant();
  const description = args['description'];
  const body = { name, ...(typeof description === 'string' ? { description } : {}) };
  const { urn } = await agentsClient(suite).createCollection({ params: { tenant }, body });
  await openObject(suite, urn);
  return urn;
}

function agentsClient(suite: SuiteContext, options?: { readonly timeoutMs: number }): Client<typeof agentsRoutes> {
  return lazyClient(suite.stratalab, () => import('@stratalab/contracts/agents').then(contract => contract.agentsRoutes), options);
}

function openObject(suite: SuiteContext, urn: string): Promise<unknown> {
  return suite.commands.execute(shellCommands.openObject, { urn });
}

function textOf(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value !== 'string' || value === '') throw new Problem('invalid-request', { detail: `The argument '${name}' must be text.` });
  return value;
}
