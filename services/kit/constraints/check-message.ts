import type { DescField, DescMessage, DescOneof } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { quote } from '../rpc/field-violations.ts';
import type { FieldViolations } from '../rpc/field-violations.ts';
import { compileValue } from './check-value.ts';
import type { CheckValue } from './check-value.ts';
import { isOneofRequired, neededField, readRules, refuseMessageRules } from './read-rules.ts';
import type { FieldRulesRead, ListRules, MapRules } from './rules.ts';
import { mustHave } from './words.ts';

/** A message as protobuf-es has it: properties by the local names of its fields and oneofs. */
type Plain = Readonly<Record<string, unknown>>;

/**
 * Notes what is wrong with a message at a path. Without violations to note, it stops at the first that it
 * finds. Returns whether nothing is wrong.
 */
export type CheckMessage = (
  message: Plain,
  path: string,
  violations: FieldViolations | undefined,
) => boolean;

type CheckField = (
  value: unknown,
  path: string,
  violations: FieldViolations | undefined,
) => boolean;

const compiled = new WeakMap<DescMessage, CheckMessage | 'anything'>();

/**
 * Compiles the `buf.validate` options of a message and of what it holds, once; undefined if anything is
 * accepted. No CEL: what these rules cannot say is code of the service.
 *
 * @throws {Error} for rules that are not checked here: a mistake in a .proto file
 */
export function compileMessage(desc: DescMessage): CheckMessage | undefined {
  const known = compiled.get(desc);
  if (known !== undefined) return known === 'anything' ? undefined : known;
  // A message that holds itself asks for its own check while it is being compiled.
  const holder: { check?: CheckMessage | undefined } = {};
  compiled.set(
    desc,
    (message, path, violations) => holder.check?.(message, path, violations) ?? true,
  );
  holder.check = compile(desc);
  compiled.set(desc, holder.check ?? 'anything');
  return holder.check;
}

function compile(desc: DescMessage): CheckMessage | undefined {
  if (desc.typeName.startsWith('google.protobuf.')) return undefined;
  refuseMessageRules(desc);
  const checks: CheckMessage[] = [];
  for (const field of desc.fields) {
    const check = compileField(field);
    if (check !== undefined) checks.push(check);
  }
  for (const oneof of desc.oneofs) {
    if (isOneofRequired(oneof)) checks.push(requireOne(oneof));
    for (const member of oneof.fields) {
      const needed = neededField(member);
      if (needed !== undefined) checks.push(requireBeside(oneof, member, needed));
    }
  }
  if (checks.length === 0) return undefined;
  return (message, path, violations) => {
    let good = true;
    for (const check of checks) {
      if (check(message, path, violations)) continue;
      if (violations === undefined) return false;
      good = false;
    }
    return good;
  };
}

/** That a member of a oneof is given; callers know its members, and not the name that holds them together. */
function requireOne({ fields, localName }: DescOneof): CheckMessage {
  const [first = '', ...others] = fields.map(({ name }) => name);
  return (message, path, violations) => {
    if ((message[localName] as { readonly case?: string }).case !== undefined) return true;
    const must = others.length === 0 ? 'must be given' : `must be given, or ${others.join(' or ')}`;
    violations?.add(at(path, first, violations), must);
    return false;
  };
}

/** That a field is given beside the member of a oneof that needs it. */
function requireBeside(oneof: DescOneof, member: DescField, needed: DescField): CheckMessage {
  return (message, path, violations) => {
    const { case: chosen } = message[oneof.localName] as { readonly case?: string };
    if (chosen !== member.localName || !isZero(message[needed.localName])) return true;
    violations?.add(at(path, needed.name, violations), `must be given with ${member.name}`);
    return false;
  };
}

/** The check of a field in its message; undefined if nothing is asked of it. */
function compileField(field: DescField): CheckMessage | undefined {
  const rules = readRules(field);
  if (rules.unchecked) return undefined;
  const check = compileContent(field, rules);
  if (check === undefined && !rules.required) return undefined;
  const { name, localName, oneof } = field;
  const implicit = field.presence === FeatureSet_FieldPresence.IMPLICIT;
  return (message, path, violations) => {
    const holder = oneof && (message[oneof.localName] as { case?: string; value?: unknown });
    const value =
      holder === undefined
        ? message[localName]
        : holder.case === localName
          ? holder.value
          : undefined;
    const absent = value === undefined || (implicit && isZero(value));
    if (absent && rules.required) {
      violations?.add(at(path, name, violations), 'must be given');
      return false;
    }
    if (value === undefined || (absent && rules.zeroToo) || check === undefined) return true;
    return check(value, at(path, name, violations), violations);
  };
}

/** The path of a part; nothing is put together while nobody wants to know. */
function at(path: string, name: string, violations: FieldViolations | undefined): string {
  if (violations === undefined) return '';
  return path === '' ? name : `${path}.${name}`;
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === 0n || value === false;
}

function compileContent(field: DescField, rules: FieldRulesRead): CheckField | undefined {
  switch (field.fieldKind) {
    case 'list':
      return compileList(field, rules);
    case 'map':
      return compileMap(field, rules);
    case 'message': {
      const inner = compileMessage(field.message);
      const own = noting(compileValue(rules.value, rules, undefined));
      if (inner === undefined) return own;
      return (value, path, violations) =>
        (own?.(value, path, violations) ?? true) && inner(value as Plain, path, violations);
    }
    default:
      return noting(compileValue(rules.value, rules, field.enum));
  }
}

function noting(check: CheckValue | undefined): CheckField | undefined {
  if (check === undefined) return undefined;
  return (value, path, violations) => {
    const wrong = check(value);
    if (wrong === undefined) return true;
    violations?.add(path, wrong);
    return false;
  };
}

function compileList(
  field: DescField & { fieldKind: 'list' },
  rules: FieldRulesRead,
): CheckField | undefined {
  const list: ListRules | undefined = rules.value?.kind === 'list' ? rules.value : undefined;
  const inner = field.message && compileMessage(field.message);
  const items = inner
    ? (item: unknown, path: string, violations: FieldViolations | undefined) =>
        inner(item as Plain, path, violations)
    : noting(compileValue(list?.items, rules, field.enum));
  if (list === undefined && items === undefined) return undefined;
  const { minItems = 0, maxItems = Infinity, unique = false } = list ?? {};
  return (value, path, violations) => {
    const entries = value as readonly unknown[];
    const { length } = entries;
    // Of a list that is too long nothing more is looked at.
    if (length < minItems || length > maxItems) {
      violations?.add(path, mustHave(list?.minItems, list?.maxItems, 'entries', length));
      return false;
    }
    if (unique && new Set(entries).size < length) {
      if (violations !== undefined) addTwice(entries, path, rules, violations);
      return false;
    }
    let good = true;
    for (let index = 0; items !== undefined && index < length; index++) {
      const place = violations === undefined ? '' : `${path}[${index}]`;
      if (items(entries[index], place, violations)) continue;
      if (violations === undefined) return false;
      good = false;
    }
    return good;
  };
}

/** Notes the first entry of a list that an earlier one has as well. */
function addTwice(
  entries: readonly unknown[],
  path: string,
  { quotable }: FieldRulesRead,
  violations: FieldViolations,
): void {
  const index = entries.findIndex((entry, at) => entries.indexOf(entry) < at);
  const got = quotable ? `got ${quote(String(entries[index]))}` : 'got the same';
  const first = `${path}[${entries.indexOf(entries[index])}]`;
  violations.add(`${path}[${index}]`, `must be given once, ${got} as in ${first}`);
}

function compileMap(
  field: DescField & { fieldKind: 'map' },
  rules: FieldRulesRead,
): CheckField | undefined {
  const map: MapRules | undefined = rules.value?.kind === 'map' ? rules.value : undefined;
  const inner = field.message && compileMessage(field.message);
  const keys = compileValue(map?.keys, rules, undefined);
  const values =
    inner ??
    noting(compileValue(map?.values, { ...rules, allowed: rules.allowedValues }, field.enum));
  if (map === undefined && values === undefined) return undefined;
  const { minPairs = 0, maxPairs = Infinity } = map ?? {};
  return (value, path, violations) => {
    const pairs = Object.entries(value as Readonly<Record<string, unknown>>);
    if (pairs.length < minPairs || pairs.length > maxPairs) {
      violations?.add(path, mustHave(map?.minPairs, map?.maxPairs, 'entries', pairs.length));
      return false;
    }
    let good = true;
    for (const [key, item] of pairs) {
      const place = violations === undefined ? '' : `${path}[${quote(key)}]`;
      const wrong = keys?.(key);
      if (wrong !== undefined) violations?.add(place, `key ${wrong}`);
      const fits = values?.(item as Plain, place, violations) ?? true;
      if (wrong === undefined && fits) continue;
      if (violations === undefined) return false;
      good = false;
    }
    return good;
  };
}
