export { createLocalMounts, type LocalMounts } from './workspace-folders.ts';
export { slug } from './slug.ts';
