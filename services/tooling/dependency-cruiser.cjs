/** The dependency rules of ARCHITECTURE.md; numbers in the names refer to its list. */
const services = 'control|catalog|compute|pipelines|models|serving|agents';
const testCode = '\\.test\\.tsx?$|\\.test-support\\.tsx?$|/testing/|/tooling/|/bench/';

module.exports = {
  forbidden: [
    {
      name: '01-contracts-only-typebox',
      severity: 'error',
      from: { path: '^services/contracts/src', pathNot: testCode },
      to: { pathNot: '^services/contracts/|node_modules/typebox' }
    },
    { name: '02-client-only-contracts', severity: 'error', from: { path: '^services/client/src', pathNot: testCode }, to: { pathNot: '^services/(client|contracts)/' } },
    {
      name: '03-kernel-knows-no-domain',
      severity: 'error',
      from: { path: '^services/kernel/src', pathNot: testCode },
      to: { path: `^services/(${services}|platform|adapters)/|^services/contracts/src/(${services})/` }
    },
    {
      name: '04-domain-is-pure',
      severity: 'error',
      from: { path: `^services/(${services})/src/domain/`, pathNot: testCode },
      to: { path: 'fastify|kysely|^services/adapters/|/usecases/|/store/|node:(fs|net|http|child_process)' }
    },
    {
      name: '05-usecases-without-infrastructure',
      severity: 'error',
      from: { path: `^services/(${services})/src/usecases/`, pathNot: testCode },
      to: { path: 'node_modules/fastify|^services/adapters/|node:(fs|net|http|child_process)' }
    },
    {
      name: '06-service-to-service-by-client',
      severity: 'error',
      from: { path: `^services/(${services})/src`, pathNot: testCode },
      to: { path: `^services/(${services})/src`, pathNot: '^services/$1/src' }
    },
    {
      name: '07-only-adapters-spawn',
      severity: 'error',
      from: { path: '^services', pathNot: `^services/(adapters|platform|tooling)/|${testCode}` },
      to: { path: '^(node:)?child_process$' }
    },
    {
      name: '08-only-platform-composes',
      severity: 'error',
      from: { path: '^services', pathNot: `^services/(platform|adapters|tooling)/|/main\\.ts$|${testCode}` },
      to: { path: '^services/adapters/' }
    },
    {
      name: '09-extensions-stay-in-the-browser',
      severity: 'error',
      from: { path: '^extensions', pathNot: testCode },
      to: { path: `^services/(kernel|platform|adapters|${services})/` }
    },
    {
      name: '10-panels-by-token-only',
      severity: 'error',
      from: { path: '^extensions/(home|data|jobs|models|serving|agents|admin)/' },
      to: { path: '^extensions/(home|data|jobs|models|serving|agents|admin)/', pathNot: '^extensions/$1/' }
    },
    { name: '11-no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: '14-source-never-imports-tests', severity: 'error', from: { path: '/src/', pathNot: testCode }, to: { path: '\\.test\\.tsx?$' } }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|lib|labextension|share)/' },
    tsConfig: { fileName: 'services/tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['node', 'import', 'types', 'default'], exportsFields: ['exports'] }
  }
};
