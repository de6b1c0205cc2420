export { administrator, createTenant, fakeControlPorts } from './fake-control.ts';
export { createTestDatabase, type TestDatabase } from './test-database/create-test-database.ts';
export { createTestHost, testActor, waitFor, type TestAnswer, type TestHost, type TestHostOptions } from './test-host.ts';
