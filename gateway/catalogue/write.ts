import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cataloguePage } from './page.ts';
import { rulesPage } from './rules-page.ts';

/** Writes the catalogues of devices and of rules; `npm run catalogue` starts it in the root of the repository. */
writeFileSync(join('gateway', 'docs', 'devices.md'), cataloguePage());
writeFileSync(join('gateway', 'docs', 'rules.md'), rulesPage());
