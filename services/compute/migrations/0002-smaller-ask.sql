-- What would start now in the place of a job that the runtime's own queue holds back: processes and resources of each.
alter table compute.job add column smaller_ask jsonb;
