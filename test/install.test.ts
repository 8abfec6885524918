import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
const { allowScripts, scripts } = z
  .object({
    allowScripts: z.record(z.string(), z.boolean()),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(read('package.json'));
const { packages } = z
  .object({
    packages: z.record(
      z.string(),
      z.object({ hasInstallScript: z.boolean().optional(), resolved: z.string().optional() }),
    ),
  })
  .parse(read('package-lock.json'));

test('npm ci never runs the install script that fetches CUDA libraries, whatever the version of npm', () => {
  // npm 10 runs the scripts of all packages whose entry says that there are any; npm 12 asks allowScripts.
  expect(packages['node_modules/onnxruntime-node']).toEqual({});
  expect(allowScripts['onnxruntime-node']).toBe(false);
});

test('every package with an install script is decided about, so that npm warns of none', () => {
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, '')] : [],
  );
  expect(scripted.filter((name) => !Object.hasOwn(allowScripts, name))).toEqual([]);
});

test('npm ci and npm pack build, and npm has no script to ask about where the packed server is installed', () => {
  // npm 9 to 12 run prepublish for npm ci, and in no installation; they warn of prepare, which does the same.
  expect(scripts).toMatchObject({ prepublish: 'npm run build', prepack: 'npm run build' });
  const asked = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(asked.filter((name) => Object.hasOwn(scripts, name))).toEqual([]);
});

test('the lock file is bound to no host, and no setting of npm is written that npm does not know', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  expect(existsSync(new URL('../.npmrc', import.meta.url))).toBe(false);
});
