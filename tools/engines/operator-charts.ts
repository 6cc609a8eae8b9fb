import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { OPERATORS } from '../generators/manifest-schemas/sources.ts';
import { fillFolder } from './cache.ts';
import type { InstalledEngine, Progress } from './engine.ts';
import { downloadGoModule } from './go-module.ts';
import { goCommand } from './go-toolchain.ts';

/** A chart that lies in the module of its operator. */
interface ModuleChart {
  readonly operator: keyof typeof OPERATORS;
  /** In the module. */
  readonly folder: string;
  /** What is put in the place of a text of a file when the chart is released. */
  readonly released?: (version: string) => Readonly<Record<string, readonly Replacement[]>>;
}

type Replacement = readonly [text: string, by: string];

/**
 * Those of which there is one, by their names. Until they are released they have no version, and that of Envoy Gateway no image.
 * Source: Envoy Gateway 1.9.1, charts/gateway-helm/values.tmpl.yaml; trust-manager 0.25.0, deploy/charts/trust-manager/Chart.yaml
 */
const CHARTS = {
  'eck-operator': { operator: 'elasticsearch', folder: 'deploy/eck-operator' },
  'gateway-helm': {
    operator: 'envoy-gateway',
    folder: 'charts/gateway-helm',
    released: (version) => ({
      'Chart.yaml': [
        ['v0.0.0-latest', `v${version}`],
        ['appVersion: "latest"', `appVersion: "v${version}"`],
      ],
      'values.tmpl.yaml': [
        ['${GatewayImage}', `docker.io/envoyproxy/gateway:v${version}`],
        ['${GatewayImagePullPolicy}', 'IfNotPresent'],
      ],
    }),
  },
  'trust-manager': {
    operator: 'trust-manager',
    folder: 'deploy/charts/trust-manager',
    released: (version) => ({ 'Chart.yaml': [['v0.0.0', `v${version}`]] }),
  },
} as const satisfies Readonly<Record<string, ModuleChart>>;

/** The name of a chart that lies in the module of its operator. */
export type ModuleChartName = keyof typeof CHARTS;

/** The charts that are at hand. */
export const moduleCharts = Object.keys(CHARTS) as readonly ModuleChartName[];

/** The folder of a chart in the cache, ready to be installed. */
export function moduleChartFolder(cache: string, chart: ModuleChartName): string {
  return path.join(chartsFolder(cache), chart);
}

function chartsFolder(cache: string): string {
  return path.join(cache, 'operator-charts', version());
}

function version(): string {
  const pins = Object.values(CHARTS).map(({ operator, folder }) => [
    folder,
    OPERATORS[operator].sum,
  ]);
  return createHash('sha256').update(JSON.stringify(pins)).digest('hex').slice(0, 12);
}

/** Copies the charts out of the modules of their operators, as their projects release them. */
export async function installOperatorCharts(
  cache: string,
  progress: Progress,
): Promise<InstalledEngine> {
  const folder = chartsFolder(cache);
  if (!existsSync(folder)) {
    const go = await goCommand(cache, progress);
    await fillFolder(folder, async (temporary) => {
      for (const [name, chart] of Object.entries<ModuleChart>(CHARTS)) {
        const source = OPERATORS[chart.operator];
        progress.report(`Go module ${source.module}`);
        const module = await downloadGoModule(go, source);
        const replaced = chart.released?.(source.version) ?? {};
        copyChart(path.join(module, chart.folder), path.join(temporary, name), replaced);
      }
      chmodSync(temporary, 0o755);
    });
  }
  return { name: 'operator-charts', version: version(), folder, source: "the operators' modules" };
}

/** A module's files may not be written to, so their texts are copied, and not their modes. */
function copyChart(
  from: string,
  to: string,
  replaced: Readonly<Record<string, readonly Replacement[]>>,
): void {
  const entries = readdirSync(from, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.relative(from, path.join(entry.parentPath, entry.name));
    const text = (replaced[file] ?? []).reduce(
      (changed, [given, by]) => changed.replaceAll(given, by),
      readFileSync(path.join(from, file), 'utf8'),
    );
    const target = path.join(to, file.replace(/^values\.tmpl\.yaml$/, 'values.yaml'));
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, text, { mode: 0o644 });
  }
}
