import { administratorPermissions, kernelRoutes, permissions, permissionTable, problemCodes, problemKinds, roles, type Route } from '@stratalab/contracts';
import { tablesByService } from '@stratalab/contracts/tables';
import { code, page, table } from './markdown.ts';

const tables = { ...tablesByService, events: kernelRoutes };
const routesUsing = (permission: string): readonly Route[] => Object.values(tables).flatMap(routes => Object.values(routes).filter(declared => declared.permission === permission));

/** Who may do what: roles, permissions and the operations each opens. */
export function permissionsPage(): string {
  const rows = permissions.map(permission => {
    const weakest = permissionTable[permission];
    const holders = roles.map(role => (weakest !== 'platform' && roles.indexOf(role) >= roles.indexOf(weakest) ? 'yes' : ''));
    const administrator = weakest === 'platform' || administratorPermissions.includes(permission) ? 'yes' : '';
    return [
      code(permission),
      ...holders,
      administrator,
      routesUsing(permission)
        .map(({ operationId }) => operationId)
        .join(', ')
    ];
  });
  return page(
    'Permissions',
    'A role belongs to one tenant. An administrator of the installation runs tenants and is not thereby a member of any: it sees people, limits, keys and books, never data.\nA key or a job token carries a subset of what its creator holds. Calls without a permission are answered 403, about tenants one is no member of 404.',
    [table(['Permission', ...roles, 'administrator', 'Operations'], rows)]
  );
}

/** Every expected failure with its status and whether trying again may help. */
export function problemsPage(): string {
  const rows = problemCodes.map(problem => {
    const { status, title, retryable } = problemKinds[problem];
    return [code(problem), String(status), title, retryable ? 'yes' : ''];
  });
  return page(
    'Problems',
    'A failed call answers `application/problem+json` (RFC 9457): `code` is the stable name to test by, `detail` says what exactly went wrong, `hint` what to do, `instance` is the id of the request. `quota-exceeded` adds `limit`, `used` and `requested`.',
    [table(['Code', 'Status', 'Title', 'Try again'], rows)]
  );
}

/** Every operation with its path and permission; schemas are in the OpenAPI documents. */
export function apiPage(): string {
  const sections = Object.entries(tables).map(([service, routes]) => {
    const rows = Object.values(routes).map(declared => [
      code(declared.operationId),
      code(`${declared.method} ${declared.path}`),
      code(declared.permission),
      declared.audit === false ? '' : code(declared.audit),
      declared.summary
    ]);
    return `## ${service}\n\nSchemas: [openapi/${service}.json](../../services/contracts/openapi/${service}.json)\n\n${table(['Operation', 'Path', 'Permission', 'Audited as', 'What it does'], rows)}`;
  });
  return page(
    'API',
    'All paths are below `/services/stratalab` of the Hub. Send `Authorization: Bearer <access key or Hub token>`; a POST may carry an `Idempotency-Key`. Lists answer `items` and `nextCursor`.',
    sections
  );
}
