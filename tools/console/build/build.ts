import { readFileSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { graphLayout } from '../layout/graph-layout.ts';
import { consoleConfiguration } from '../server/console-configuration.ts';
import { watchedAlerts } from '../views/alert-sight.ts';
import { bundlePage, bundleProgram } from './bundle.ts';

/**
 * Makes a folder with the console as it runs: the page, one file of program, the drawing of the graph and what its alerts
 * read. What this takes, above all memory, is gone before the console starts.
 */
async function buildConsole(configurationFile: string, into: string): Promise<void> {
  const { graphFile, rules } = consoleConfiguration(readFileSync(configurationFile, 'utf8'));
  const graph = JSON.parse(readFileSync(graphFile, 'utf8')) as PlatformGraph;
  const partial = `${into}.partial`;
  await rm(partial, { recursive: true, force: true });
  await bundlePage(path.join(partial, 'page'));
  await bundleProgram(partial);
  const alerts = watchedAlerts(platformRules(graph, rules));
  await writeFile(path.join(partial, 'alerts.json'), JSON.stringify(alerts));
  await writeFile(path.join(partial, 'layout.json'), JSON.stringify(await graphLayout(graph)));
  await rename(partial, into);
  await forgetOthers(into);
}

/** What was built of another state of the program is not needed again. */
async function forgetOthers(built: string): Promise<void> {
  const folder = path.dirname(built);
  const others = (await readdir(folder)).filter(
    (name) => name.startsWith('built-') && name !== path.basename(built),
  );
  for (const name of others) await rm(path.join(folder, name), { recursive: true, force: true });
}

const [, , configurationFile = '', into = ''] = process.argv;
await buildConsole(configurationFile, into);
