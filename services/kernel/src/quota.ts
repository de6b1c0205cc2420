/** Resources a tenant has limits for; units in the name. */
export const quotaResources = ['cpu', 'memory-mib', 'gpu', 'storage-mib', 'jobs', 'workspaces', 'tokens-per-day'] as const;
export type QuotaResource = (typeof quotaResources)[number];

export type QuotaAmounts = Readonly<Partial<Record<QuotaResource, number>>>;
