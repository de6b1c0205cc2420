import { rspack } from '@rspack/core';
import config from './standalone.config.mjs';

rspack(config, (error, stats) => {
  if (error !== null || stats === undefined || stats.hasErrors()) {
    process.stderr.write(`${error?.stack ?? stats?.toString({ all: false, errors: true })}\n`);
    process.exit(1);
  }
});
