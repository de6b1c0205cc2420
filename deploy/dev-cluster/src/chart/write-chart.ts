import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';

/** Writes the files of the chart that follow from others: `node deploy/dev-cluster/src/chart/write-chart.ts`. */
for (const { path, text } of await generatedFiles()) await writeFile(path, text);
