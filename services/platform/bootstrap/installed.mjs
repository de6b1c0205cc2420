import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether `node_modules` of a folder holds what its lockfile says, by the list npm keeps of what it installed.
 * Packages for other systems are optional and may be absent; an interrupted installation leaves no list.
 */
export function isInstalled(folder) {
  const wanted = readPackages(join(folder, 'package-lock.json'));
  const present = readPackages(join(folder, 'node_modules/.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link, resolved }]) => {
    if (path === '') return true;
    const found = present[path];
    if (found === undefined) return optional === true || devOptional === true;
    return found.version === version && found.link === link && (link !== true || found.resolved === resolved);
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
