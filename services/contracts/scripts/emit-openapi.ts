import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { problemKinds, ProblemDocument, kernelRoutes, type Route, type RouteTable } from '../src/index.ts';
import { tablesByService } from '../src/tables.ts';

/** Writes one OpenAPI 3.1 document per service to `openapi/`; with `--check` only says whether they are up to date. */
const folder = new URL('../openapi/', import.meta.url);

function operation(declared: Route): object {
  const parameters = (['params', 'query'] as const).flatMap(part =>
    Object.entries(declared[part].properties).map(([name, schema]) => ({
      name,
      in: part === 'params' ? 'path' : 'query',
      required: part === 'params' || (declared[part].required ?? []).includes(name),
      schema
    }))
  );
  const problems = [...new Set(['invalid-request', 'unauthenticated', 'forbidden', 'not-found', ...declared.problems] as const)];
  const byStatus = Map.groupBy(problems, code => problemKinds[code].status);
  const failures = [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, codes]) => [
      String(status),
      {
        description: codes.map(code => `${code}: ${problemKinds[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
      }
    ]);
  const success =
    declared.kind === 'stream'
      ? { description: 'A stream', content: { 'text/event-stream': { schema: { type: 'string' } } } }
      : declared.response === undefined
        ? { description: 'Done' }
        : { description: 'Success', content: { 'application/json': { schema: declared.response } } };
  return {
    operationId: declared.operationId,
    summary: declared.summary,
    'x-permission': declared.permission,
    'x-audit': declared.audit === false ? null : declared.audit,
    security: declared.permission === 'anonymous' ? [] : [{ bearer: [] }],
    parameters,
    ...(declared.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: declared.body } } } }),
    responses: { [String(declared.status)]: success, ...Object.fromEntries(failures) }
  };
}

function document(service: string, table: RouteTable): string {
  const paths: Record<string, Record<string, object>> = {};
  for (const declared of Object.values(table)) {
    const path = (paths[declared.path] ??= {});
    path[declared.method.toLowerCase()] = operation(declared);
  }
  const spec = {
    openapi: '3.1.0',
    info: { title: `Stratalab ${service}`, version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/services/stratalab', description: 'Behind the Hub' }],
    paths,
    components: { schemas: { Problem: ProblemDocument }, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'Hub token, access key or job token' } } }
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}

const isCheck = process.argv.includes('--check');
let isStale = false;
mkdirSync(folder, { recursive: true });
for (const [service, table] of Object.entries({ ...tablesByService, events: kernelRoutes })) {
  const target = new URL(`${service}.json`, folder);
  const text = document(service, table);
  if (isCheck) {
    const before = read(target);
    if (before !== text) {
      isStale = true;
      process.stderr.write(`services/contracts/openapi/${service}.json is not up to date: run npm run openapi\n`);
    }
  } else writeFileSync(target, text);
}
process.exitCode = isStale ? 1 : 0;

function read(target: URL): string {
  try {
    return readFileSync(target, 'utf8');
  } catch {
    return '';
  }
}
