import services from './jest.services.config.mjs';

/** Tests on a real cluster of this machine; no database is needed. */
const { globalSetup: _globalSetup, globalTeardown: _globalTeardown, ...shared } = services;
export default { ...shared, roots: ['<rootDir>/deploy'], maxWorkers: 1 };
