export const catalogRoutes = {};
