import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isInstalled } from './installed.mjs';
import { cache, python, root, venv } from './paths.mjs';

const neededGiB = 3;

/** Node packages, Python packages, model engine. */
export function productSteps() {
  return [
    {
      name: 'npm',
      title: 'Installing Node packages',
      inputs: () => ['package-lock.json'],
      isDone: () => isInstalled(root),
      async run(say) {
        checkDisk();
        // A tree that is there is brought up to date in place, so that what runs from it goes on; both install exactly the lock.
        const verb = existsSync(join(root, 'node_modules/.package-lock.json')) ? 'install' : 'ci';
        await runProgram('npm', [verb, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'], { say, quietHint: 'about 400 MB' });
      }
    },
    {
      name: 'python',
      title: 'Installing Python packages',
      inputs: () => ['hub-config/requirements.lock', 'hub-config/requirements-models.lock', 'hub-config/requirements-installer.lock'],
      facts: () => venv,
      outputs: () => [relative(root, python)],
      async run(say) {
        checkDisk();
        await makeEnvironment(say);
        await installPython(['hub-config/requirements.lock'], [], say);
        await installPython(['hub-config/requirements-models.lock'], ['--no-deps'], say);
      }
    },
    ...(process.env.STRATALAB_SPAWNER === 'kubernetes' ? [kubernetesStep()] : []),
    ...engineStep()
  ];
}

/** Workspaces as pods need a client of Kubernetes in the Hub; nobody else installs it. */
function kubernetesStep() {
  const lock = 'hub-config/requirements-kubernetes.lock';
  return {
    name: 'python-kubernetes',
    title: 'Installing Python packages for Kubernetes',
    inputs: () => [lock],
    facts: () => venv,
    run: say => installPython([lock], ['--no-deps'], say)
  };
}

function engineStep() {
  const folder = 'services/adapters/model-runtime-local/engine';
  if (!existsSync(join(root, folder, 'package.json'))) return [];
  return [
    {
      name: 'engine',
      title: 'Installing the model engine',
      inputs: () => [`${folder}/package-lock.json`],
      isDone: () => isInstalled(join(root, folder)),
      run: say => runProgram('npm', ['ci', '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=http'], { say, cwd: join(root, folder) })
    }
  ];
}

/** The JupyterLab extension, built from source when that changed. */
export function browserSteps() {
  return [
    {
      name: 'browser',
      title: 'Building the JupyterLab extension',
      inputs: () => ['extensions', 'services/contracts/src', 'services/client/src', 'services/tooling', 'package-lock.json'],
      outputs: () => ['extensions/lab/labextension/package.json', 'share/jupyter/labextensions/@stratalab/lab', 'extensions/admin/lib/standalone-page/administration.js'],
      async run(say) {
        await runProgram('npm', ['run', 'build', '--silent'], { say });
        linkExtension();
      }
    }
  ];
}

/** What only tests need; lanes that are not asked for install nothing. */
export function testSteps(args) {
  const lane = args.includes('--lane') ? args[args.indexOf('--lane') + 1] : 'all';
  const steps = [
    kubernetesStep(),
    {
      name: 'python-test',
      title: 'Installing Python test packages',
      inputs: () => ['hub-config/requirements-test.lock', 'hub-config/requirements.lock'],
      facts: () => venv,
      run: say => installPython(['hub-config/requirements-test.lock'], [], say)
    }
  ];
  if (['all', 'unit', 'by-url'].includes(lane)) {
    steps.push({ name: 'torch-test', title: 'Installing PyTorch for tests', inputs: () => [], isDone: hasTorch, run: installTorch });
  }
  if (['all', 'unit', 'by-url', 'cluster'].includes(lane)) {
    const folder = join(cache, 'ray');
    steps.push({
      name: 'ray-test',
      title: 'Installing Ray for tests',
      inputs: () => ['hub-config/requirements-ray.lock'],
      facts: () => folder,
      outputs: () => [relative(root, join(folder, 'bin/ray'))],
      run: say => installRay(folder, say)
    });
  }
  if (['all', 'ui', 'cluster'].includes(lane)) {
    steps.push({
      name: 'ui-tests',
      title: 'Installing browser tests',
      inputs: () => ['ui-tests/package-lock.json'],
      outputs: () => ['ui-tests/node_modules/.package-lock.json'],
      async run(say) {
        await runProgram('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http'], {
          say,
          cwd: join(root, 'ui-tests'),
          env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' }
        });
        await installBrowser(say);
      }
    });
  }
  if (lane === 'cluster') {
    steps.push({
      name: 'cluster-packages',
      title: 'Installing what a real node needs',
      isDone: () => process.getuid?.() !== 0 || existsSync('/usr/lib/cni'),
      inputs: () => [],
      run: say => installPackages(['containerd', 'containernetworking-plugins', 'iptables', 'iproute2'], say)
    });
  }
  return steps;
}

const debianTorch = '/usr/lib/python3/dist-packages/torch';

/** Real torchrun needs a real PyTorch; Debian's is small and has no CUDA. Where it cannot be installed its tests fail and say so. */
function hasTorch() {
  return existsSync(debianTorch) || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get');
}

async function installTorch(say) {
  await runProgram('apt-get', ['update', '-qq'], { say });
  await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3-torch'], { say, quietHint: 'about 150 MB', env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

async function makeEnvironment(say) {
  if (existsSync(python) && existsSync(join(venv, 'bin/uv')) && isMadeHere()) return;
  const base = await findPython();
  rmSync(venv, { recursive: true, force: true });
  say('virtual environment');
  await runProgram(base, ['-m', 'venv', venv], { say });
  await runProgram(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', join(root, 'hub-config/requirements-installer.lock')], {
    say
  });
}

/** The scripts of an environment hold its path, so a moved checkout needs a new one. */
function isMadeHere() {
  return readFileSync(join(venv, 'pyvenv.cfg'), 'utf8').includes(`-m venv ${venv}\n`);
}

function installPython(files, flags, say) {
  const uv = join(venv, 'bin/uv');
  return runProgram(uv, ['pip', 'install', '--python', python, '--require-hashes', ...flags, ...files.flatMap(file => ['-r', file])], { say, quietHint: 'about 400 MB' });
}

/** An environment of its own: Ray is no part of the product. Of the system's Python where there is one, since pods of tests see only that. */
async function installRay(folder, say) {
  const uv = join(venv, 'bin/uv');
  rmSync(folder, { recursive: true, force: true });
  const isSystem = await output('/usr/bin/python3', ['-c', 'import sys; assert (3, 11) <= sys.version_info < (3, 14)']).then(
    () => true,
    () => false
  );
  await runProgram(uv, ['venv', '--python', isSystem ? '/usr/bin/python3' : python, folder], { say });
  await runProgram(uv, ['pip', 'install', '--python', join(folder, 'bin/python'), '--require-hashes', '-r', 'hub-config/requirements-ray.lock'], {
    say,
    quietHint: 'about 100 MB'
  });
}

async function findPython() {
  for (const name of ['python3.13', 'python3.12', 'python3.11', 'python3']) {
    const version = await output(name, ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])']).catch(() => '');
    const [major, minor] = version.trim().split('.').map(Number);
    if (major === 3 && minor >= 11 && minor <= 13) return name;
  }
  throw new Error('Stratalab needs Python 3.11, 3.12 or 3.13 with venv. Install it (Debian: apt install python3 python3-venv), then run the command again.');
}

async function installBrowser(say) {
  if (await output('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome']).catch(() => '')) return;
  if (process.getuid?.() !== 0) throw new Error('Browser tests need Chromium: install it (Debian: apt install chromium), then run the command again.');
  await installPackages(['chromium', 'fonts-liberation'], say);
}

/** Debian's packages, without what they only recommend. */
async function installPackages(names, say) {
  await runProgram('apt-get', ['update', '-qq'], { say });
  await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { say, env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

function linkExtension() {
  const folder = join(root, 'share/jupyter/labextensions/@stratalab');
  mkdirSync(folder, { recursive: true });
  const link = join(folder, 'lab');
  rmSync(link, { force: true, recursive: true });
  symlinkSync(relative(folder, join(root, 'extensions/lab/labextension')), link);
}

function checkDisk() {
  const { bavail, bsize } = statfsSync(root);
  const freeGiB = (bavail * bsize) / 1024 ** 3;
  if (freeGiB < neededGiB)
    throw new Error(`Only ${freeGiB.toFixed(1)} GiB are free here, and the installation needs ${neededGiB} GiB. Free some space, then run the command again.`);
}

function output(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.on('error', reject);
    child.on('close', code => (code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}`))));
  });
}

/** Runs a program; its last line of output is shown as progress, all of it when it fails. */
function runProgram(program, args, { say, cwd = root, env = {}, quietHint = '' }) {
  return new Promise((resolve, reject) => {
    if (quietHint !== '') say(quietHint);
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    // An interrupted set-up takes what it started with it.
    const stop = () => child.kill();
    process.once('exit', stop);
    child.once('close', () => process.off('exit', stop));
    const lines = [];
    const note = chunk => {
      for (const line of String(chunk)
        .split('\n')
        .map(text => text.trim())
        .filter(text => text !== '' && !text.includes('EBADENGINE'))) {
        const fetched = /^npm http (?:fetch|cache) (?:GET \d+ )?\S+\/([^/\s]+)/.exec(line)?.[1];
        if (fetched === undefined && !line.startsWith('npm http')) lines.push(line);
        say((fetched ?? line).slice(0, 60));
      }
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('error', error => reject(new Error(error.code === 'ENOENT' ? `The program '${program}' is not installed.` : error.message)));
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(explain(program, code, lines)))));
  });
}

const networkFailure =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|Could not connect|dns error|Temporary failure in name resolution|Failed to fetch|error sending request|NewConnectionError/;

function explain(program, code, lines) {
  const text = lines.slice(-15).join('\n');
  const hint = networkFailure.test(text) ? '\nThe package registry cannot be reached: the first run needs a network, later runs do not.' : '';
  return `${program} ended with ${code}.\n${text}${hint}`;
}
