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
}

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

/** Renders releases by `helm template`, each once as long as nothing of it changes. */
export function helmTemplate(folder: string, { file, kubernetes }: Helm) {
  const rendered = new Map<string, Rendered>();
  return (release: LocalRelease): Rendered => {
    const key = JSON.stringify(release);
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const { name, namespace, chart, values } = release;
    const made = run(
      { file, folder },
      [
        ...['template', name, chart, '--namespace', namespace],
        ...['--kube-version', kubernetes, '--include-crds', '--values', '-'],
      ],
      JSON.stringify(values),
    );
    rendered.set(key, made);
    return made;
  };
}

function run(
  { file, folder }: { readonly file: string; readonly folder: string },
  args: readonly string[],
  input: string,
): Rendered {
  try {
    const output = execFileSync(file, [...args], {
      cwd: folder,
      input,
      encoding: 'utf8',
      // It looks for plugins and repositories of a user's, of which none is meant.
      env: { HOME: tmpdir(), HELM_NO_PLUGINS: '1' },
      maxBuffer: MOST_OUTPUT_BYTES,
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
