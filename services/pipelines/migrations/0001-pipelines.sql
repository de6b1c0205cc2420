-- Tables of `pipelines`.
select 1;
