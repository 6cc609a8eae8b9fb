import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { parseAllDocuments } from 'yaml';
import { isRecord } from './property-values.ts';
import type { Properties } from './property-values.ts';

/** The program that renders charts, and the Kubernetes for which it does. */
export interface Helm {
  /** Of the executable. */
  readonly file: string;
  /** Such as '1.36.3'; many charts ask. */
  readonly kubernetes: string;
  /** Wraps its command where charts may be anybody's. @default it runs as this user */
  readonly confined?: ConfinedHelm;
}

/** Gives the command that runs another one where it can do no harm. */
export type ConfinedHelm = (
  file: string,
  args: readonly string[],
) => {
  readonly argv: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
};

/** A release of a chart in a folder or an archive. */
export interface LocalRelease {
  readonly name: string;
  readonly namespace: string;
  /** From the folder in which Pulumi runs the program. */
  readonly chart: string;
  readonly values: Properties;
}

/** What Helm made of a release: its objects, or what it said against the chart or its values. */
export type Rendered = { readonly objects: readonly Properties[] } | { readonly problem: string };

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

const MOST_MS = 120_000;

/** Renders releases by `helm template`, each once as long as nothing of it changes. */
export function helmTemplate(folder: string, helm: Helm) {
  const rendered = new Map<string, Rendered>();
  return (release: LocalRelease): Rendered => {
    const key = JSON.stringify(release);
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const { name, namespace, chart, values } = release;
    const made = run(
      { helm, folder },
      [
        ...['template', `--namespace=${namespace}`, `--kube-version=${helm.kubernetes}`],
        // A name that looks like an option is a name.
        ...['--include-crds', '--values=-', '--', name, chart],
      ],
      JSON.stringify(values),
    );
    rendered.set(key, made);
    return made;
  };
}

function run(
  { helm, folder }: { readonly helm: Helm; readonly folder: string },
  args: readonly string[],
  input: string,
): Rendered {
  const { argv, environment } = helm.confined?.(helm.file, args) ?? {
    argv: [helm.file, ...args],
    // It looks for plugins and repositories of a user's, of which none is meant.
    environment: { HOME: tmpdir(), HELM_NO_PLUGINS: '1' },
  };
  const [file, ...rest] = argv;
  try {
    const output = execFileSync(file, rest, {
      cwd: folder,
      input,
      encoding: 'utf8',
      env: environment,
      maxBuffer: MOST_OUTPUT_BYTES,
      timeout: MOST_MS,
      killSignal: 'SIGKILL',
      stdio: 'pipe',
    });
    const objects = parseAllDocuments(output).map((document) => document.toJS() as unknown);
    return { objects: objects.filter(isRecord) };
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string };
    if (stderr === undefined) throw error;
    return { problem: told(stderr) };
  }
}

/** What it says on one line, without its advice for people who have its options at hand. */
function told(stderr: string): string {
  const text = stderr.replace(/^Error: /, '').replace(/Use --debug flag.*/s, '');
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
