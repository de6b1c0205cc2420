export const computeRoutes = {};
