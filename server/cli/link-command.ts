import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../package-folder.js';

// The last step of a build. npm links the commands of dependencies into node_modules/.bin, but not the
// package's own. With this link `npx duet` works in a checkout, even offline; without it npx would first
// install the checkout into its cache.

const command = join(packageFolder, 'dist', 'server', 'cli', 'main.js');
const folder = join(packageFolder, 'node_modules', '.bin');

await chmod(command, 0o755);
await mkdir(folder, { recursive: true });
if (process.platform === 'win32') {
  await writeFile(join(folder, 'duet.cmd'), `@node "${command}" %*\r\n`);
} else {
  await rm(join(folder, 'duet'), { force: true });
  await symlink('../../dist/server/cli/main.js', join(folder, 'duet'));
}
