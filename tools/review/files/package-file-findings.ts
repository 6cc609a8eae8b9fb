import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import type { Finding } from '../finding.ts';
import { sides } from '../resources/aspect.ts';
import type { ChangedText } from './changed-tree.ts';
import { lineOf } from './changed-tree.ts';

/** What decides which registries packages come from, and which programs npm runs. */
export const OF_PACKAGES = /(?:^|\/)(?:\.npmrc|package\.json)$/;

/** What a setting of npm is followed by, that says who somebody is. Source: npm 11, "npmrc", "Auth related configuration". */
const OF_CREDENTIALS = /(?:_authToken|_auth|_password|username|certfile|keyfile|\bkey|\bcert)$/i;

/** Settings of npm that a change of has a consequence of its own. Source: npm 11, "config". */
const CONSEQUENCES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|:)registry$/, 'packages come from there'],
  [/^(?:proxy|https-proxy|noproxy|cafile|ca|strict-ssl)$/, 'packages come by another way'],
  [/^script-shell$/, 'another program runs the scripts'],
];

/** What of the settings of npm, or of a package, is another: each setting, script and dependency by its name. */
export function packageFileFindings(changed: ChangedText): readonly Finding[] {
  return changed.file.endsWith('package.json') ? ofPackage(changed) : ofSettings(changed);
}

function ofSettings({ file, before, after }: ChangedText): readonly Finding[] {
  const [was, is] = [settingsIn(before), settingsIn(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])].toSorted();
  return names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({
      ...told(file, name, was.get(name), is.get(name)),
      consequence: consequenceOf(name, is.get(name)),
      at: { file, line: lineOf(is.has(name) ? after : before, name) },
    }));
}

function consequenceOf(name: string, value: string | undefined): string {
  if (name === 'ignore-scripts') {
    return value === 'true'
      ? 'no package runs anything when it is installed'
      : 'install scripts of packages run from now on';
  }
  if (OF_CREDENTIALS.test(name)) return 'npm signs in as somebody else';
  const [, consequence = 'npm does something else'] =
    CONSEQUENCES.find(([pattern]) => pattern.test(name)) ?? [];
  return consequence;
}

/** Settings as npm reads them: a name and a value on a line; '#' and ';' begin comments. */
function settingsIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.trim());
  return new Map(
    lines
      .filter((line) => line !== '' && !/^[#;]/.test(line))
      .map((line) => {
        const [name = '', ...value] = line.split('=');
        return [name.trim(), value.length === 0 ? 'true' : value.join('=').trim()];
      }),
  );
}

/** Scripts that npm runs by itself when it installs. Source: npm 11, "scripts", "Life Cycle Operation Order". */
const INSTALLING = /^(?:pre|post)?(?:install|prepare)$|^(?:prepublish|dependencies)$/;

function ofPackage({ file, before, after }: ChangedText): readonly Finding[] {
  const [was, is] = [parsed(before), parsed(after)];
  if (was === undefined || is === undefined) {
    return [
      {
        ...told(file, 'all of it', undefined, undefined),
        consequence: 'it cannot be read as JSON',
        at: { file, line: 1 },
      },
    ];
  }
  return changesBetween(was, is).map(({ path }) => {
    const [member = '', name = ''] = path.map(String);
    const place = name === '' ? member : `${member} ${path.slice(1).join('.')}`;
    const valueOf = (side: unknown): unknown =>
      path.reduce<unknown>(
        (found, key) =>
          typeof found === 'object' && found !== null
            ? (Reflect.get(found, key) as unknown)
            : undefined,
        side,
      );
    const text = valueOf(is) === undefined ? before : after;
    return {
      ...told(file, place, valueOf(was), valueOf(is)),
      consequence: ofMember(member, name),
      at: {
        file,
        line: lineOf(text, `"${path.findLast((key) => typeof key === 'string') ?? ''}"`),
      },
    };
  });
}

function ofMember(member: string, name: string): string {
  if (member === 'scripts') {
    return INSTALLING.test(name)
      ? 'npm runs it whenever packages are installed, unless scripts are off'
      : `who calls npm run ${name} runs it`;
  }
  if (/dependencies$/i.test(member))
    return 'npm installs another package, or another version of it';
  if (member === 'overrides') return 'npm installs something else than packages ask for';
  return 'npm, or what reads this file, does something else';
}

function told(file: string, property: string, was: unknown, is: unknown) {
  const shown = OF_CREDENTIALS.test(property)
    ? { before: hidden(was), after: hidden(is) }
    : sides({ before: was, after: is });
  return { kind: 'lockfile-changed', subject: file, among: 'files', property, ...shown } as const;
}

function hidden(value: unknown): string {
  return value === undefined ? 'none' : '[secret]';
}

function parsed(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    // Half of a merge, or no JSON: told as such.
    return undefined;
  }
}
