import { createRequire } from 'node:module';
import { types } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { automation, runtime } from '@pulumi/pulumi';
import { LocalWorkspace } from '@pulumi/pulumi/automation/index.js';
import ts from 'typescript';

const require = createRequire(import.meta.url);

/** The module that a file of Pulumi gets, where it is one that a suite loads only when it uses it. */
function required(file: string, request: string): Readonly<Record<string, unknown>> {
  const path = require.resolve(`@pulumi/pulumi/${file}`);
  return createRequire(path)(request) as Readonly<Record<string, unknown>>;
}

describe('what @pulumi/pulumi requires at its start', () => {
  test.each([
    ['index.js', './automation', 'LocalWorkspace'],
    ['runtime/closure/parseFunction.js', '../../typescript-shim', 'createSourceFile'],
    ['runtime/closure/codePaths.js', '@npmcli/arborist', 'Arborist'],
  ])('is loaded when something of it is read: for %s, %s', (file, request, name) => {
    const module = required(file, request);
    expect(types.isProxy(module)).toBe(true);
    expect(module['__esModule']).toBe(true);
    expect(typeof module[name]).toBe('function');
    expect(Object.keys(module)).toContain(name);
    expect(name in module).toBe(true);
  });

  test('is the module itself', () => {
    expect(types.isProxy(automation)).toBe(true);
    expect(automation.LocalWorkspace).toBe(LocalWorkspace);
    const shim = required('runtime/closure/parseFunction.js', '../../typescript-shim');
    expect(shim['createSourceFile']).toBe(ts.createSourceFile);
  });

  test('makes text of a function as without jest', async () => {
    const { text } = await runtime.serializeFunction(() => 6 * 7);
    expect(text).toContain('6 * 7');
  });
});

describe('a promise that Pulumi watches', () => {
  const { debuggablePromise } = required('runtime/rpc.js', './debuggable') as {
    readonly debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
  };

  test('is not told where it was made, while errors are', () => {
    const limit = Error.stackTraceLimit;
    const promise = Promise.resolve(1);
    void debuggablePromise(promise, 'a test');
    expect(promise).toHaveProperty('_debugCtx', 'a test');
    expect(promise).toHaveProperty('_debugStackTrace', expect.not.stringContaining('at '));
    expect(Error.stackTraceLimit).toBe(limit);
    expect(new Error('elsewhere').stack).toContain('light-pulumi.test.ts');
  });

  test('fails with what it failed with', async () => {
    const problem = new Error('no answer');
    await expect(debuggablePromise(Promise.reject(problem), 'a test')).rejects.toBe(problem);
  });
});
