export const modelsRoutes = {};
