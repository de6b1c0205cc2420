export { dropStagings } from './drop-stagings.ts';
export { createFolderObjectStore } from './folder-object-store.ts';
export { listPublished } from './published.ts';
