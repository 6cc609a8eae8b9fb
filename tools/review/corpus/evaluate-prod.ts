/**
 * Evaluates changes of production's landings and writes what each makes of the resources of its clouds. Arguments: a file of
 * EditedFiles, one for each change, after an empty one for production as it is; a file for a list of EvaluatedProd; and 'whole',
 * to land what a change does not reach again too. Run by testing/evaluated-prod.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
// Before modules are watched, for which Node.js has a slower way to packages.
import '@pulumi/aws';
import '@pulumi/cloudflare';
import '@pulumi/kubernetes';
import 'cdk8s-plus-28';
import '@pulumi/random';
import { EditedModules } from './edited-modules.ts';
import type { EditedFiles } from './corpus-change.ts';
import { LandedProd } from './landed-prod.ts';
import type { CloudResource } from './record-clouds.ts';

/** What production is made of with some files edited, or why it cannot be made. */
export type EvaluatedProd =
  { readonly resources: readonly CloudResource[] } | { readonly error: string };

const [, , given = '', told = '', extent] = process.argv;
const changes = JSON.parse(readFileSync(given, 'utf8')) as readonly EditedFiles[];
const modules = new EditedModules(path.resolve(import.meta.dirname, '../../..'));
const prod = new LandedProd(modules, extent === 'whole');
const results: EvaluatedProd[] = [];
for (const files of changes) results.push(await evaluated(files));
writeFileSync(told, JSON.stringify(results));

async function evaluated(files: EditedFiles): Promise<EvaluatedProd> {
  modules.begin(files);
  try {
    return { resources: await prod.resources() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
