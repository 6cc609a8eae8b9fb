import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { CodedError } from '@meridian/language/coded-error.ts';
import { until } from '@meridian/provider-local/agent/testing/test-zone.ts';
import type { DevelopedProgram } from './developed-program.ts';
import { Development } from './development.ts';
import { WATCHED } from './plan.ts';
import { SourceWatch } from './source-watch.ts';
import { SmallService } from './testing/small-service.ts';

jest.setTimeout(60_000);

const CONTRACT = 'services/web/contract/proto/web.proto';
const GENERATED = 'services/web/contract/gen/web_pb.js';

let small: SmallService;
let watch: SourceWatch;
let development: Development;
let program: DevelopedProgram;
let happened: string[];
let brokenContract: string | undefined;
/** Happens once, while code is generated from what was read before. */
let meanwhile: (() => void) | undefined;

function write(file: string, content: string): void {
  const whole = path.join(small.zone.folders.program, file);
  mkdirSync(path.dirname(whole), { recursive: true });
  writeFileSync(whole, content);
}

function read(file: string): string {
  return readFileSync(path.join(small.zone.folders.program, file), 'utf8');
}

/** What happens from now on until something that is served, or said, matches. */
async function next(what: RegExp): Promise<readonly string[]> {
  await until(`'${String(what)}'`, () => happened.some((line) => what.test(line)), 30_000);
  return happened.splice(0);
}

beforeAll(async () => {
  small = await SmallService.start();
  write(GENERATED, 'export const contract = 0;');
});
beforeEach(async () => {
  happened = [];
  brokenContract = undefined;
  meanwhile = undefined;
  program = {
    services: [small.developed],
    withoutCode: [],
    edgeUrl: 'https://localhost:9443',
    structure: 'as it was',
  };
  const { folders } = small.zone;
  watch = new SourceWatch(folders.program, WATCHED, (files) => {
    happened.push(`saw ${files.length}`);
    void development.changed(files);
  });
  development = new Development(
    {
      folders,
      exclusively: (work) => work(),
      say: (line) => happened.push(line),
      started: () => happened.push('started'),
      showsLog: () => false,
      served: () => happened.push('served'),
      nodeFlags: () => [],
      sourcesOf: () => ['services/web/main.ts', GENERATED, 'services/web/part-1.ts'],
      look: () => watch.look(),
      lower: () => Promise.resolve(program),
      deploy: () => {
        happened.push('deployed');
        return Promise.resolve();
      },
      generate: () => {
        if (brokenContract !== undefined) {
          return Promise.reject(new CodedError('COMMAND_FAILED', brokenContract));
        }
        return watch.hold(() => {
          const contract = read(CONTRACT);
          meanwhile?.();
          meanwhile = undefined;
          write(GENERATED, `export const contract = ${JSON.stringify(contract)};`);
          return Promise.resolve(program);
        });
      },
    },
    program,
    ['web'],
  );
  await development.begin();
  expect(await next(/served/)).toEqual(['started', 'served']);
});
afterEach(async () => {
  watch.close();
  await development.stop();
  await small.reset();
});
afterAll(() => small.zone.dispose());

describe('development', () => {
  test('lets a save take over', async () => {
    small.save({ answer: 'second' });
    await next(/served/);
    expect(await small.ask()).toBe('second');
  });

  test('takes a checkout of 200 files for one change', async () => {
    small.save({ answer: 'second' });
    for (let part = 0; part < 200; part += 1) write(`services/web/part-${part}.ts`, 'part();');
    expect((await next(/served/)).filter((line) => line === 'started')).toHaveLength(1);
    expect(await small.ask()).toBe('second');
  });

  test('lets the last of several saves take over, and none of the others', async () => {
    small.save({ answer: 'second', first: 'await new Promise((go) => setTimeout(go, 60_000));' });
    await next(/started/);
    small.save({ answer: 'third', first: 'await new Promise((go) => setTimeout(go, 60_000));' });
    await next(/started/);
    small.save({ answer: 'fourth' });
    expect((await next(/served/)).filter((line) => line === 'served')).toHaveLength(1);
    expect(await small.ask()).toBe('fourth');
  });

  test('says why code does not load, and goes on with the next save', async () => {
    small.save({ answer: 'second', first: "import './not-there.ts';" });
    await next(/the old goes on:\n(.|\n)*not-there\.ts/);
    expect(await small.ask()).toBe('first');
    small.save({ answer: 'third' });
    await next(/served/);
    expect(await small.ask()).toBe('third');
  });

  test('generates when a contract has changed, and lets what came of it take over', async () => {
    write(CONTRACT, `syntax = "proto3"; // ${Date.now()}`);
    expect(await next(/served/)).toEqual(['saw 1', 'started', 'served']);
  });

  test('generates again when a contract is saved while an earlier one is generated', async () => {
    meanwhile = () => write(CONTRACT, 'saved meanwhile');
    write(CONTRACT, 'saved before');
    expect(await next(/served/)).toEqual(['saw 1', 'started', 'served']);
    expect(read(GENERATED)).toContain('saved meanwhile');
  });

  test('lets what a contract gave take over once a later one, broken meanwhile, is corrected', async () => {
    meanwhile = () => {
      write(CONTRACT, 'syntax = ;');
      brokenContract = 'web.proto:1:1: syntax error';
    };
    write(CONTRACT, 'sound');
    expect((await next(/syntax error/)).filter((line) => line === 'started')).toEqual([]);
    brokenContract = undefined;
    write(CONTRACT, 'sound');
    await next(/served/);
  });

  test('lets what a contract gave take over with a save that came while it was loaded', async () => {
    const gate = path.join(small.zone.folders.program, 'gate');
    writeFileSync(gate, '');
    small.save({
      answer: 'second',
      first: `const { existsSync } = await import('node:fs');
while (!existsSync(${JSON.stringify(gate)})) await new Promise((go) => setTimeout(go, 10));`,
    });
    await next(/served/);
    rmSync(gate);
    write(CONTRACT, 'loads slowly');
    await next(/started/);
    write('services/other/main.ts', `saved(${Date.now()});`);
    await next(/saw/);
    writeFileSync(gate, '');
    await next(/served/);
  });

  test('says what is wrong with a contract, and leaves what runs as it is', async () => {
    brokenContract = 'web.proto:1:1: syntax error';
    write(CONTRACT, 'syntax = ;');
    expect((await next(/syntax error/)).filter((line) => line === 'started')).toEqual([]);
    brokenContract = undefined;
    small.save({ answer: 'second' });
    await next(/served/);
    expect(await small.ask()).toBe('second');
  });

  test('has Pulumi apply a migration before the code that needs it takes over', async () => {
    program = { ...program, structure: 'with one more migration' };
    write('services/web/migrations/0002_more.sql', 'alter table web add column more text;');
    small.save({ answer: 'second' });
    const order = (await next(/served/)).filter((line) => /^(deployed|started|served)/.test(line));
    expect(order).toEqual(['deployed', 'started', 'served']);
  });

  test('says what to do about other packages, and goes on', async () => {
    write('package.json', JSON.stringify({ version: String(Date.now()) }));
    expect((await next(/npm ci/)).filter((line) => line === 'started')).toEqual([]);
    small.save({ answer: 'second' });
    await next(/served/);
  });

  test('lets the edited code go on when it ends', async () => {
    small.save({ answer: 'second' });
    await next(/served/);
    await development.stop();
    expect((await small.replicas()).filter((replica) => replica.endsWith('ready'))).toHaveLength(1);
    expect(await small.ask()).toBe('second');
  });
});
