export { createFolderObjectStore } from './folder-object-store.ts';
