import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { render } from './commands/render.ts';
import { outputProblems } from './output/testing/output-problems.ts';

let folder = '';
let written: jest.SpiedFunction<typeof process.stdout.write>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-render-'));
  written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const renderTo = (name: string, stack = 'staging', json = false) =>
  render({ stack, out: path.join(folder, name), json });

/** Every file below a folder with its content. */
const contentOf = (name: string): ReadonlyMap<string, string> => {
  const root = path.join(folder, name);
  return new Map(
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(path.join(root, file)).isFile())
      .toSorted()
      .map((file) => [file, readFileSync(path.join(root, file), 'utf8')]),
  );
};

const refusalOf = async (work: () => Promise<number>): Promise<readonly string[]> => {
  try {
    await work();
  } catch (error) {
    if (error instanceof CodedError) return [error.code, error.message];
    throw error;
  }
  return ['none', ''];
};

describe('render', () => {
  test('writes a chart for each of the seven services and manifests for every noun, twice the same bytes', async () => {
    expect(await renderTo('one')).toBe(0);
    expect(await renderTo('two', 'staging', true)).toBe(0);
    const printed = String(written.mock.lastCall?.[0]);
    expect(outputProblems('render', printed)).toBe('');
    expect(JSON.parse(printed)).toMatchObject({ folder: path.join(folder, 'two') });
    expect(readdirSync(path.join(folder, 'one/charts'))).toHaveLength(7);
    expect(readdirSync(path.join(folder, 'one/manifests'))).toEqual([
      'certificates',
      'cluster',
      'edge',
      'externals',
      'kafka',
      'observability',
      'postgres',
      'redis',
      'rollouts',
      'search',
      'services',
      'tasks',
    ]);
    expect(contentOf('two')).toEqual(contentOf('one'));
  });

  test('replaces the charts of an earlier run and leaves what else lies there', async () => {
    await renderTo('out');
    const before = contentOf('out');
    writeFileSync(path.join(folder, 'out/notes.txt'), 'mine');
    mkdirSync(path.join(folder, 'out/charts/retired'));
    writeFileSync(path.join(folder, 'out/charts/catalog/values.yaml'), 'changed');
    await renderTo('out');
    expect(contentOf('out')).toEqual(new Map([...before, ['notes.txt', 'mine']]));
    expect(existsSync(path.join(folder, 'out/charts/retired'))).toBe(false);
  });

  test('refuses a folder that holds something else, and changes nothing in it', async () => {
    mkdirSync(path.join(folder, 'charts'));
    writeFileSync(path.join(folder, 'charts/own.yaml'), 'mine');
    const [code, message] = await refusalOf(() => renderTo(''));
    expect(code).toBe('RENDER_FOLDER_REFUSED');
    expect(message).toContain(
      'must be empty or written by an earlier render (with meridian-render.json in it), got one with charts; choose another one with --out',
    );
    expect([...contentOf('')]).toEqual([['charts/own.yaml', 'mine']]);
  });

  test('refuses a file, and a folder below one', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect(await refusalOf(() => renderTo('file'))).toEqual([
      'RENDER_FOLDER_REFUSED',
      `Folder '${path.join(folder, 'file')}': must be a folder, got a file; choose another one with --out`,
    ]);
    const [code, message] = await refusalOf(() => renderTo('file/below'));
    expect(code).toBe('RENDER_FOLDER_REFUSED');
    expect(message).toContain('ENOTDIR');
  });

  test('refuses a stack that there is not, and one that has no charts', async () => {
    expect(await refusalOf(() => renderTo('out', 'stage'))).toEqual([
      'STACK_UNKNOWN',
      "Stack 'stage': must be one of 'local', 'staging', 'prod', got 'stage'; choose one with --stack, or declare it in stacks/stacks.ts",
    ]);
    expect(await refusalOf(() => renderTo('out', 'local'))).toEqual([
      'STACK_WITHOUT_CHARTS',
      "Stack 'local': must run in a Kubernetes cluster for this command, got the landing 'local'; choose another one with --stack",
    ]);
    expect(existsSync(path.join(folder, 'out'))).toBe(false);
  });
});

describe('render as a plan of Terraform', () => {
  const planTo = (name: string, stack = 'prod', out?: string) =>
    render({
      stack,
      terraformPlan: path.join(folder, name),
      ...(out === undefined ? {} : { out }),
    });

  test('refuses what cannot be written before anything takes long', async () => {
    writeFileSync(path.join(folder, 'file'), 'mine');
    mkdirSync(path.join(folder, 'folder'));
    expect(await refusalOf(() => planTo('folder'))).toEqual([
      'RENDER_FOLDER_REFUSED',
      `File '${path.join(folder, 'folder')}': must be a file that can be written, got 'it is a folder'; choose another one with --terraform-plan`,
    ]);
    for (const [name, above, found] of [
      ['file/below', 'file', 'a file'],
      ['none/dir/plan.json', 'none/dir', 'none'],
    ] as const) {
      expect(await refusalOf(() => planTo(name))).toEqual([
        'RENDER_FOLDER_REFUSED',
        `Folder '${path.join(folder, above)}': must be a folder that is there, as a plan is written into it, got ${found}; make it, or choose another file with --terraform-plan`,
      ]);
    }
    expect(existsSync(path.join(folder, 'none'))).toBe(false);
    expect([...contentOf('')]).toEqual([['file', 'mine']]);
  });

  test('refuses a stack without a cloud, one that there is not, and charts beside it', async () => {
    expect(await refusalOf(() => planTo('plan.json', 'staging'))).toEqual([
      'STACK_WITHOUT_CLOUD',
      "Stack 'staging': must make resources of AWS to have a plan of Terraform, got none; choose another one with --stack",
    ]);
    expect(await refusalOf(() => planTo('plan.json', 'stage'))).toMatchObject([
      'STACK_UNKNOWN',
      expect.anything(),
    ]);
    const [code, message] = await refusalOf(() => planTo('plan.json', 'prod', 'out'));
    expect([code, message]).toEqual(['RENDER_FOLDER_REFUSED', expect.stringContaining('got both')]);
    expect(existsSync(path.join(folder, 'plan.json'))).toBe(false);
  });
});
