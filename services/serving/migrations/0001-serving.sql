-- Tables of `serving`.
select 1;
