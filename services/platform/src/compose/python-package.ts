import { fileURLToPath } from 'node:url';

/** Folder of the package `stratalab`: `progress()` for jobs, the same as in workspaces. */
export const pythonPackage = fileURLToPath(new URL('../../../../extensions/python/src', import.meta.url));
