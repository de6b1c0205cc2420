-- Tenants on whose quota a profile may run; null: every tenant.
alter table control.profile add column tenants jsonb;
