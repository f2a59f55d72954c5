import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './files.ts';

/** Writes the dashboards as JSON; `npm run grafana` starts it in the root of the repository. */
const DIRECTORY = join('dashboards', 'grafana', 'generated');

const files = generatedFiles();
rmSync(DIRECTORY, { recursive: true, force: true });
mkdirSync(DIRECTORY, { recursive: true });
for (const { name, text } of files) writeFileSync(join(DIRECTORY, name), text);
