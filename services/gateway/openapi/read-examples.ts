import { fromJson, toJson } from '@bufbuild/protobuf';
import type { DescMessage, DescService, JsonObject, JsonValue } from '@bufbuild/protobuf';
import { compileMessage } from '@meridian/kit/constraints/check-message.ts';
import { sampleOf, varyingIn } from '@meridian/kit/contract/example.ts';
import type { Example, Varying } from '@meridian/kit/contract/example.ts';
import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { httpBindings } from '../transcode/http-binding.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { fullName } from './comments.ts';
import type { ExampleTable, ShownExample } from './examples.ts';

/** The examples beside a contract, by the names of its methods in code. */
export type GivenExamples = Readonly<Record<string, readonly Example[] | undefined>>;

/**
 * Reads the examples of a contract. Each method with a way in for users must have one, and what it says
 * must fit the contract.
 *
 * @param place the file that has them, for messages.
 * @throws {Error} naming the method and the file
 */
export function readExamples(
  { methods }: DescService,
  given: GivenExamples,
  place: string,
): ExampleTable {
  return Object.fromEntries(
    methods.flatMap((method) => {
      const [binding] = httpBindings(method);
      if (binding === undefined || binding.webhook !== undefined) return [];
      const examples = given[method.localName] ?? [];
      const where = `Method '${fullName(method)}'`;
      if (examples.length === 0) {
        throw new Error(`${where}: must have an example, got none; write one in ${place}`);
      }
      return [
        [fullName(method), examples.map((each) => shownExample(binding, each, where, place))],
      ];
    }),
  );
}

function shownExample(
  { method, responseBody }: HttpBinding,
  { name, summary, as, request, response, gives = [], after = [], last = false }: Example,
  where: string,
  place: string,
): ShownExample {
  const problem = (what: string, cause?: unknown): Error =>
    new Error(`${where}: its example '${name}' ${what}; change it in ${place}`, { cause });
  const asked = sampleOf(request) as JsonObject;
  const violations = new FieldViolations();
  try {
    const message = fromJson(method.input, asked);
    compileMessage(method.input)?.(message, '', violations);
  } catch (cause) {
    throw problem(`must be a ${method.input.typeName}: ${String(cause)}`, cause);
  }
  if (violations.summary() !== '') throw problem(`must fit the contract: ${violations.summary()}`);
  const differing = [...varyingIn(response)];
  const pointers = (which: (value: Varying) => boolean): readonly string[] =>
    differing.flatMap(([pointer, value]) => (which(value) ? [pointer] : []));
  try {
    return {
      ...{ name, summary, as, after, last, request: asked },
      response: whole(responseBody?.message ?? method.output, sampleOf(response) as JsonValue),
      varies: pointers(({ isUsed }) => !isUsed),
      gives: pointers((value) => gives.includes(value)),
    };
  } catch (cause) {
    throw problem(`must have an answer of the method: ${String(cause)}`, cause);
  }
}

/** As the gateway writes it, with the fields that hold their default. */
function whole(message: DescMessage, body: JsonValue): JsonValue {
  return toJson(message, fromJson(message, body), { alwaysEmitImplicit: true });
}
