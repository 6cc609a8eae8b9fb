import { getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import type { DescField, DescMessage, DescMethod } from '@bufbuild/protobuf';
import { http } from '@meridian/kit/contract/gen/google/api/annotations_pb.js';
import type { HttpRule } from '@meridian/kit/contract/gen/google/api/http_pb.js';
import { raw_webhook } from '@meridian/kit/contract/gen/meridian/type/v1/method_options_pb.js';
import { parsePathTemplate } from './path-template.ts';
import type { PathTemplate } from './path-template.ts';

/** The fields from a request message down to one field: `filter.category` is two steps. */
export type FieldPath = readonly [DescField, ...DescField[]];

/** One HTTP method and path by which an RPC is reached. */
export interface HttpBinding {
  readonly verb: string;
  readonly template: PathTemplate;
  readonly method: DescMethod;
  /** Position among the method's bindings: 0 for the main one, then `additional_bindings`. */
  readonly index: number;
  /** The request fields that the path sets, in its order. */
  readonly pathFields: readonly FieldPath[];
  /** What the request body is: nothing, the whole message or one field of it. */
  readonly body: 'none' | 'whole' | DescField;
  /** The request fields by which a read waits for a change; undefined for one that does not. */
  readonly waits: WaitFields | undefined;
  /** The response field that is the response body; undefined for the whole message. */
  readonly responseBody: DescField | undefined;
  /** What a method of webhooks gets of a request; absent for every method that users reach. */
  readonly webhook?: WebhookFields;
}

/** The fields of a request that get what was received of a webhook. */
export interface WebhookFields {
  /** Its bytes. */
  readonly body: DescField;
  /** Those of its headers that the contract names. */
  readonly headers: DescField & { readonly fieldKind: 'map' };
  /** In lower case. */
  readonly headerNames: readonly string[];
}

/** What a request says of a wait: which version its caller has, and for how long to wait for another. */
export interface WaitFields {
  readonly message: DescMessage;
  readonly ifNoneMatch: DescField;
  readonly wait: DescField;
}

/**
 * The HTTP bindings that a method's google.api.http annotation declares; empty without one.
 *
 * @throws {Error} naming the method if the annotation names fields that are not there or cannot be
 *   set from a path, or if the method streams: that is a mistake in a .proto file.
 */
export function httpBindings(method: DescMethod): readonly HttpBinding[] {
  if (!hasOption(method, http)) return [];
  if (method.methodKind !== 'unary') {
    throw new Error(
      `${method.parent.typeName}.${method.name}: a streaming method has no HTTP form`,
    );
  }
  const rule = getOption(method, http);
  return [rule, ...rule.additionalBindings].map((each, index) => bind(method, each, index));
}

/** Looks a field up by its name in the .proto file or its JSON name. */
export function findField(message: DescMessage, name: string): DescField | undefined {
  return message.fields.find((field) => field.name === name || field.jsonName === name);
}

/** The field of a request in which it names the version that a change is meant for (AIP-154). */
export function versionField({ fields }: DescMessage): DescField | undefined {
  return fields.find(
    ({ name, fieldKind, scalar }) =>
      name === 'etag' && fieldKind === 'scalar' && scalar === ScalarType.STRING,
  );
}

/** Resolves a dotted field path; undefined if a step is unknown or goes through a non-message. */
export function resolveFieldPath(message: DescMessage, path: string): FieldPath | undefined {
  const [first, ...others] = path.split('.');
  const head = findField(message, first ?? '');
  if (head === undefined) return undefined;
  const fields: [DescField, ...DescField[]] = [head];
  for (const name of others) {
    const parent: DescField | undefined = fields.at(-1);
    const next =
      parent?.fieldKind === 'message' && !isWellKnown(parent.message)
        ? findField(parent.message, name)
        : undefined;
    if (next === undefined) return undefined;
    fields.push(next);
  }
  return fields;
}

/** A message of google.protobuf, whose JSON form is its own (a string, a bare value, …). */
export function isWellKnown(message: DescMessage): boolean {
  return message.typeName.startsWith('google.protobuf.') && message.typeName !== EMPTY;
}

const EMPTY = 'google.protobuf.Empty';

function bind(method: DescMethod, rule: HttpRule, index: number): HttpBinding {
  const fail = (reason: string): never => {
    throw new Error(`${method.parent.typeName}.${method.name}: ${reason}`);
  };
  const [verb, path] = verbAndPath(rule) ?? fail('google.api.http names no HTTP method');
  const template = parsePathTemplate(path);
  const pathFields = template.variables.map(({ fieldPath }) => {
    const fields = resolveFieldPath(method.input, fieldPath);
    if (fields === undefined || !isPathField(fields)) {
      return fail(`'${fieldPath}' in '${path}' is not a single plain field of the request`);
    }
    return fields;
  });
  const body = ((): HttpBinding['body'] => {
    if (rule.body === '') return 'none';
    if (rule.body === '*') return 'whole';
    return findField(method.input, rule.body) ?? fail(`body '${rule.body}' is not a request field`);
  })();
  if (body !== 'none' && (verb === 'GET' || verb === 'DELETE')) fail(`${verb} takes no body`);
  const responseBody =
    rule.responseBody === ''
      ? undefined
      : (findField(method.output, rule.responseBody) ??
        fail(`response_body '${rule.responseBody}' is not a response field`));
  const waits = verb === 'GET' ? waitFields(method.input) : undefined;
  const webhook = hasOption(method, raw_webhook) ? webhookFields(method, rule, fail) : undefined;
  return {
    ...{ verb, template, method, index, pathFields, body, waits, responseBody },
    ...(webhook === undefined ? {} : { webhook }),
  };
}

/** Known by name and type, as the version that a change is for is; headers give them, never the query. */
function waitFields(message: DescMessage): WaitFields | undefined {
  const ifNoneMatch = findField(message, 'if_none_match');
  const wait = findField(message, 'wait');
  return ifNoneMatch?.scalar === ScalarType.STRING &&
    ifNoneMatch.fieldKind === 'scalar' &&
    wait?.message?.typeName === 'google.protobuf.Duration' &&
    wait.fieldKind === 'message'
    ? { message, ifNoneMatch, wait }
    : undefined;
}

/** Whether a field of the request is given by a header alone. */
export function isHeaderField({ waits }: HttpBinding, field: DescField): boolean {
  return field === waits?.ifNoneMatch || field === waits?.wait;
}

function webhookFields(
  method: DescMethod,
  rule: HttpRule,
  fail: (reason: string) => never,
): WebhookFields {
  const body = findField(method.input, 'body');
  const headers = findField(method.input, 'headers');
  if (rule.pattern.case !== 'post' || rule.body !== '') {
    return fail('a method of webhooks has a POST whose rule names no body');
  }
  if (body?.scalar !== ScalarType.BYTES) return fail("it lacks the field 'bytes body'");
  if (headers?.fieldKind !== 'map' || headers.scalar !== ScalarType.STRING) {
    return fail("it lacks the field 'map<string, string> headers'");
  }
  const { headers: headerNames } = getOption(method, raw_webhook);
  const unfit = headerNames.find((name) => !/^[a-z0-9-]{1,64}$/.test(name));
  if (unfit !== undefined) return fail(`'${unfit}' is not the name of a header in lower case`);
  return { body, headers, headerNames };
}

function verbAndPath({ pattern }: HttpRule): readonly [string, string] | undefined {
  switch (pattern.case) {
    case undefined:
      return undefined;
    case 'custom':
      return [pattern.value.kind.toUpperCase(), pattern.value.path];
    default:
      return [pattern.case.toUpperCase(), pattern.value];
  }
}

function isPathField(path: FieldPath): boolean {
  const leaf = path.at(-1);
  return (
    leaf?.fieldKind === 'enum' || (leaf?.fieldKind === 'scalar' && leaf.scalar !== ScalarType.BYTES)
  );
}
