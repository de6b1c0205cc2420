export { choice, closed, Condition, Description, Id, nullable, ObjectName, page, PageQuery, Slug, Subject, Tag, TenantParams, Timestamp } from './fields.ts';
export { eventNames, EventRecord, kernelRoutes, streamEvents, type EventName } from './event.ts';
export { administratorPermissions, isPermission, isRole, permissions, permissionTable, roles, type Permission, type Role } from './permissions.ts';
export { isProblemCode, Problem, problemCodes, problemKinds, type ProblemCode, type ProblemDetails } from './problem.ts';
export { ProblemDocument } from './problem-document.ts';
export { route, type BodyOf, type EmptyObject, type Method, type ParamsOf, type QueryOf, type ResponseOf, type Route, type RouteAccess, type RouteTable } from './route.ts';
export { formatUrn, objectKinds, parseUrn, type ObjectKind, type Urn } from './urn.ts';
export { UrnText } from './urn-text.ts';
