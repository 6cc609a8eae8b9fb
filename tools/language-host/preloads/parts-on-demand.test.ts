import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { PRELOADS, sdkArguments } from '../sdk-arguments.ts';

const require = createRequire(import.meta.url);

/** Runs a module beside this one with the SDK as `pulumi`, after what Node.js is told; gives what it prints. */
function run(source: string, ...options: readonly string[]): unknown {
  const program = `import { createRequire } from 'node:module';
    import * as pulumi from '@pulumi/pulumi';
    const loaded = () => Object.keys(createRequire(import.meta.url).cache);
    ${source}`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', program],
    { cwd: import.meta.dirname, encoding: 'utf8', env: {} },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

const LEAN = sdkArguments(PRELOADS);

test('loads neither compiler nor package manager with the SDK, and no debugger', () => {
  const source = `
    const parts = ['typescript', '@npmcli/arborist', 'execa'].filter((name) =>
      loaded().some((file) => file.includes('/node_modules/' + name + '/')));
    await import('@pulumi/pulumi/runtime/closure/v8Hooks.js').then((hooks) => hooks.isInitializedAsync());
    process.stdout.write(JSON.stringify(parts));`;
  expect(run(source, ...LEAN)).toEqual([]);
  // What it is about: an SDK that loads them no more needs nothing of this.
  expect(run(source)).toEqual(['typescript', '@npmcli/arborist', 'execa']);
});

test('has all the same what it loads on demand, with the same words', () => {
  const source = `
    const { default: hooks } = await import('@pulumi/pulumi/runtime/closure/v8Hooks.js');
    await hooks.isInitializedAsync();
    const size = 3;
    const told = await pulumi.runtime.serializeFunction(() => size).then(({ text }) => text);
    const native = Math.max.bind(null, 1);
    const refused = await pulumi.runtime.serializeFunction(() => native()).catch(({ message }) => message);
    const paths = await pulumi.runtime.computeCodePaths().then((found) => found.size, (error) => error.message);
    const { LocalWorkspace } = pulumi.automation;
    process.stdout.write(JSON.stringify({
      told, refused, paths, workspace: LocalWorkspace.name, names: Object.keys(pulumi.automation),
      has: ['Stack' in pulumi.automation, 'nothing' in pulumi.automation],
    }));`;
  const [plain, lean] = [run(source), run(source, ...LEAN)] as { readonly refused: string }[];
  // A debugger that is asked late knows where the function is; this script is older than that of the SDK itself.
  expect(lean?.refused).toMatch(/: \[eval1\]\(\d+,\d+\): captured/);
  expect({ ...lean, refused: lean?.refused.replaceAll(/: \[eval1\]\([\d,]+\)/g, '') }).toEqual(
    plain,
  );
  expect(plain).toMatchObject({
    told: expect.stringContaining('return () => size'),
    refused: expect.stringContaining('native'),
    workspace: 'LocalWorkspace',
    has: [true, false],
  });
});

test('keeps no stack of a promise unless somebody looks for those that never end', () => {
  const source = `
    const { default: debuggable } = await import('@pulumi/pulumi/runtime/debuggable.js');
    const promise = Promise.resolve(1);
    await debuggable.debuggablePromise(promise, 'one');
    process.stdout.write(JSON.stringify([promise._debugCtx, promise._debugStackTrace, new Error('x').stack.includes('at ')]));`;
  expect(run(source, ...LEAN)).toEqual(['one', 'Error', true]);
});

test('stands in for files that the SDK has', () => {
  for (const file of [
    ...['automation/index.js', 'runtime/debuggable.js', 'runtime/closure/v8Hooks.js'],
    ...['runtime/closure/serializeClosure.js', 'runtime/closure/codePaths.js'],
  ]) {
    expect(
      existsSync(path.join(path.dirname(require.resolve('@pulumi/pulumi/package.json')), file)),
    ).toBe(true);
  }
});
