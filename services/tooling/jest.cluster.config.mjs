import services from './jest.services.config.mjs';

/** Tests on a real cluster of this machine; one at a time. */
export default { ...services, roots: ['<rootDir>/deploy'], maxWorkers: 1, testTimeout: 300_000 };
