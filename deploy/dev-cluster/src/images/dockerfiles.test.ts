import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { DockerfileParser, type Dockerfile } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const images = join(repository, 'images');
const names = (await readdir(images, { withFileTypes: true })).filter(entry => entry.isDirectory()).map(({ name }) => name);
const bake = await readFile(join(images, 'docker-bake.hcl'), 'utf8');
const bases = Object.fromEntries([...bake.matchAll(/variable "(\w+)" \{\s+default = "([^"]+)"/g)].map(([, name = '', value = '']) => [name, value]));
/** A version in the tag, or a digest; `latest`, `stable` and the like change under our feet. */
const pinned = /^[\w./-]+(:\d[\w.-]*)(@sha256:[0-9a-f]{64})?$/;

/** Commands of a RUN instruction, continued lines joined. */
function commandsOf(dockerfile: Dockerfile): readonly string[] {
  const text = dockerfile
    .getInstructions()
    .filter(instruction => instruction.getInstruction() === 'RUN')
    .map(instruction => instruction.getRawArgumentsContent() ?? '');
  return text.flatMap(run => run.replaceAll('\\\n', ' ').split('&&')).map(command => command.trim().replace(/\s+/g, ' '));
}

test('there is an image for the platform, for workspaces and for jobs, each a target of the one file that builds them', () => {
  expect(names.sort()).toEqual(['job', 'notebook-cpu', 'notebook-gpu', 'platform']);
  for (const name of names) expect(bake).toContain(`dockerfile = "images/${name}/Dockerfile"`);
});

describe.each(names)('the image %s', name => {
  const dockerfile = async (): Promise<Dockerfile> => DockerfileParser.parse(await readFile(join(images, name, 'Dockerfile'), 'utf8'));

  test('is a Dockerfile without a mistake', async () => {
    expect(validate(await readFile(join(images, name, 'Dockerfile'), 'utf8')).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  test('is made from pinned images only, whose versions are said in one place', async () => {
    const parsed = await dockerfile();
    for (const arg of parsed.getARGs()) {
      const property = arg.getProperty();
      expect(property?.getValue()).toBe(bases[property?.getName() ?? '']);
      expect(property?.getValue()).toMatch(pinned);
    }
    const stages = new Set(parsed.getFROMs().flatMap(from => from.getBuildStage() ?? []));
    const contexts = [...bake.matchAll(/contexts = \{ (\w+) = "target:/g)].map(([, context]) => context);
    for (const from of parsed.getFROMs()) {
      const image = from.getImage() ?? '';
      expect({ image, isKnown: image === '${DEBIAN}' || stages.has(image) || contexts.includes(image) }).toEqual({ image, isKnown: true });
    }
  });

  test('runs as a numbered user that is not root', async () => {
    const last = (await dockerfile())
      .getInstructions()
      .filter(instruction => instruction.getInstruction() === 'USER')
      .at(-1);
    expect(last?.getArgumentsContent()).toBe('1000:1000');
  });

  test('takes packages by lock and hash, runs none of their scripts, and fetches nothing else', async () => {
    for (const command of commandsOf(await dockerfile())) {
      expect(command).not.toMatch(/\b(curl|wget|npx|git clone)\b/);
      if (/\bnpm (ci|install)\b/.test(command)) expect(command).toMatch(/^npm ci --ignore-scripts /);
      if (/\bpip install\b/.test(command)) expect(command).toMatch(/ --require-hashes .*-r \S+\.lock$/);
      if (/apt-get install/.test(command)) expect(command).toMatch(/ --no-install-recommends /);
    }
    const text = await readFile(join(images, name, 'Dockerfile'), 'utf8');
    expect(text).not.toMatch(/^ADD /m);
    expect(text.match(/apt-get update/g)?.length ?? 0).toBe(text.match(/rm -rf \/var\/lib\/apt\/lists/g)?.length ?? 0);
  });

  test('copies only what is there', async () => {
    for (const copy of (await dockerfile()).getCOPYs()) {
      if (copy.getFromFlag() !== null) continue;
      const sources = copy
        .getArguments()
        .slice(0, -1)
        .map(argument => argument.getValue());
      expect(sources.filter(source => !existsSync(join(repository, source)))).toEqual([]);
    }
  });
});

test('nothing of a working checkout gets into a build: no history, no packages, no data, no environment', async () => {
  const ignored = (await readFile(join(repository, '.dockerignore'), 'utf8')).split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.git', '.cache', '.venv', '.stratalab', '**/node_modules']));
});
