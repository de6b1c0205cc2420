import jupyter from '@jupyter/eslint-plugin';
import tseslint from 'typescript-eslint';

const rawRoute = {
  selector: "CallExpression[callee.object.name='app'][callee.property.name=/^(get|post|put|patch|delete|all)$/]",
  message: 'Routes come from contracts (implement); raw routes exist only in the kernel and the two protocol surfaces.'
};
const spread = { selector: 'ExportAllDeclaration', message: 'Name what is exported.' };
const environment = { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'Read settings through config.ts.' };

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/lib/', '**/labextension/', 'share/', '.cache/', '.venv/', '**/test-results/', '**/*.cjs', '**/*.mjs', 'extensions/lab/style/'] },
  {
    files: ['services/**/*.ts', 'extensions/**/*.{ts,tsx}', 'deploy/**/*.ts', 'ui-tests/**/*.ts'],
    extends: [...tseslint.configs.strict],
    languageOptions: { parserOptions: { sourceType: 'module' } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 90, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 4],
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-imports': ['error', { paths: ['vm', 'node:vm', 'vm2'] }],
      'no-restricted-syntax': ['error', rawRoute, spread, environment],
      'prefer-const': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off'
    }
  },
  {
    files: ['extensions/**/*.{ts,tsx}'],
    plugins: { jupyter },
    rules: { ...jupyter.configs?.recommended?.rules, 'max-lines-per-function': ['error', { max: 150 }] }
  },
  {
    files: [
      'services/platform/src/config.ts',
      'services/tooling/**/*.ts',
      '**/*.test.ts',
      '**/*.test-support.ts',
      'services/adapters/**/*.ts',
      '**/bench/**/*.ts',
      'ui-tests/**/*.ts',
      'deploy/dev-cluster/src/{settings,run-program,processes/processes,cli}.ts'
    ],
    rules: { 'no-restricted-syntax': ['error', spread], 'max-lines-per-function': 'off', 'max-params': 'off' }
  },
  {
    files: ['services/kernel/src/http/**/*.ts', 'services/serving/src/gateway/**/*.ts', 'services/models/src/mlflow/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', spread, environment] }
  }
);
