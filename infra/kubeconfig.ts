import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, YAMLParseError } from 'yaml';

/** Where a cluster's address and credentials may be told, as Pulumi's provider looks for them. */
export interface KubeconfigPlaces {
  /** Setting kubernetes:kubeconfig: a file, or the content of one. */
  readonly given: string | undefined;
  /** Setting kubernetes:context. @default the file's current one */
  readonly context: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
}

const WAY_OUT =
  'set kubernetes:kubeconfig (pulumi config set --secret kubernetes:kubeconfig …) or KUBECONFIG';

/**
 * What is wrong with the kubeconfig that a deployment would use: it must be there, be readable, and
 * have the context. Its content is told to nobody.
 */
export function kubeconfigProblems(places: KubeconfigPlaces): readonly string[] {
  const { given, context, environment } = places;
  if (given?.includes('\n') === true || given?.trimStart().startsWith('{') === true) {
    return contextProblems([['of kubernetes:kubeconfig', given]], context);
  }
  const files = filesOf(places);
  const found = files.filter((file) => existsSync(file));
  if (found.length > 0) {
    return contextProblems(
      found.map((file) => [`'${file}'`, readFileSync(file, 'utf8')] as const),
      context,
    );
  }
  // Inside a cluster the provider takes the pod's own account.
  if (given === undefined && environment['KUBERNETES_SERVICE_HOST'] !== undefined) return [];
  return [`Kubeconfig '${files.join(':')}': must be a file, got none; ${WAY_OUT}`];
}

function filesOf({ given, environment, home }: KubeconfigPlaces): readonly string[] {
  if (given !== undefined) return [given.replace(/^~(?=\/)/, home)];
  const listed = (environment['KUBECONFIG'] ?? '')
    .split(path.delimiter)
    .filter((file) => file !== '');
  return listed.length > 0 ? listed : [path.join(home, '.kube/config')];
}

interface Kubeconfig {
  readonly 'current-context'?: unknown;
  readonly contexts?: readonly { readonly name?: unknown }[];
}

function contextProblems(
  sources: readonly (readonly [place: string, text: string])[],
  wanted: string | undefined,
): readonly string[] {
  const parsed = sources.map(([place, text]) => [place, parseKubeconfig(text)] as const);
  const problems = parsed.flatMap(([place, config]) =>
    typeof config === 'string' ? [`Kubeconfig ${place}: must be ${config}; ${WAY_OUT}`] : [],
  );
  if (problems.length > 0) return problems;
  const configs = parsed.map(([, config]) => config).filter((config) => typeof config !== 'string');
  const names = configs.flatMap(({ contexts = [] }) => contexts.map(({ name }) => String(name)));
  const current = configs.map((config) => config['current-context']).find(Boolean);
  const name = wanted ?? (typeof current === 'string' ? current : '');
  if (names.includes(name)) return [];
  const known = names.map((one) => `'${one}'`).join(', ');
  const places = sources.map(([place]) => place).join(', ');
  return [
    `Kubeconfig ${places}: its context must be one of ${known === '' ? 'its contexts, of which it has none' : known}, got '${name}'; set kubernetes:context`,
  ];
}

/** The parsed file, or in words what it should be. */
function parseKubeconfig(text: string): Kubeconfig | string {
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed !== 'object' || parsed === null) return 'a YAML object, got something else';
    const config: { readonly contexts?: unknown } = parsed;
    return config.contexts === undefined || Array.isArray(config.contexts)
      ? parsed
      : "an object with a list 'contexts', got something else";
  } catch (error) {
    // The parser's message quotes the text, in which keys may lie.
    if (error instanceof YAMLParseError) {
      return `YAML, got an error in line ${error.linePos?.[0].line ?? 1}`;
    }
    throw error;
  }
}
