import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cataloguePage } from './page.ts';

/** Writes the device catalogue; `npm run catalogue` starts it in the root of the repository. */
writeFileSync(join('gateway', 'docs', 'devices.md'), cataloguePage());
