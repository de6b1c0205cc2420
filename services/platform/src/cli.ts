import { parseArgs } from 'node:util';
import { Problem } from '@stratalab/contracts';
import type { PromoteOptions } from './commands/promote.ts';
import { environment } from './config.ts';
import { machineFacts } from './supervisor/data-folder.ts';
import { readLayout } from './supervisor/layout.ts';

const usage = `Usage: npx stratalab <command>

  start             run the platform until Ctrl-C
  stop              stop the running platform
  status [--json]   does it run, and where
  doctor [--json]   check everything a start needs, and say how to mend it
  doctor --cluster [--kubeconfig F] [--json]   the same for a Kubernetes cluster
  token --tenant T [--scope S …] [--expires SECONDS]   an access key for scripts
  backup FILE       write the whole installation into one file, also while it runs
  restore FILE      put a backup into an empty data folder
  promote --to URL [--tenant T …] [--token-file F] [--dry-run]   move tenants to another installation, with every id and link
  objects push|pull [--tenant T]   send published objects to the bucket of the installation, or fetch them from it
  before-upgrade [--always]   copy the database of DATABASE_URL if this version changes it

Settings: STRATALAB_DATA, STRATALAB_PORT (8000), STRATALAB_ADMIN_PASSWORD, STRATALAB_ADMIN (admin),
          DATABASE_URL (a PostgreSQL of your own instead of the embedded one),
          STRATALAB_PROMOTE_TOKEN (who promotes: a token of an administrator of the target)
`;

/** Each command brings only what it needs: `start` lives for days and should stay small. */
async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = readArguments(args);
  const [command, file] = positionals;
  if (values.help === true || command === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const layout = readLayout(environment);
  switch (command) {
    case 'start':
      return (await import('./commands/start.ts')).start(layout, environment);
    case 'stop':
      return (await import('./commands/stop.ts')).stop(layout);
    case 'status':
      return (await import('./commands/status.ts')).status(layout, { isJson: values.json ?? false });
    case 'doctor':
      if (values.cluster === true)
        return (await import('./commands/doctor-cluster.ts')).doctorCluster({ kubeconfig: values.kubeconfig, isJson: values.json ?? false }, environment);
      return (await import('./commands/doctor.ts')).doctor({ layout, environment, facts: machineFacts }, { isJson: values.json ?? false });
    case 'token':
      return (await import('./commands/token.ts')).token(layout, { tenant: values.tenant?.[0], scopes: values.scope ?? [], expires: values.expires });
    case 'backup':
      return (await import('./commands/backup.ts')).backup(layout, file, environment);
    case 'restore':
      return (await import('./commands/restore.ts')).restore(layout, file);
    case 'promote':
      return (await import('./commands/promote.ts')).promote(layout, promoteOptions(values), environment);
    case 'objects':
      return (await import('./commands/objects.ts')).objects(layout, { direction: file, tenant: values.tenant?.[0] }, environment);
    case 'before-upgrade':
      return (await import('./commands/before-upgrade.ts')).beforeUpgrade(layout, environment, { isAlways: values.always ?? false });
    default:
      process.stderr.write(command === undefined ? usage : `There is no command '${command}'.\n\n${usage}`);
      return 2;
  }
}

function promoteOptions(values: ReturnType<typeof parse>['values']): PromoteOptions {
  return {
    to: values.to,
    tenants: values.tenant ?? [],
    tokenFile: values['token-file'],
    isDryRun: values['dry-run'] ?? false,
    isAbandoned: values.abandon ?? false,
    isHttpAllowed: values['allow-http'] ?? false
  };
}

/** @throws invalid-request for an option that does not exist */
function readArguments(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args);
  } catch (cause) {
    throw new Problem('invalid-request', { detail: cause instanceof Error ? cause.message : String(cause), hint: 'npx stratalab help', cause });
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      tenant: { type: 'string', multiple: true },
      scope: { type: 'string', multiple: true },
      expires: { type: 'string' },
      to: { type: 'string' },
      'token-file': { type: 'string' },
      'dry-run': { type: 'boolean' },
      abandon: { type: 'boolean' },
      'allow-http': { type: 'boolean' },
      cluster: { type: 'boolean' },
      kubeconfig: { type: 'string' },
      always: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' }
    }
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n${error.details.hint === undefined ? '' : `${error.details.hint}\n`}`);
  process.exitCode = 1;
}
