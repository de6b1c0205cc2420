import { fileURLToPath } from 'node:url';

const here = path => fileURLToPath(new URL(path, import.meta.url));

/** The administration page as one script and one style sheet, without JupyterLab around it; needs `lib/` (npm run build:browser). */
export default {
  mode: 'production',
  target: ['web', 'es2022'],
  entry: { administration: [here('lib/standalone/main.js'), here('style/standalone.css')] },
  output: {
    path: here('lib/standalone-page'),
    filename: '[name].js',
    chunkFilename: '[name].[contenthash:8].js',
    cssFilename: '[name].css',
    cssChunkFilename: '[name].[contenthash:8].css',
    clean: true,
    publicPath: 'auto'
  },
  module: {
    rules: [
      { test: /\.js$/, resolve: { fullySpecified: false } },
      { test: /\.css$/, type: 'css' },
      { test: /\.svg$/, type: 'asset/source' }
    ]
  },
  performance: { hints: false },
  stats: 'errors-warnings'
};
