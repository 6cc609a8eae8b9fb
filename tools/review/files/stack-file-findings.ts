import { changesBetween } from '@meridian/provider-rehearsal/provider/detailed-diff.ts';
import { pathText } from '@meridian/provider-rehearsal/provider/property-path.ts';
import { isRecord } from '@meridian/provider-rehearsal/provider/property-values.ts';
import { parse } from 'yaml';
import { shortDigest } from '../digest/short-digest.ts';
import type { Finding } from '../finding.ts';
import { short } from '../resources/aspect.ts';
import { lineOf } from './changed-tree.ts';

/** A file of a stack's settings, or of the program's own. */
export const PULUMI_FILE = /^Pulumi(?:\.[\w-]+)?\.yaml$/;

/** Settings that say who is trusted with money or programs, and what is told of them. */
const SETTINGS: Readonly<Record<string, Pick<Finding, 'kind' | 'consequence'>>> = {
  'meridian:externals': {
    kind: 'external-changed',
    consequence: 'what is sent to a system outside goes to another one',
  },
  'meridian:registry': {
    kind: 'image-changed',
    consequence: 'every program of the platform comes from there',
  },
};

/**
 * Secrets that another ciphertext stands for, each by its name, and what Pulumi itself is told. What settings mean is told of
 * the resources that follow from them.
 */
export function stackFileFindings(file: string, before: string, after: string): readonly Finding[] {
  const [was, is] = [parsed(before), parsed(after)];
  if (was === undefined || is === undefined) {
    return [
      {
        kind: 'unknown-change',
        subject: file,
        among: 'files',
        consequence: 'it cannot be read as YAML',
        at: { file, line: 1 },
      },
    ];
  }
  const places = changesBetween(was, is).map(({ path }) => path);
  const secret = places.filter((path) => path.at(-1) === 'secure' || hasSecure(was, is, path));
  const isOfProgram = file === 'Pulumi.yaml';
  const salt = places.filter(([first]) =>
    ['encryptionsalt', 'encryptedkey', 'secretsprovider'].includes(String(first)),
  );
  return [
    ...secret.map((path): Finding => {
      const name = path
        .filter((key) => key !== 'secure' && key !== 'config')
        .map(String)
        .join('.');
      return {
        kind: 'secret-changed',
        subject: name,
        among: 'secrets',
        property: file,
        consequence: 'it has another value, or the same is encrypted again',
        at: { file, line: lineOf(after, String(path.find((key) => key !== 'config'))) },
      };
    }),
    ...salt.map((path): Finding => ({
      kind: 'trust-changed',
      subject: file,
      among: 'files',
      property: String(path[0]),
      consequence: 'secrets of the stack are encrypted by another key',
      at: { file, line: lineOf(after, String(path[0])) },
    })),
    ...Object.entries(SETTINGS).flatMap(([name, row]) =>
      settingChanges(name, settingIn(was, name), settingIn(is, name)).map((told): Finding => ({
        ...{ ...row, ...told, subject: name, among: 'settings' },
        at: { file, line: lineOf(after, name) },
      })),
    ),
    ...(isOfProgram ? places : []).map((path): Finding => ({
      kind: 'provider-changed',
      subject: file,
      among: 'files',
      property: pathText(path),
      consequence: 'Pulumi runs another program, or other providers',
      at: { file, line: lineOf(after, String(path.at(-1))) },
    })),
  ];
}

/** A setting of a stack, which may be JSON in a text; a secret one is told as such. */
function settingIn(file: unknown, name: string): unknown {
  const config = isRecord(file) ? file['config'] : undefined;
  const value = isRecord(config) ? config[name] : undefined;
  return isRecord(value) && 'secure' in value
    ? undefined
    : typeof value === 'string'
      ? (parsed(value) ?? value)
      : value;
}

function settingChanges(
  name: string,
  was: unknown,
  is: unknown,
): readonly Pick<Finding, 'property' | 'before' | 'after'>[] {
  const [before, after] = [{ [name]: was }, { [name]: is }];
  return changesBetween(before, after).map(({ path }) => ({
    ...(path.length === 1 ? {} : { property: pathText(path.slice(1)) }),
    before: short(withoutSecrets(valueOf(before, path))),
    after: short(withoutSecrets(valueOf(after, path))),
  }));
}

/** Addresses in a text, from what follows their scheme; each pattern takes as long as the text is, whoever wrote it. */
const ADDRESSES = /:\/\/[^\s"']+/g;
/** What of an address is somebody's to keep: who signs in with which password, and what a query hands over. */
const SIGN_IN = /(?<=:\/\/)[^/?#@]+(?=@)/g;
const HANDED_OVER = /([?&][^?=&#]*=)([^&#]+)/g;

/** A value with each of those by its digest, so that another one is seen to be another. */
function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(ADDRESSES, (address) =>
      address
        .replaceAll(SIGN_IN, (given) => shortDigest(given))
        .replaceAll(
          HANDED_OVER,
          (_all, name: string, given: string) => `${name}${shortDigest(given)}`,
        ),
    );
  }
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutSecrets(member)]),
  );
}

function valueOf(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null
        ? (Reflect.get(found, key) as unknown)
        : undefined,
    value,
  );
}

function hasSecure(was: unknown, is: unknown, path: readonly (string | number)[]): boolean {
  return [was, is].some((side) => {
    const value = path.reduce<unknown>(
      (found, key) => (isRecord(found) ? found[String(key)] : undefined),
      side,
    );
    return isRecord(value) && typeof value['secure'] === 'string';
  });
}

function parsed(text: string): unknown {
  try {
    return parse(text) as unknown;
  } catch {
    // Half of a merge, or no YAML: told as such.
    return undefined;
  }
}
