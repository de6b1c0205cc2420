export { callsPerSecond, compare, cpuMicrosPerCall, median, percentile, report, type Measured } from './bench/measure.ts';
export { startBenchServer } from './bench/bench-server.ts';
export { freePorts } from './free-ports.ts';
export { administrator, createTenant, fakeControlPorts } from './fake-control.ts';
export { scriptedServing, type Script } from './scripted-serving.ts';
export { createTestDatabase, type TestDatabase } from './test-database/create-test-database.ts';
export { startStockServer } from './test-database/stock-server.ts';
export { onServer, template, withDatabase } from './test-database/template.ts';
export { createTestHost, testActor, waitFor, type TestAnswer, type TestHost, type TestHostOptions } from './test-host.ts';
