/**
 * Evaluates changes of the program and writes what each does, by what it then declares. Arguments: a file of
 * EvaluatedChanges, and one for a list of DeclaredChange. Run by declare-changes.ts.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type * as Landed from '@meridian/components/model/landed.ts';
// Before modules are watched, for which Node.js has a slower way to packages.
import '@pulumi/kubernetes';
import 'cdk8s-plus-28';
import { parse } from 'yaml';
import type * as Declared from '../../../infra/declared-file.ts';
import type * as Graph from '../../../infra/platform-graph.ts';
import type * as Staging from '../../../stacks/staging.ts';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';
import { remembered } from '../../meridian/rehearsal/remembered.ts';
import type { Finding } from '../finding.ts';
import { graphFindings } from '../graph/graph-findings.ts';
import { changedFile } from '../positions/changed-lines.ts';
import { placeOf } from '../positions/place-of.ts';
import type { EditedFiles } from './corpus-change.ts';
import type { DeclaredChange, EvaluatedChanges } from './declare-changes.ts';
import { EditedModules } from './edited-modules.ts';

const [, , given = '', told = ''] = process.argv;
const programFolder = path.resolve(import.meta.dirname, '../../..');
const { stack, changes } = JSON.parse(readFileSync(given, 'utf8')) as EvaluatedChanges;

/** The text of a file of the program without an edit; empty where there is none. */
const asItIs = remembered((file) => {
  const whole = path.join(programFolder, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : '';
});

const modules = new EditedModules(programFolder);
const base = await declared({});
const results: DeclaredChange[] = [];
for (const files of changes) results.push(await evaluated(files));
writeFileSync(told, JSON.stringify(results));

async function evaluated(files: EditedFiles): Promise<DeclaredChange> {
  const began = performance.now();
  modules.begin(files);
  try {
    const head = await declared(files);
    const findings = graphFindings(base, head).map((finding) => placed(files, head, finding));
    return { findings, milliseconds: performance.now() - began };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What the program declares, as the files of an edit have it. */
async function declared(files: EditedFiles): Promise<DeclaredPlatform> {
  const { landed } = await modules.load<typeof Landed>('components/model/landed.ts');
  const { declared, platform } = await modules.load<typeof Graph>('infra/platform-graph.ts');
  const { stagingSettings } = await modules.load<typeof Staging>('stacks/staging.ts');
  const { declaredPlatform } = await modules.load<typeof Declared>('infra/declared-file.ts');
  const settings = stagingSettings(rawSettings(files));
  const graph = landed(platform(settings));
  const readSource = (file: string): string => textOf(files, path.relative(programFolder, file));
  return await declaredPlatform({ graph, declared, settings, stack, programFolder, readSource });
}

/** The settings of the stack as its file has them, as Pulumi hands them to the program. */
function rawSettings(files: EditedFiles): Readonly<Record<string, string>> {
  const { config } = parse(textOf(files, `Pulumi.${stack}.yaml`)) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace('meridian:', ''), String(value)]),
  );
}

function placed(files: EditedFiles, head: DeclaredPlatform, finding: Finding): Finding {
  if (finding.from === undefined) return finding;
  const changed = new Map(
    Object.entries(files).map(([file, text]) => [file, changedFile(file, textOf({}, file), text)]),
  );
  const at = placeOf(finding.from, { base: base.positions, head: head.positions, changed });
  return at === undefined ? finding : { ...finding, at };
}

function textOf(files: EditedFiles, file: string): string {
  return files[file] ?? asItIs(file);
}
