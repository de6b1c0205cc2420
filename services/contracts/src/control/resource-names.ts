/** Resources a tenant has limits for, in the order people see them. */
export const resourceNames = ['cpu', 'memory-mib', 'gpu', 'storage-mib', 'jobs', 'workspaces', 'tokens-per-day'] as const;
