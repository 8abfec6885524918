import { join } from 'node:path';
import { packageFolder } from '../../server/package-folder.js';
import { buildPackage, serveWithPage } from './build-package.js';

// A step of `npm run build`, after the page: the client as a package, which the server offers too.
const built = join(packageFolder, 'dist', 'duet-client');
await buildPackage(built);
await serveWithPage(built, join(packageFolder, 'dist', 'client'));
