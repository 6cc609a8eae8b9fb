import { describeProblem } from '@meridian/components/model/validate/problem.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { z } from 'zod';
import { jsonFault } from './json-fault.ts';

/** Settings of a stack as Pulumi gives them: text by key, without the project's name. */
export type RawSettings = Readonly<Record<string, string>>;

/** A whole number of a range, both ends included. */
export function wholeNumber([least, most]: readonly [least: number, most: number]) {
  const isInRange = (text: string): boolean =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.string().refine(isInRange, rule).transform(Number);
}

/** Yes or no. */
export function trueOrFalse() {
  return z
    .enum(['true', 'false'], "must be 'true' or 'false'")
    .transform((text) => text === 'true');
}

/** A text that fits the pattern; `allowed` says in words what fits. */
export function textOf(pattern: RegExp, allowed: string): z.ZodString {
  return z.string(`must be ${allowed}`).regex(pattern, `must be ${allowed}`);
}

/** A JSON object of texts that all fit the pattern; whoever uses it checks its keys. */
export function textsOf(pattern: RegExp, allowed: string) {
  return jsonObject('must be a JSON object of texts').pipe(
    z.record(z.string(), textOf(pattern, allowed)),
  );
}

/** A JSON text that fits a schema; `rule` says in words what fits. */
export function jsonSetting<T>(schema: z.ZodType<T>, rule: string) {
  return z.string().transform((text, context): T => {
    const read = schema.safeParse(jsonOf(text), { reportInput: true });
    if (read.success) return read.data;
    const fault = jsonFault(read.error.issues);
    context.addIssue({
      code: 'custom',
      message: rule,
      ...(fault === undefined ? {} : { params: { given: fault } }),
    });
    return z.NEVER;
  });
}

/** A JSON list of texts that all fit the pattern, none of them twice; `allowed` says in words what fits. */
export function textList(pattern: RegExp, allowed: string) {
  const list = z
    .array(z.string().regex(pattern))
    .refine((texts) => new Set(texts).size === texts.length);
  return jsonSetting(list, `must be a JSON list of ${allowed}`);
}

/** A JSON object of whole numbers, such as {"catalog": 6}; whoever uses it checks their range. */
export function countsByName() {
  const rule = 'must be a JSON object of whole numbers, such as {"catalog": 6}';
  const areCounts = (value: unknown): boolean =>
    Object.values(value as object).every(Number.isInteger);
  return jsonObject(rule).pipe(z.custom<Readonly<Record<string, number>>>(areCounts, rule));
}

/** A JSON object of objects of whole numbers, such as {"payment-provider": {"declinePercent": 5}}; the same. */
export function countsByNames() {
  const rule =
    'must be a JSON object of objects of whole numbers, such as {"payment-provider": {"declinePercent": 5}}';
  const areCounts = (value: unknown): boolean =>
    Object.values(value as object).every(
      (inner: unknown) =>
        typeof inner === 'object' &&
        inner !== null &&
        !Array.isArray(inner) &&
        Object.values(inner).every((count) => Number.isInteger(count) && Number(count) >= 0),
    );
  return jsonObject(rule).pipe(
    z.custom<Readonly<Record<string, Readonly<Record<string, number>>>>>(areCounts, rule),
  );
}

function jsonObject(rule: string) {
  return z.string().transform((text, context) => {
    const object = parseObject(text);
    if (object !== undefined) return object;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = jsonOf(text);
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return undefined;
  return parsed as Readonly<Record<string, unknown>>;
}

/** What a text says as JSON; undefined for one that is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** For a rule over several settings: it is asked where each of them is as it should be. */
export function ifValid(...keys: readonly string[]): z.core.$ZodSuperRefineParams {
  return { when: ({ issues }) => !issues.some(({ path }) => keys.includes(String(path?.[0]))) };
}

/**
 * Reads the settings of a stack by their schema, whose messages are rules such as 'must be …'. Throws
 * CodedError SETTINGS_INVALID with every problem, so that a user fixes them all at once.
 */
export function readSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  raw: RawSettings,
  file: string,
): z.output<z.ZodObject<Shape>> {
  const result = schema.safeParse(raw, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, { schema, raw, file }));
  throw new CodedError('SETTINGS_INVALID', problems.join('\n'), { problems });
}

interface Read {
  readonly schema: z.ZodObject;
  readonly raw: RawSettings;
  readonly file: string;
}

function problemsOf(issue: z.core.$ZodIssue, { schema, raw, file }: Read): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).map((key) => `'${key}'`);
    return issue.keys.map((key) =>
      describeProblem({
        subject: `Setting 'meridian:${key}'`,
        rule: `must be one of ${known.join(', ')}`,
        given: `'${key}'`,
        fix: `remove it from ${file} (pulumi config rm ${key})`,
      }),
    );
  }
  const [first, ...members] = issue.path.map(String);
  const key = String(first);
  // A member of a setting: Pulumi takes it by a path alone.
  const where = members.length === 0 ? key : `--path '${[key, ...members].join('.')}'`;
  const { given } = (issue.code === 'custom' ? issue.params : undefined) ?? {};
  const found: unknown = given ?? (issue.path.length > 1 ? issue.input : raw[key]);
  return [
    describeProblem({
      subject: `Setting '${withPrefix(issue.path.join('.'))}'`,
      rule: issue.message,
      given: `'${String(found)}'`,
      fix: `set it in ${file} (pulumi config set ${where} …)`,
    }),
  ];
}

/** Settings of the program's own have its name in front; those of a provider have the provider's already. */
function withPrefix(key: string): string {
  return key.includes(':') ? key : `meridian:${key}`;
}
